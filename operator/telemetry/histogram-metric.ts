/** Histograms: how many values were at most each bound, their sum and their number. */
import type { MetricDeclaration } from './declare.ts';
import { sampleLine } from './exposition.ts';
import type { Histogram } from './handles.ts';
import { createSeries } from './series.ts';

/** A histogram as the registry keeps it: its handle, and its sample lines of this moment. */
export interface HistogramMetric<Label extends string> extends Histogram<Label> {
  lines(): Iterable<string>;
}

interface Distribution {
  /** Values in each bucket alone; those above the last bound are in `count` only. */
  readonly counts: number[];
  count: number;
  sum: number;
}

/** Counts each value once, and adds the buckets up when a page is written, as the format wants them. */
export function createHistogramMetric<Label extends string>(
  declaration: MetricDeclaration<Label>,
): HistogramMetric<Label> {
  const { name, buckets = [] } = declaration;
  const empty = (): Distribution => ({ counts: buckets.map(() => 0), count: 0, sum: 0 });
  const series = createSeries(declaration, empty);
  const bounds = [...buckets.map(String), '+Inf'];

  function* linesOf(text: string, { counts, count, sum }: Distribution) {
    let below = 0;
    for (const [index, bound] of bounds.entries()) {
      below += counts[index] ?? count - below;
      const labels = text === '' ? `le="${bound}"` : `${text},le="${bound}"`;
      yield sampleLine(`${name}_bucket`, labels, below);
    }
    yield sampleLine(`${name}_sum`, text, sum);
    yield sampleLine(`${name}_count`, text, count);
  }

  return {
    observe(labels, value) {
      const { value: seen } = series.cell(labels);
      const index = buckets.findIndex((bound) => value <= bound);
      if (index !== -1) seen.counts[index] = (seen.counts[index] ?? 0) + 1;
      seen.count += 1;
      seen.sum += value;
    },
    expect: series.expect,
    count: (labels) => series.peek(labels)?.count ?? 0,
    *lines() {
      for (const [text, seen] of series.shown()) yield* linesOf(text, seen);
    },
  };
}
