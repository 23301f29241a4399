/** Which keys cost the API server much and come to nothing, and how long each is left alone for it. */
import type { Clock } from '../../base/time.ts';
import { costlyInARow, pauseAfterCostlyMs } from '../../decide/plan/costly.ts';
import type { Outcome } from '../../decide/plan/outcome.ts';

/** An answer so long ago still shows that the API server is there; our own Lease is renewed more often. */
const ANSWERED_WITHIN_MS = 10_000;

export class CostlyKeys {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #inARow = new Map<string, number>();
  #answeredAtMs: number | undefined;

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** A request of ours was answered so: a status code, or `<error>` without an answer. */
  answered(code: string): void {
    const status = Number(code);
    // From 500 on it may be a proxy that speaks for a server that is not there.
    if (status >= 200 && status < 500) this.#answeredAtMs = this.#clock.nowMs();
  }

  /** A pass over `key` has ended. How long to leave it alone at least, in ms; 0 for nearly all. */
  ended(key: string, pass: { readonly outcome: Outcome; readonly tookMs: number }): number {
    const answeredAtMs = this.#answeredAtMs;
    const othersAnswered =
      answeredAtMs !== undefined && this.#clock.nowMs() - answeredAtMs < ANSWERED_WITHIN_MS;
    const inARow = costlyInARow(this.#inARow.get(key) ?? 0, { ...pass, othersAnswered });
    if (inARow === 0) this.#inARow.delete(key);
    else this.#inARow.set(key, inARow);
    return pauseAfterCostlyMs(inARow, pass.tookMs);
  }
}
