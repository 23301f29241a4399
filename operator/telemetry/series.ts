/**
 * The series of one metric: what was counted, by labels, and what is to be shown although nothing
 * was counted yet. Only what was counted is kept: the series of a thousand resources to which
 * nothing happened exist for the length of a scrape.
 */
import type { Labels, MetricDeclaration } from './declare.ts';
import { labelText } from './exposition.ts';

interface Cell<Value> {
  /** The text of the labels that name the owner; empty where there is none. */
  readonly owner: string;
  value: Value;
}

/** Values by labels, in the order of their first count. */
export interface Series<Label extends string, Value> {
  /** The labels as a sample line shows them. */
  textOf(labels: Labels<Label>): string;
  /** To count in; made with `zero()` at the first use. */
  cell(labels: Labels<Label>): { value: Value };
  /** What was counted; undefined for labels never used. Makes nothing. */
  peek(labels: Labels<Label>): Value | undefined;
  remove(labels: Labels<Label>): void;
  /** See `Expecting` of registry.ts. A later call replaces the earlier one. */
  expect(read: () => Iterable<Labels<Label>>): void;
  /**
   * For a scrape: the expected ones in the order in which they are told, then all others in the order
   * in which they were first counted. What belongs to an owner that is not expected is dropped first.
   */
  shown(): Iterable<readonly [text: string, value: Value]>;
}

/**
 * From so many counted series on, and again at each doubling, owners that are gone are looked for
 * without a scrape too: where nobody scrapes, nothing may pile up.
 */
const FIRST_TIDY_AT = 1_024;

/** Empty, but for the one series of a metric without labels, which is there from the start. */
export function createSeries<Label extends string, Value>(
  { labels: names, owner: ownerLabels = 0 }: MetricDeclaration<Label>,
  zero: () => Value,
): Series<Label, Value> {
  const cells = new Map<string, Cell<Value>>();
  let expected: (() => Iterable<Labels<Label>>) | undefined;
  let tidyAt = FIRST_TIDY_AT;
  /** Stands for every series that is expected and was never counted. Only ever read. */
  const nothing = zero();
  if (names.length === 0) cells.set('', { owner: '', value: zero() });

  const ownerNames = names.slice(0, ownerLabels);
  const textOf = (labels: Labels<Label>) => labelText(names, labels);
  const ownerOf = (labels: Labels<Label>) => labelText(ownerNames, labels);

  function dropSeriesOfGoneOwners(): void {
    if (expected === undefined || ownerLabels === 0 || cells.size === 0) return;
    const owners = new Set<string>();
    for (const labels of expected()) owners.add(ownerOf(labels));
    for (const [text, { owner }] of cells) {
      if (!owners.has(owner)) cells.delete(text);
    }
  }

  function tidy(): void {
    if (cells.size < tidyAt) return;
    dropSeriesOfGoneOwners();
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
    expect(read) {
      expected = read;
    },
    *shown() {
      dropSeriesOfGoneOwners();
      const others = new Set(cells.keys());
      for (const labels of expected?.() ?? []) {
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
