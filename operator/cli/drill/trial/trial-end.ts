/** How a trial ended. */
import type { Stop, Trial } from '../decide/verdict.ts';

/** `done`: it was measured, and `takenOverAtMs`, on the monotonic clock, is missing when nobody took over in time. */
export type TrialEnd =
  | { readonly kind: 'done'; readonly trial: Trial; readonly takenOverAtMs?: number }
  | { readonly kind: 'stopped'; readonly stop: Stop };

/** Nothing was measured, and no further trial begins. `why` is for the person. */
export function stopped(kind: Stop['kind'], why: string): TrialEnd {
  return { kind: 'stopped', stop: { kind, why } };
}
