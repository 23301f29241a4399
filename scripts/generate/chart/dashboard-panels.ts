/** What the dashboard shows, row by row; dashboard.ts makes Grafana's JSON of it. */

export interface Query {
  readonly expr: string;
  /** Legend of each series; `{{label}}` is replaced by Grafana. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it means and what to look for: Grafana shows it at the title. */
  readonly description: string;
  readonly kind: 'stat' | 'lines' | 'bars' | 'states' | 'heatmap';
  /** Grafana's name of the unit. */
  readonly unit: string;
  /** Columns out of 24. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** From which value on which colour; the first is the colour below them all. */
  readonly colours?: readonly (readonly [colour: string, from?: number])[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The controllers of the chosen resources. */
const CONTROLLERS = 'namespace=~"$namespace", ingressha_dev_name=~"$resource"';
/** The chosen resources, as the operator names them. */
const RESOURCES = 'namespace=~"$namespace", name=~"$resource"';
const RATE = '$__rate_interval';
const RESOURCE = '{{namespace}}/{{ingressha_dev_name}}';

const leadership: Row = {
  title: 'Leadership',
  panels: [
    {
      title: 'Leaders',
      description: 'Replicas that say that they lead: 1 for each resource, and 0 for seconds only.',
      ...{ kind: 'stat', unit: 'short', width: 5 },
      colours: [['red'], ['green', 1], ['red', 2]],
      queries: [
        {
          expr: `sum by (namespace, ingressha_dev_name) (max by (namespace, ingressha_dev_name, pod) (leader_election_master_status{${CONTROLLERS}}))`,
          legend: RESOURCE,
        },
      ],
    },
    {
      title: 'Replicas that answer',
      description:
        'Controllers whose metrics can be read. With less than 2 there is nobody to take over.',
      ...{ kind: 'stat', unit: 'short', width: 5 },
      colours: [['red'], ['orange', 1], ['green', 2]],
      queries: [
        { expr: `sum by (namespace, ingressha_dev_name) (up{${CONTROLLERS}})`, legend: RESOURCE },
      ],
    },
    {
      title: 'Who leads, by the controllers',
      description: 'What each replica says of itself: 1 while it leads, 0 while it stands by.',
      ...{ kind: 'states', unit: 'short', width: 14 },
      colours: [['blue'], ['green', 1]],
      queries: [
        {
          expr: `max by (namespace, pod) (leader_election_master_status{${CONTROLLERS}})`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    {
      title: 'Who holds the Lease, by the operator',
      description:
        'The holder of each Lease, 1 under the name of its pod; 0 while the Lease is free. An expired holder still stands there.',
      ...{ kind: 'states', unit: 'short', width: 24 },
      colours: [['red'], ['green', 1]],
      queries: [
        {
          expr: `max by (namespace, name, pod) (ingressha_leader{${RESOURCES}})`,
          legend: '{{namespace}}/{{name}} {{pod}}',
        },
      ],
    },
    {
      title: 'Conditions that are not as wished',
      description:
        'What the status of a resource complains of, and since when: docs/operations.md tells what to do for each reason.',
      ...{ kind: 'states', unit: 'short', width: 16 },
      colours: [['orange']],
      queries: [
        {
          expr: `max by (namespace, name, type, reason) (ingressha_condition{${RESOURCES}, type!~"Reconciling|Stalled", status!="True"} or ingressha_condition{${RESOURCES}, type="Stalled"})`,
          legend: '{{namespace}}/{{name}} {{type}}: {{reason}}',
        },
      ],
    },
    {
      title: 'Age of the Lease',
      description:
        'Since its holder last renewed it, and the age at which it expires. A scrape catches it at any moment between two renewals.',
      ...{ kind: 'lines', unit: 's', width: 8 },
      queries: [
        {
          expr: `min by (namespace, name) (ingressha_lease_age_seconds{${RESOURCES}})`,
          legend: '{{namespace}}/{{name}}',
        },
        {
          expr: `max by (namespace, name) (ingressha_lease_duration_seconds{${RESOURCES}})`,
          legend: '{{namespace}}/{{name}} expires',
        },
      ],
    },
  ],
};

const failover: Row = {
  title: 'Failover',
  panels: [
    {
      title: 'Without a leader, 95 %',
      description:
        'From the last sign of life of a leader to its successor, over the range that is shown: an upper bound of the time without one.',
      ...{ kind: 'stat', unit: 's', width: 5 },
      colours: [['green'], ['orange', 10], ['red', 60]],
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (increase(ingressha_leaderless_seconds_bucket{${RESOURCES}}[$__range])))`,
          legend: '95 %',
        },
      ],
    },
    {
      title: 'Missing rights',
      description:
        'Rights that freeing a Lease needs and the operator lacks. A dead leader then has to expire.',
      ...{ kind: 'stat', unit: 'short', width: 5 },
      colours: [['green'], ['red', 1]],
      queries: [
        {
          expr: 'max by (namespace, right) (ingressha_assist_missing_right{namespace=~"$namespace"})',
          legend: '{{namespace}}: {{right}}',
        },
      ],
    },
    {
      title: 'Changes of leader',
      description:
        'Why the old leader ended, and what the operator did: `Cleared` is a Lease that it freed.',
      ...{ kind: 'bars', unit: 'short', width: 7 },
      queries: [
        {
          expr: `sum by (cause, assist) (increase(ingressha_failovers_total{${RESOURCES}}[${RATE}])) > 0`,
          legend: '{{cause}}: {{assist}}',
        },
      ],
    },
    {
      title: 'Refusals',
      description: 'Holders that the operator left to expire, by reason: docs/failover.md.',
      ...{ kind: 'bars', unit: 'short', width: 7 },
      queries: [
        {
          expr: `sum by (reason) (increase(ingressha_assist_refused_total{${RESOURCES}}[${RATE}])) > 0`,
          legend: '{{reason}}',
        },
      ],
    },
    heatmap(
      'Seconds without a leader',
      'Each change of leader in its bucket: from the last sign of life of the old one to the new one.',
      'ingressha_leaderless_seconds_bucket',
    ),
    heatmap(
      'Seconds to free a Lease',
      'The operator’s own share: from the news that decided it to the acknowledged write. The goals are 0.03 and 0.15 s.',
      'ingressha_assist_seconds_bucket',
    ),
  ],
};

const pushes: Row = {
  title: 'Pushes to the gateway',
  panels: [
    {
      title: 'Pushes',
      description:
        'Pushes of configuration by outcome. Only the leader pushes; failures alone mean that changes do not arrive.',
      ...{ kind: 'lines', unit: 'ops', width: 12 },
      queries: [
        {
          expr: `sum by (namespace, ingressha_dev_name, status) (rate(apisix_ingress_adc_sync_total{${CONTROLLERS}}[${RATE}]))`,
          legend: `${RESOURCE} {{status}}`,
        },
      ],
    },
    {
      title: 'Time of a push, 95 %',
      description: 'How long a push takes. One that outlives the Lease belongs to a former leader.',
      ...{ kind: 'lines', unit: 's', width: 12 },
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (namespace, ingressha_dev_name, le) (rate(apisix_ingress_adc_sync_duration_seconds_bucket{${CONTROLLERS}}[${RATE}])))`,
          legend: RESOURCE,
        },
      ],
    },
  ],
};

export const WATCHED: readonly Row[] = [leadership, failover, pushes];

function heatmap(title: string, description: string, buckets: string): Panel {
  const expr = `sum by (le) (increase(${buckets}{${RESOURCES}}[${RATE}]))`;
  return {
    ...{ title, description, kind: 'heatmap', unit: 's', width: 12 },
    queries: [{ expr, legend: '{{le}}' }],
  };
}
