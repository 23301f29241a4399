/** One trial of a drill, as it was decided upon before anything is touched. */
import type { DrillSnapshot, Method, Target } from './safety.ts';

/** What history shall tell. */
export type Cause = 'Drill' | 'Switchover';

export interface TrialSpec {
  readonly number: number;
  readonly method: Method;
  readonly cause: Cause;
  readonly snapshot: DrillSnapshot;
  readonly target: Target;
  /** Told just before the strike. */
  readonly saying?: string;
  /** For `crash`. */
  readonly image?: string;
  /** How long to wait for the new leader's first push, in ms; missing: not at all. */
  readonly workWithinMs?: number;
}
