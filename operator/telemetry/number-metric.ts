/** Counters and gauges: one number a series, counted here or asked for at the scrape. */
import type { Labels, MetricDeclaration } from './declare.ts';
import { sampleLine } from './exposition.ts';
import type { Counter, Gauge, Sample } from './handles.ts';
import { createSeries } from './series.ts';

/** A metric as the registry keeps it: its handle, and its sample lines of this moment. */
export interface NumberMetric<Label extends string> extends Counter<Label>, Gauge<Label> {
  lines(): Iterable<string>;
}

/**
 * One metric that is both a counter and a gauge; the registry gives out the half that was declared.
 * A series that a reader of `collect` tells stands for the counted one with the same labels.
 */
export function createNumberMetric<Label extends string>(
  declaration: MetricDeclaration<Label>,
): NumberMetric<Label> {
  const series = createSeries(declaration, () => 0);
  const readers = new Set<() => readonly Sample<Label>[]>();

  function collected(): readonly (readonly [text: string, value: number])[] {
    return [...readers].flatMap((read) => {
      try {
        return read().map(({ labels, value }) => [series.textOf(labels), value] as const);
      } catch {
        // The page is how one finds out: it must not fall with what it tells of.
        return [];
      }
    });
  }

  return {
    inc(labels, by = 1) {
      series.cell(labels).value += by;
    },
    add(labels, by) {
      series.cell(labels).value += by;
    },
    set(labels, value) {
      series.cell(labels).value = value;
    },
    remove: series.remove,
    value: (labels: Labels<Label>) => series.peek(labels) ?? 0,
    expect: series.expect,
    collect(read) {
      readers.add(read);
      return () => {
        readers.delete(read);
      };
    },
    *lines() {
      const read = new Map(collected());
      for (const [text, value] of series.shown()) {
        if (!read.has(text)) yield sampleLine(declaration.name, text, value);
      }
      for (const [text, value] of read) yield sampleLine(declaration.name, text, value);
    },
  };
}
