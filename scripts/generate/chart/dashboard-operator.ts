/** The rows of the dashboard that are about the operator itself. */
import type { Panel, Query, Row } from './dashboard-panels.ts';

/** The operators, by the namespace that they run in. */
const OPERATORS = 'job="ingress-controller-ha", namespace=~"$operator"';
const RATE = '$__rate_interval';

const work: Row = {
  title: 'Operator: work',
  panels: [
    {
      title: 'Operators',
      description: 'The operator that leads, 1, and those that follow it with warm caches, 0.',
      ...{ kind: 'states', unit: 'short', width: 12 },
      colours: [['blue'], ['green', 1]],
      queries: [
        {
          expr: `max by (namespace, pod) (leader_election_master_status{${OPERATORS}}) or max by (namespace, pod) (0 * up{${OPERATORS}})`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    lines('Reconciliations', 'Passes over resources, by result. Idle, there are none.', 'ops', [
      { expr: total('controller_runtime_reconcile_total', 'result'), legend: '{{result}}' },
    ]),
    lines(
      'Failures',
      'Passes that failed, passes that only a person can mend (Stalled), and bugs.',
      'ops',
      [
        { expr: total('controller_runtime_reconcile_errors_total'), legend: 'failed' },
        { expr: total('controller_runtime_terminal_reconcile_errors_total'), legend: 'stalled' },
        { expr: total('controller_runtime_reconcile_panics_total'), legend: 'bugs' },
      ],
    ),
    lines('Time of a reconciliation', 'How long one pass takes.', 's', [
      { expr: quantile(0.5, 'controller_runtime_reconcile_time_seconds'), legend: '50 %' },
      { expr: quantile(0.99, 'controller_runtime_reconcile_time_seconds'), legend: '99 %' },
    ]),
    lines('Queue', 'Resources that wait for a worker, and workers at work.', 'short', [
      { expr: `sum(workqueue_depth{${OPERATORS}})`, legend: 'waiting' },
      { expr: `sum(controller_runtime_active_workers{${OPERATORS}})`, legend: 'at work' },
    ]),
    lines('Wait in the queue', 'How long a resource waits for a worker.', 's', [
      { expr: quantile(0.5, 'workqueue_queue_duration_seconds'), legend: '50 %' },
      { expr: quantile(0.99, 'workqueue_queue_duration_seconds'), legend: '99 %' },
    ]),
    lines(
      'Writes to children',
      'By kind, verb and result. In a steady state there are none.',
      'ops',
      [
        {
          expr: total('ingressha_applies_total', 'kind, verb, result'),
          legend: '{{verb}} {{kind}}: {{result}}',
        },
      ],
    ),
    lines('API requests', 'Requests to the API server, by method and status code.', 'reqps', [
      {
        expr: total('rest_client_requests_total', 'method, code'),
        legend: '{{method}} {{code}}',
      },
    ]),
  ],
};

const health: Row = {
  title: 'Operator: health',
  panels: [
    lines(
      'Silence of the watches',
      'Since when a watch has heard nothing. Up to 90 s are usual for a kind without news.',
      's',
      [
        {
          expr: 'max by (namespace, kind) (ingressha_watch_last_heard_seconds{namespace=~"$namespace"})',
          legend: '{{namespace}} {{kind}}',
        },
      ],
    ),
    lines(
      'Watches begun again',
      'By reason. `ended` is the API server’s usual end of a watch.',
      'ops',
      [
        {
          expr: `sum by (reason) (rate(ingressha_watch_restarts_total{namespace=~"$namespace"}[${RATE}]))`,
          legend: '{{reason}}',
        },
      ],
    ),
    lines('Memory', 'Resident memory, and the part of it that is heap in use.', 'bytes', [
      { expr: ofPod('process_resident_memory_bytes'), legend: '{{pod}} resident' },
      { expr: ofPod('nodejs_heap_size_used_bytes'), legend: '{{pod}} heap' },
    ]),
    lines('CPU', 'Share of one core.', 'percentunit', [
      {
        expr: `sum by (namespace, pod) (rate(process_cpu_seconds_total{${OPERATORS}}[${RATE}]))`,
        legend: '{{pod}}',
      },
    ]),
    lines(
      'Delay of the event loop',
      'How late the operator came to a task at the scrape. Much of it delays renewals and failovers.',
      's',
      [{ expr: ofPod('nodejs_eventloop_lag_seconds'), legend: '{{pod}}' }],
    ),
    lines('Versions', 'Operators by version; two only during an upgrade.', 'short', [
      { expr: `count by (version) (ingressha_build_info{${OPERATORS}})`, legend: '{{version}}' },
    ]),
  ],
};

export const OPERATOR: readonly Row[] = [work, health];

function lines(title: string, description: string, unit: string, queries: readonly Query[]): Panel {
  return { title, description, unit, queries, kind: 'lines', width: 12 };
}

/** Per second, all operators together. */
function total(counter: string, by?: string): string {
  const grouping = by === undefined ? '' : ` by (${by}) `;
  return `sum${grouping}(rate(${counter}{${OPERATORS}}[${RATE}]))`;
}

function quantile(share: number, histogram: string): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket{${OPERATORS}}[${RATE}])))`;
}

function ofPod(gauge: string): string {
  return `max by (namespace, pod) (${gauge}{${OPERATORS}})`;
}
