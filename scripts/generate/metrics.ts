/** The metrics of the operator as Markdown. */
import { METRICS } from '../../operator/telemetry/metrics.ts';
import type { MetricDeclaration } from '../../operator/telemetry/registry.ts';
import { code, table } from './markdown.ts';

const HEADER = `<!-- Generated from operator/telemetry/metrics.ts by \`npm run generate\`. Do not edit. -->

# Metrics

\`/metrics\` on \`--metrics-address\` answers in Prometheus' text format 0.0.4. Metrics that
controller-runtime or client-go have keep their names, so that their dashboards work; those of this
operator begin with \`ingressha_\`. A metric with labels appears with its first value.

`;

/** The content of docs/reference/metrics.md. */
export function metricsContent(): string {
  const metrics: readonly MetricDeclaration[] = Object.values(METRICS);
  const rows = metrics.map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ]);
  const buckets = metrics.flatMap((metric) =>
    metric.buckets === undefined ? [] : [[code(metric.name), metric.buckets.join(', ')]],
  );
  return [
    `${HEADER}${table(['metric', 'type', 'labels', 'meaning'], rows)}`,
    `## Buckets\n\nUpper bounds in seconds; \`+Inf\` follows.\n\n${table(['histogram', 'buckets'], buckets)}`,
  ].join('\n');
}
