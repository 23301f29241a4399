/** What code holds of a metric: the ways to count. Labels are those of the declaration, as types. */
import type { Labels } from './declare.ts';

/** One value at the moment of a scrape, in the unit of the metric's name. */
export interface Sample<Label extends string> {
  readonly labels: Labels<Label>;
  readonly value: number;
}

/**
 * What counters and histograms share: the 0 before the first count, without which a rate misses that count.
 */
export interface Expecting<Label extends string> {
  /**
   * Asks `read` at every scrape which series are there: each is shown, with 0 until something was
   * counted. With a declared `owner`, series whose owner is not among them are dropped, and begin
   * at 0 if it comes back. `read` must not throw. A later call replaces the earlier one.
   */
  expect(read: () => Iterable<Labels<Label>>): void;
}

/** Asks for values at a scrape instead of keeping them. */
export interface Collecting<Label extends string> {
  /**
   * Asks `read` at every scrape; the returned function ends that. What it tells goes before what was
   * counted with the same labels. If it throws, its samples are missing from that page and nothing else.
   */
  collect(read: () => readonly Sample<Label>[]): () => void;
}

/** How often something happened, or how much of it, since the process began. */
export interface Counter<Label extends string> extends Expecting<Label>, Collecting<Label> {
  /** Adds `by`, which is finite and never negative. Default 1; 0 only makes the series appear. */
  inc(labels: Labels<Label>, by?: number): void;
  /** 0 for labels never seen. Without what `collect` tells. */
  value(labels: Labels<Label>): number;
}

/** How much of something there is now. */
export interface Gauge<Label extends string> extends Collecting<Label> {
  /** Any number; infinities are shown as `+Inf` and `-Inf`. */
  set(labels: Labels<Label>, value: number): void;
  /** Adds `by`, which may be negative, to what was set; to 0 if nothing was. */
  add(labels: Labels<Label>, by: number): void;
  /** Takes the series off the page, until it is set again. */
  remove(labels: Labels<Label>): void;
  /** 0 for labels never seen. Without what `collect` tells. */
  value(labels: Labels<Label>): number;
}

/** How values are distributed, in the unit of the metric’s name. */
export interface Histogram<Label extends string> extends Expecting<Label> {
  /** Counts a finite `value` in the first bucket whose bound is not below it. */
  observe(labels: Labels<Label>, value: number): void;
  /** How many values were observed; 0 for labels never seen. */
  count(labels: Labels<Label>): number;
}
