/**
 * The metrics of one process, and the page that a scrape gets: docs/adr/0035 says why it is our own.
 *
 * It promises, each with a test in test/telemetry/:
 * - a metric is declared once, and a declaration that Prometheus would refuse ends the start;
 * - metrics stand on the page in the order of their declarations, so the same state gives the same page;
 * - a metric without labels is there from the start with 0, any other series with its first value, or
 *   with 0 from the first scrape at which it is expected;
 * - the series of an owner go with it;
 * - a page is one moment: it is written without a pause, and a reader that throws loses only its own samples.
 */
import { declarationProblem, type MetricDeclaration } from './declare.ts';
import { headLines, pageOf } from './exposition.ts';
import type { Counter, Gauge, Histogram } from './handles.ts';
import { createHistogramMetric } from './histogram-metric.ts';
import { createNumberMetric } from './number-metric.ts';

/** Where metrics are declared, and from which a page is written. */
export interface Registry {
  /** Each throws for a name that is taken or a declaration that is wrong (`declarationProblem`): bugs. */
  counter<Label extends string>(declaration: MetricDeclaration<Label>): Counter<Label>;
  gauge<Label extends string>(declaration: MetricDeclaration<Label>): Gauge<Label>;
  histogram<Label extends string>(declaration: MetricDeclaration<Label>): Histogram<Label>;
  /** Everything as text of `EXPOSITION_CONTENT_TYPE`. */
  expose(): string;
}

/** The Content-Type of `expose()`. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** An empty registry; each has its own metrics, and nothing is shared between two. */
export function createRegistry(): Registry {
  const families = new Map<string, () => Iterable<string>>();

  function declare<Metric extends { lines(): Iterable<string> }>(
    declaration: MetricDeclaration,
    create: () => Metric,
  ): Metric {
    const { name } = declaration;
    if (families.has(name)) throw new Error(`The metric "${name}" is declared twice`);
    const problem = declarationProblem(declaration);
    if (problem !== undefined) throw new Error(problem);
    const head = headLines(declaration);
    const metric = create();
    families.set(name, function* lines() {
      yield* head;
      yield* metric.lines();
    });
    return metric;
  }

  return {
    counter: (declaration) => declare(declaration, () => createNumberMetric(declaration)),
    gauge: (declaration) => declare(declaration, () => createNumberMetric(declaration)),
    histogram: (declaration) => declare(declaration, () => createHistogramMetric(declaration)),
    expose: () => pageOf(families.values()),
  };
}
