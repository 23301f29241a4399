/**
 * The series of one metric: what was counted, by labels, and what is to be shown although nothing
 * was. Only what was counted is kept, so that a thousand quiet owners cost nothing between scrapes.
 */

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

export interface MetricDeclaration<Label extends string = string> {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds, ascending, for a histogram. +Inf is added. */
  readonly buckets?: readonly number[];
  /** How many of the first labels name the owner, with which its series go. Default 0: none. */
  readonly owner?: number;
}

interface Cell<Value> {
  /** The text of the labels that name the owner; empty where there is none. */
  readonly owner: string;
  value: Value;
}

export interface Series<Label extends string, Value> {
  /** The labels as a sample line shows them. */
  textOf(labels: Labels<Label>): string;
  /** To count in; made with the first use. */
  cell(labels: Labels<Label>): { value: Value };
  peek(labels: Labels<Label>): Value | undefined;
  remove(labels: Labels<Label>): void;
  /** See `Expecting` of the registry. */
  expect(read: () => Iterable<Labels<Label>>): void;
  /** For a scrape: the expected ones first, then all others that were counted. */
  shown(): Iterable<readonly [text: string, value: Value]>;
}

/** Counted series of owners that may be gone are looked through when they are this many. */
const FIRST_TIDY_AT = 1_024;

export function createSeries<Label extends string, Value>(
  { labels: names, owner: ownerLabels = 0 }: MetricDeclaration<Label>,
  zero: () => Value,
): Series<Label, Value> {
  const cells = new Map<string, Cell<Value>>();
  let read: (() => Iterable<Labels<Label>>) | undefined;
  let tidyAt = FIRST_TIDY_AT;
  /** Only ever read. */
  const nothing = zero();
  if (names.length === 0) cells.set('', { owner: '', value: zero() });

  const textOf = (labels: Labels<Label>) => labelText(names, labels);
  const ownerOf = (labels: Labels<Label>) => labelText(names.slice(0, ownerLabels), labels);

  function forgetOthers(): void {
    if (read === undefined || ownerLabels === 0 || cells.size === 0) return;
    const owners = new Set<string>();
    for (const labels of read()) owners.add(ownerOf(labels));
    for (const [text, { owner }] of cells) {
      if (!owners.has(owner)) cells.delete(text);
    }
  }

  /** Also where nobody ever scrapes nothing may pile up. */
  function tidy(): void {
    if (cells.size < tidyAt) return;
    forgetOthers();
    tidyAt = Math.max(FIRST_TIDY_AT, 2 * cells.size);
  }

  return {
    textOf,
    cell(labels) {
      const text = textOf(labels);
      const found = cells.get(text);
      if (found !== undefined) return found;
      tidy();
      const made = { owner: ownerOf(labels), value: zero() };
      cells.set(text, made);
      return made;
    },
    peek: (labels) => cells.get(textOf(labels))?.value,
    remove(labels) {
      cells.delete(textOf(labels));
    },
    expect(which) {
      read = which;
    },
    *shown() {
      forgetOthers();
      const others = new Set(cells.keys());
      for (const labels of read?.() ?? []) {
        const text = textOf(labels);
        others.delete(text);
        yield [text, cells.get(text)?.value ?? nothing];
      }
      for (const [text, { value }] of cells) {
        if (others.has(text)) yield [text, value];
      }
    },
  };
}

/** Called for each label of each sample of a page, so it takes no detours. */
function labelText<Label extends string>(names: readonly Label[], labels: Labels<Label>): string {
  let text = '';
  for (const name of names) {
    if (text !== '') text += ',';
    text += `${name}="${escapedLabel(labels[name])}"`;
  }
  return text;
}

const ESCAPED = /[\\\n"]/;

function escapedLabel(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
