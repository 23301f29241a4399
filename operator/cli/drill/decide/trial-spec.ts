/** One trial of a drill, as it was decided on before anything is touched. */
import type { DrillSnapshot, Method, Target } from './drill-snapshot.ts';

/** The cause that the history of failovers shall have. */
export type Cause = 'Drill' | 'Switchover';

/** What is done, to which pod, and how it is measured. */
export interface TrialSpec {
  /** From 1. */
  readonly number: number;
  readonly method: Method;
  readonly cause: Cause;
  readonly snapshot: DrillSnapshot;
  readonly target: Target;
  /** Written to stderr just before the strike. */
  readonly message?: string;
  /** For `crash`: an image with node. Default: that of the pod's own sidecar. */
  readonly image?: string;
  /** How long to wait for the new leader's first push, in ms; missing: not at all. */
  readonly workWithinMs?: number;
}
