/** What a benchmark is: a name, and figures that come one by one while it runs. */
import type { Admin } from '../e2e/support/admin.ts';
import type { Testbed } from '../testbed/testbed.ts';

export interface Bench {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly summary: string;
  measure(context: BenchContext): AsyncGenerator<Figure, void, undefined>;
}

/** A benchmark that asks no cluster. */
export interface OfflineBench extends Pick<Bench, 'name' | 'summary'> {
  measure(context: OfflineContext): AsyncGenerator<Figure, void, undefined>;
}

export type OfflineContext = Omit<BenchContext, 'testbed' | 'admin'>;

export interface BenchContext {
  readonly testbed: Testbed;
  readonly admin: Admin;
  /** The bundled operator's entry file. */
  readonly entry: string;
  /** Repeats of a case; each bench scales its slow cases by it. */
  readonly trials: number;
  /** Only cases whose name holds this, in a bench that lets one choose; absent: all. */
  readonly only?: string;
  /** Image of the controller; absent: the testbed's stand-in. */
  readonly image?: string;
  /** Tells a human what goes on. */
  readonly progress: (line: string) => void;
}

/** One measured value. */
export interface Figure {
  readonly case: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: Unit;
  /** Largest value that is good enough; without it and `atLeast`: listed only. */
  readonly atMost?: number;
  /** Smallest value that is good enough. */
  readonly atLeast?: number;
}

export type Unit = 'ms' | 'MiB' | '%' | '1/s' | 'x' | 'count';

/** Digits behind the point that a measurement of this unit can honestly claim. */
export const DIGITS: Readonly<Record<Unit, number>> = {
  ms: 1,
  MiB: 1,
  '%': 2,
  '1/s': 2,
  x: 2,
  count: 2,
};

/** Decided on the value as measured, before it is rounded for display. */
export function isMet({ value, atMost = Infinity, atLeast = -Infinity }: Figure): boolean {
  return atLeast <= value && value <= atMost;
}
