/** The pauses of a reflector after failures: client-go's BackoffManager. */
import { type KubeFailure, retryFor } from '../../base/failure.ts';
import { type BackoffPolicy, backoffMs, type Clock } from '../../base/time.ts';

/** How long to wait after a failure, and how often there was one. */
export interface Backoff {
  /**
   * Milliseconds to wait after one more failure: 0.8 to 10 s, or as long as the server asked for if that is longer.
   * `undefined`: a failure that no answer of the server explains.
   */
  next(failure: KubeFailure | undefined): number;
  /** Failures in a row, 0 at the beginning. */
  failures(): number;
}

/**
 * The defaultBackoff… of client-go v0.37 (tools/cache/reflector.go), 0.8 s doubled plus up to as much again, but capped
 * at 5 s instead of 30 s: while it waits nothing is seen, and this program has few reflectors.
 */
const POLICY: BackoffPolicy = { baseMs: 800, capMs: 5_000, jitter: 1 };
/** Without a failure for this long after a pause, the next one starts from the beginning. client-go's defaultBackoffReset. */
const RESET_AFTER_MS = 120_000;

/** Without a failure so far. `random` gives numbers in [0, 1). */
export function createBackoff(clock: Clock, random: () => number): Backoff {
  let failures = 0;
  let resumedAtMs = clock.nowMs();
  return {
    next(failure) {
      failures = clock.nowMs() - resumedAtMs > RESET_AFTER_MS ? 1 : failures + 1;
      const retry = failure === undefined ? undefined : retryFor(failure);
      const askedMs = retry?.kind === 'backoff' ? retry.notBeforeMs : 0;
      const pauseMs = Math.max(askedMs, backoffMs(POLICY, failures, random));
      resumedAtMs = clock.nowMs() + pauseMs;
      return pauseMs;
    },
    failures: () => failures,
  };
}
