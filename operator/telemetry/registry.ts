/**
 * Counters, gauges and histograms in Prometheus' text format 0.0.4. A metric is declared once, with
 * its labels; its samples appear with their first value (or at once, when it has no labels).
 */

export interface MetricDeclaration<Label extends string = string> {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds, ascending, for a histogram. +Inf is added. */
  readonly buckets?: readonly number[];
}

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** One value at the moment of a scrape. */
export interface Sample<Label extends string> {
  readonly labels: Labels<Label>;
  readonly value: number;
}

export interface Counter<Label extends string> {
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

export interface Histogram<Label extends string> {
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
  const families = new Map<string, () => readonly string[]>();

  function declare(declaration: MetricDeclaration, samples: () => readonly string[]): void {
    const { name, type, help } = declaration;
    if (families.has(name)) throw new Error(`The metric ${name} is declared twice`);
    const head = [`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`];
    families.set(name, () => [...head, ...samples()]);
  }

  return {
    counter(declaration) {
      const cells = createCells(declaration);
      declare(declaration, cells.lines);
      return {
        inc: (labels, by = 1) => cells.update(labels, (value) => value + by),
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
      return `${[...families.values()].flatMap((lines) => lines()).join('\n')}\n`;
    },
  };
}

function createCells<Label extends string>(declaration: MetricDeclaration<Label>) {
  const values = new Map<string, number>();
  const readers = new Set<() => readonly Sample<Label>[]>();
  if (declaration.labels.length === 0) values.set('', 0);
  const keyOf = (labels: Labels<Label>) => labelText(declaration, labels);

  function collected(): readonly (readonly [string, number])[] {
    return [...readers].flatMap((read) => {
      try {
        return read().map(({ labels, value }) => [keyOf(labels), value] as const);
      } catch {
        return [];
      }
    });
  }

  return {
    update: (labels: Labels<Label>, next: (value: number) => number): void => {
      const key = keyOf(labels);
      values.set(key, next(values.get(key) ?? 0));
    },
    remove: (labels: Labels<Label>): void => {
      values.delete(keyOf(labels));
    },
    value: (labels: Labels<Label>): number => values.get(keyOf(labels)) ?? 0,
    collect: (read: () => readonly Sample<Label>[]) => {
      readers.add(read);
      return (): void => {
        readers.delete(read);
      };
    },
    lines: (): readonly string[] => {
      const all = new Map([...values, ...collected()]);
      return [...all].map(([key, value]) => sampleLine(declaration.name, key, value));
    },
  };
}

interface HistogramCell {
  readonly counts: number[];
  count: number;
  sum: number;
}

function createHistogram<Label extends string>(declaration: MetricDeclaration<Label>) {
  const { name, buckets = [] } = declaration;
  const cells = new Map<string, HistogramCell>();

  function cellOf(key: string): HistogramCell {
    const found = cells.get(key) ?? { counts: buckets.map(() => 0), count: 0, sum: 0 };
    cells.set(key, found);
    return found;
  }

  function linesOf([key, cell]: [string, HistogramCell]): readonly string[] {
    const bounds = [...buckets.map(String), '+Inf'];
    let below = 0;
    const lines = bounds.map((bound, index) => {
      below += cell.counts[index] ?? cell.count - below;
      const labels = key === '' ? `le="${bound}"` : `${key},le="${bound}"`;
      return sampleLine(`${name}_bucket`, labels, below);
    });
    return [
      ...lines,
      sampleLine(`${name}_sum`, key, cell.sum),
      sampleLine(`${name}_count`, key, cell.count),
    ];
  }

  return {
    observe(labels: Labels<Label>, value: number) {
      const cell = cellOf(labelText(declaration, labels));
      const index = buckets.findIndex((bound) => value <= bound);
      if (index !== -1) cell.counts[index] = (cell.counts[index] ?? 0) + 1;
      cell.count += 1;
      cell.sum += value;
    },
    count: (labels: Labels<Label>) => cells.get(labelText(declaration, labels))?.count ?? 0,
    lines: (): readonly string[] => [...cells].flatMap(linesOf),
  };
}

function labelText<Label extends string>(
  { labels: names }: MetricDeclaration<Label>,
  labels: Labels<Label>,
): string {
  return names.map((name) => `${name}="${escapedLabel(labels[name])}"`).join(',');
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

function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}
