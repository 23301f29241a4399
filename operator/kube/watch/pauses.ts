/** The pauses of something that starts again by itself: they grow with each failure, and health resets them. */
import { type KubeFailure, retryFor } from '../../base/failure.ts';
import { type BackoffPolicy, backoffMs, type Clock } from '../../base/time.ts';

export interface Pauses {
  /** Milliseconds to wait after one more failure: at most 10 s, unless the server asked for more. */
  afterFailure(failure: KubeFailure | undefined): number;
  /** Failures since the last time of health. */
  failures(): number;
}

/**
 * As client-go's reflector, 0.8 s doubled plus up to as much again, but up to 5 s instead of 30 s: a
 * watch that pauses is blind, and we hold few of them.
 */
const BACKOFF: BackoffPolicy = { baseMs: 800, capMs: 5_000, jitter: 1 };
/** Without a failure for this long after a pause, the next one starts from the beginning. */
const HEALTHY_AFTER_MS = 120_000;

/** No failures so far. `random` gives numbers in [0, 1). */
export function createPauses(clock: Clock, random: () => number): Pauses {
  let failures = 0;
  let resumedAtMs = clock.nowMs();
  return {
    afterFailure(failure) {
      failures = clock.nowMs() - resumedAtMs > HEALTHY_AFTER_MS ? 1 : failures + 1;
      const retry = failure === undefined ? undefined : retryFor(failure);
      const askedMs = retry?.kind === 'backoff' ? retry.notBeforeMs : 0;
      const pauseMs = Math.max(askedMs, backoffMs(BACKOFF, failures, random));
      resumedAtMs = clock.nowMs() + pauseMs;
      return pauseMs;
    },
    failures: () => failures,
  };
}
