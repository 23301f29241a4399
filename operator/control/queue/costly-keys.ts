/**
 * Which keys cost the API server much and change nothing, and how long each waits for that:
 * decide/plan/costly.ts.
 */
import type { Clock } from '../../base/time.ts';
import { costlyInARow, pauseAfterCostlyMs } from '../../decide/plan/costly.ts';
import type { Outcome } from '../../decide/plan/outcome.ts';

/**
 * For so long after an answer, in ms, the API server counts as available; our own Lease is renewed more
 * often.
 */
const ANSWERED_WITHIN_MS = 10_000;

/** Counts for each key. */
export class CostlyKeys {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #inARow = new Map<string, number>();
  #answeredAtMs: number | undefined;

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** A request of ours has ended with this status code, or with `<error>` for no answer. */
  answered(code: string): void {
    const status = Number(code);
    // From 500 on it may be the answer of a proxy for a server that is not available.
    if (status >= 200 && status < 500) this.#answeredAtMs = this.#clock.nowMs();
  }

  /** A reconcile of `key` has ended. Returns how long it has to wait at least, in ms; 0 for nearly all. */
  ended(key: string, reconciled: { readonly outcome: Outcome; readonly tookMs: number }): number {
    const answeredAtMs = this.#answeredAtMs;
    const othersAnswered =
      answeredAtMs !== undefined && this.#clock.nowMs() - answeredAtMs < ANSWERED_WITHIN_MS;
    const inARow = costlyInARow(this.#inARow.get(key) ?? 0, { ...reconciled, othersAnswered });
    if (inARow === 0) this.#inARow.delete(key);
    else this.#inARow.set(key, inARow);
    return pauseAfterCostlyMs(inARow, reconciled.tookMs);
  }
}
