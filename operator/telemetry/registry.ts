/**
 * Counters, gauges and histograms in Prometheus' text format 0.0.4. A metric is declared once, with
 * its labels; its samples appear with their first value, or at once when it has no labels or when
 * they are expected.
 */
import type { Labels, MetricDeclaration } from './series.ts';
import { createSeries } from './series.ts';

/** One value at the moment of a scrape. */
export interface Sample<Label extends string> {
  readonly labels: Labels<Label>;
  readonly value: number;
}

/** What counters and histograms share, since a rate needs the 0 before the first count. */
export interface Expecting<Label extends string> {
  /**
   * Asks `read` at every scrape which series are there: each is shown, with 0 until something was
   * counted. Whatever belongs to an owner that is not among them is forgotten.
   */
  expect(read: () => Iterable<Labels<Label>>): void;
}

export interface Counter<Label extends string> extends Expecting<Label> {
  /** Adds `by` (default 1, never negative). */
  inc(labels: Labels<Label>, by?: number): void;
  /** Asks `read` at every scrape for totals that are counted elsewhere; the returned function ends that. */
  collect(read: () => readonly Sample<Label>[]): () => void;
  /** 0 for labels never seen. */
  value(labels: Labels<Label>): number;
}

export interface Gauge<Label extends string> {
  set(labels: Labels<Label>, value: number): void;
  add(labels: Labels<Label>, by: number): void;
  remove(labels: Labels<Label>): void;
  /** Asks `read` at every scrape; the returned function ends that. */
  collect(read: () => readonly Sample<Label>[]): () => void;
  /** 0 for labels never seen. */
  value(labels: Labels<Label>): number;
}

export interface Histogram<Label extends string> extends Expecting<Label> {
  observe(labels: Labels<Label>, value: number): void;
  /** How many values were observed. */
  count(labels: Labels<Label>): number;
}

export interface Registry {
  counter<Label extends string>(declaration: MetricDeclaration<Label>): Counter<Label>;
  gauge<Label extends string>(declaration: MetricDeclaration<Label>): Gauge<Label>;
  histogram<Label extends string>(declaration: MetricDeclaration<Label>): Histogram<Label>;
  /** Everything as text, for a scrape. A `collect` that throws loses its samples and nothing else. */
  expose(): string;
}

/** The Content-Type of `expose()`. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** An empty registry. Declaring a name twice throws: a bug. */
export function createRegistry(): Registry {
  const families = new Map<string, () => Iterable<string>>();

  function declare(declaration: MetricDeclaration, samples: () => Iterable<string>): void {
    const { name, type, help } = declaration;
    if (families.has(name)) throw new Error(`The metric ${name} is declared twice`);
    const head = [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`];
    families.set(name, function* lines() {
      yield* head;
      yield* samples();
    });
  }

  return {
    counter(declaration) {
      const cells = createCells(declaration);
      declare(declaration, cells.lines);
      return {
        inc: (labels, by = 1) => cells.update(labels, (value) => value + by),
        expect: cells.expect,
        collect: cells.collect,
        value: cells.value,
      };
    },
    gauge(declaration) {
      const cells = createCells(declaration);
      declare(declaration, cells.lines);
      return {
        set: (labels, value) => cells.update(labels, () => value),
        add: (labels, by) => cells.update(labels, (value) => value + by),
        remove: cells.remove,
        collect: cells.collect,
        value: cells.value,
      };
    },
    histogram(declaration) {
      const histogram = createHistogram(declaration);
      declare(declaration, histogram.lines);
      return histogram;
    },
    expose() {
      return pageOf(families.values());
    },
  };
}

/** Lines are joined a few at a time: of a large page only its text is held, not each line. */
const JOINED_LINES = 256;

function pageOf(families: Iterable<() => Iterable<string>>): string {
  const chunks: string[] = [];
  const pending: string[] = [];
  for (const lines of families) {
    for (const line of lines()) {
      if (pending.push(line) < JOINED_LINES) continue;
      chunks.push(pending.join('\n'));
      pending.length = 0;
    }
  }
  return `${[...chunks, ...pending].join('\n')}\n`;
}

function createCells<Label extends string>(declaration: MetricDeclaration<Label>) {
  const series = createSeries(declaration, () => 0);
  const readers = new Set<() => readonly Sample<Label>[]>();

  function collected(): readonly (readonly [string, number])[] {
    return [...readers].flatMap((read) => {
      try {
        return read().map(({ labels, value }) => [series.textOf(labels), value] as const);
      } catch {
        return [];
      }
    });
  }

  return {
    update: (labels: Labels<Label>, next: (value: number) => number): void => {
      const cell = series.cell(labels);
      cell.value = next(cell.value);
    },
    remove: series.remove,
    value: (labels: Labels<Label>): number => series.peek(labels) ?? 0,
    expect: series.expect,
    collect: (read: () => readonly Sample<Label>[]) => {
      readers.add(read);
      return (): void => {
        readers.delete(read);
      };
    },
    *lines(): Iterable<string> {
      const read = new Map(collected());
      for (const [key, value] of series.shown()) {
        if (!read.has(key)) yield sampleLine(declaration.name, key, value);
      }
      for (const [key, value] of read) yield sampleLine(declaration.name, key, value);
    },
  };
}

interface Distribution {
  readonly counts: number[];
  count: number;
  sum: number;
}

function createHistogram<Label extends string>(declaration: MetricDeclaration<Label>) {
  const { name, buckets = [] } = declaration;
  const empty = (): Distribution => ({ counts: buckets.map(() => 0), count: 0, sum: 0 });
  const series = createSeries(declaration, empty);
  const bounds = [...buckets.map(String), '+Inf'];

  function* linesOf(key: string, { counts, count, sum }: Distribution) {
    let below = 0;
    for (const [index, bound] of bounds.entries()) {
      below += counts[index] ?? count - below;
      const labels = key === '' ? `le="${bound}"` : `${key},le="${bound}"`;
      yield sampleLine(`${name}_bucket`, labels, below);
    }
    yield sampleLine(`${name}_sum`, key, sum);
    yield sampleLine(`${name}_count`, key, count);
  }

  return {
    observe(labels: Labels<Label>, value: number) {
      const { value: seen } = series.cell(labels);
      const index = buckets.findIndex((bound) => value <= bound);
      if (index !== -1) seen.counts[index] = (seen.counts[index] ?? 0) + 1;
      seen.count += 1;
      seen.sum += value;
    },
    expect: series.expect,
    count: (labels: Labels<Label>) => series.peek(labels)?.count ?? 0,
    *lines(): Iterable<string> {
      for (const [key, seen] of series.shown()) yield* linesOf(key, seen);
    },
  };
}

function sampleLine(name: string, labels: string, value: number): string {
  return `${name}${labels === '' ? '' : `{${labels}}`} ${formatted(value)}`;
}

function formatted(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
