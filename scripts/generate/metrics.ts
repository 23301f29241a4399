/** The metrics of the operator as Markdown. */

import type { MetricDeclaration } from '../../operator/telemetry/declare.ts';
import { METRICS } from '../../operator/telemetry/metrics.ts';
import { code, table } from './markdown.ts';

const HEADER = `<!-- Generated from operator/telemetry/metrics.ts by \`npm run generate\`. Do not edit. -->

# Metrics

\`/metrics\` on \`--metrics-address\` answers in Prometheus' text format 0.0.4. Metrics that
controller-runtime or client-go have keep their names, so that their dashboards work; those of this
operator begin with \`ingressha_\`.

Counters and histograms of controller-runtime, the work queue and the election are there with 0 from the
start. Those that name a resource are there from its first sight, with the combinations of labels that are
usual for its \`failover.mode\`; any other begins with its first count. All of them go with the resource.
Everything else appears with its first value.

\`ingressha_…\` metrics with \`namespace\` and \`name\` are about a resource, and those labels have to win over the
ones of the scraped pod (\`honorLabels: true\`, as the chart's PodMonitor sets it). Gauges of that kind are told
by every operator, the leader and those that follow it: take the \`max\` (of an age the \`min\`), never the sum. Counters
count in the one that leads, so sums are right.

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
