/** What the monitoring of the chart is made of, and which metrics it may use. */
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import type { MetricDeclaration } from '../../../operator/telemetry/declare.ts';
import { METRICS } from '../../../operator/telemetry/metrics.ts';

/** Turns it all on. */
export const ALL_ON = [
  '--set',
  'podMonitor.enabled=true,prometheusRule.enabled=true,dashboard.enabled=true',
];

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export interface Dashboard {
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly Panel[];
}

/** Of the PrometheusRule among `objects`. */
export function alertsOf(objects: readonly KubeObject[]): readonly Alert[] {
  const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
  return rules
    .flatMap(({ spec }) => (spec as { groups: readonly { rules: readonly Alert[] }[] }).groups)
    .flatMap((group) => group.rules);
}

/** The ConfigMaps with a dashboard among `objects`. */
export function dashboardsOf(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name?.endsWith('.dashboard'),
  );
}

/** The panels that show something, without the titles of the rows. */
export function panelsOf({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type }) => type !== 'row');
}

/**
 * Metrics of the controllers and their labels: pkg/metrics/metrics.go in
 * apache/apisix-ingress-controller 2.0.0 to 2.2.0, and client-go's own.
 */
const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  leader_election_master_status: ['name'],
  apisix_ingress_adc_sync_total: ['config_name', 'resource_type', 'status'],
  apisix_ingress_adc_sync_duration_seconds_bucket: ['config_name', 'resource_type', 'status', 'le'],
};

/** Every series that an expression may name, with the labels of its own. */
export const KNOWN: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ...CONTROLLERS,
  ...Object.fromEntries(Object.values<MetricDeclaration>(METRICS).flatMap(seriesOf)),
};

/** Labels of every target, as our PodMonitors and the Prometheus Operator set them. */
export const TARGET_LABELS = ['job', 'instance', 'namespace', 'pod', 'ingressha_dev_name'];

function seriesOf({ name, type, labels }: MetricDeclaration): [string, readonly string[]][] {
  if (type !== 'histogram') return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}
