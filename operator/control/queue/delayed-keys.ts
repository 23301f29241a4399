/** Keys that come back after a delay: of two delays for one key the earlier wins. */
import type { Cancel, Clock } from '../../base/time.ts';

interface Delayed {
  readonly dueAtMs: number;
  readonly cancel: Cancel;
}

/** Longest delay of a timer in Node (2^31 - 1 ms, about 24.8 days); it runs a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer for each key that is delayed. */
export class DelayedKeys {
  readonly #clock: Clock;
  /** By the text of the key. */
  readonly #delayed = new Map<string, Delayed>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `onDue` in `delayMs` (above 0), unless a call for this key is due sooner. */
  add(text: string, delayMs: number, onDue: () => void): void {
    const boundedMs = Math.min(delayMs, LONGEST_TIMER_MS);
    const dueAtMs = this.#clock.nowMs() + boundedMs;
    const earlier = this.#delayed.get(text);
    if (earlier !== undefined && earlier.dueAtMs <= dueAtMs) return;
    earlier?.cancel();
    const cancel = this.#clock.schedule(boundedMs, () => {
      this.#delayed.delete(text);
      onDue();
    });
    this.#delayed.set(text, { dueAtMs, cancel });
  }

  /** Calls nothing any more for the keys that are delayed now. */
  clear(): void {
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
  }
}
