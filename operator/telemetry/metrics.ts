/**
 * Every metric of this program, in one table: the docs are generated from it, the chart's alerts are
 * held to it, and the code reads its types from it. Its order is that of the page and of the docs.
 */

import type { MetricDeclaration } from './declare.ts';
import { CLIENT_METRICS } from './families/client.ts';
import { CONTROLLER_METRICS } from './families/controller.ts';
import { INGRESSHA_METRICS } from './families/ingressha.ts';
import { PROCESS_METRICS } from './families/process.ts';
import { WORKQUEUE_METRICS } from './families/workqueue.ts';
import type { Counter, Gauge, Histogram } from './handles.ts';
import { createRegistry, type Registry } from './registry.ts';

/** Value of the label `controller`, as controller-runtime would derive it from the kind. */
export const CONTROLLER = 'ingresscontrollerha';

/** Declarations by the name under which code reaches them. */
export const METRICS = {
  ...CONTROLLER_METRICS,
  ...WORKQUEUE_METRICS,
  ...CLIENT_METRICS,
  ...INGRESSHA_METRICS,
  ...PROCESS_METRICS,
} as const;

type Declarations = typeof METRICS;

/** `metrics.reconcileTotal.inc({ controller, result })`: each entry of the table, with its labels. */
export type Metrics = {
  readonly [K in keyof Declarations]: Declarations[K] extends {
    readonly type: infer Type;
    readonly labels: readonly (infer Label extends string)[];
  }
    ? Handle<Type, Label>
    : never;
};

type Handle<Type, Label extends string> = Type extends 'counter'
  ? Counter<Label>
  : Type extends 'gauge'
    ? Gauge<Label>
    : Histogram<Label>;

/** `metrics` to count, and `registry` to show what was counted. */
export interface MetricsSetup {
  readonly metrics: Metrics;
  readonly registry: Registry;
}

/** All metrics of the table in a registry of their own, with nothing counted. */
export function createMetrics(): MetricsSetup {
  const registry = createRegistry();
  const handles = Object.entries(METRICS).map(([key, declaration]) => [
    key,
    handle(registry, declaration),
  ]);
  return { metrics: Object.fromEntries(handles) as Metrics, registry };
}

function handle(registry: Registry, declaration: MetricDeclaration) {
  switch (declaration.type) {
    case 'counter':
      return registry.counter(declaration);
    case 'gauge':
      return registry.gauge(declaration);
    case 'histogram':
      return registry.histogram(declaration);
  }
}
