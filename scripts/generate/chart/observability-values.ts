/** What others watch and reach: the network, Prometheus and Grafana. All of it is off by default. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  group,
  INTERVAL,
  leaf,
  OBJECTS,
  OPTIONAL_LABEL,
  STRINGS,
  SWITCH,
  TEXT,
  type Value,
} from './value.ts';

const PORTS = {
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { type: 'integer', minimum: 1, maximum: 65_535 },
} as const;

/** One file each. */
const ALERTS = readdirSync(join(import.meta.dirname, '../../../chart/files/alerts'))
  .map((file) => basename(file, '.yaml'))
  .toSorted();

const NAMESPACE = leaf(
  'Where it is created. Empty: the namespace of the release.',
  OPTIONAL_LABEL,
  '',
);

export const observabilityValues: Readonly<Record<string, Value>> = {
  networkPolicy: group('A NetworkPolicy for the operator’s pods.', {
    enabled: leaf(
      'Create it: out to the API server, in to metrics only, and to probes from the pod’s own node.',
      SWITCH,
      false,
    ),
    apiServerPorts: leaf('Ports of the API server.', PORTS, [443, 6443]),
    metricsFrom: leaf(
      'Who may read the metrics, as `from` of a NetworkPolicy. Empty: everyone.',
      OBJECTS,
      [],
    ),
    probesFrom: leaf(
      'Who else may reach the probes, as `from` of a NetworkPolicy. Empty: only the pod’s own node, which Kubernetes always lets in. Name the nodes’ addresses (`ipBlock`) if your network plugin does not.',
      OBJECTS,
      [],
    ),
  }),
  podMonitor: group(
    'PodMonitors of the Prometheus Operator: for the operator, and for the controllers.',
    {
      enabled: leaf('Create them.', SWITCH, false),
      namespace: NAMESPACE,
      labels: leaf('Further labels, such as the one your Prometheus selects by.', STRINGS, {}),
      annotations: leaf('Annotations.', STRINGS, {}),
      interval: leaf('Pause between two scrapes.', INTERVAL, '30s'),
      scrapeTimeout: leaf('How long one may take.', INTERVAL, '10s'),
      relabelings: leaf('Relabelings of the targets.', OBJECTS, []),
      metricRelabelings: leaf('Relabelings of the metrics.', OBJECTS, []),
    },
  ),
  prometheusRule: group('A PrometheusRule with alerts.', {
    enabled: leaf('Create it.', SWITCH, false),
    namespace: NAMESPACE,
    labels: leaf('Further labels, such as the one your Prometheus selects by.', STRINGS, {}),
    annotations: leaf('Annotations.', STRINGS, {}),
    excludeRules: leaf(
      'Names of alerts to leave out.',
      { type: 'array', uniqueItems: true, items: { type: 'string', enum: ALERTS } },
      [],
    ),
    runbookUrl: leaf(
      'Where docs/runbooks is published; each alert then links its page there. Empty: no links.',
      TEXT,
      '',
    ),
  }),
  dashboard: group('A ConfigMap with a Grafana dashboard, as Grafana’s sidecar finds it.', {
    enabled: leaf('Create it.', SWITCH, false),
    namespace: NAMESPACE,
    labels: leaf('Labels by which the sidecar finds it.', STRINGS, { grafana_dashboard: '1' }),
    annotations: leaf('Annotations, such as the folder of the sidecar.', STRINGS, {}),
  }),
};
