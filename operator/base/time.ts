/**
 * The only file that asks what time it is. Everything else gets a `Clock`, so that tests move time
 * themselves. Durations are milliseconds; `nowMs` is monotonic and says nothing about the calendar.
 */

/** The port through which everything asks what time it is, and waits. */
export interface Clock {
  /** Milliseconds on a clock that only moves forward; only differences mean anything. */
  nowMs(): number;
  /** The calendar, for timestamps that people and the API server read. Never for measuring. */
  wallClock(): Date;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, action: () => void): Cancel;
  /** Resolves after `delayMs`, or at once when `signal` aborts (it never rejects). */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Calls off what was scheduled. No effect once it has run. */
export type Cancel = () => void;

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallClock: () => new Date(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  sleep(delayMs, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      signal?.addEventListener('abort', done);
    });
  },
};

/** RFC 3339 in UTC to the second: the form of `metav1.Time`. */
export function toTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 in UTC with exactly six fraction digits: the API server refuses any other `MicroTime`. */
export function toMicroTime(date: Date): string {
  return `${date.toISOString().slice(0, 23)}000Z`;
}

/** Growing pauses: `baseMs` doubled per failure, at most `capMs`, plus up to `jitter` times itself. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  /** Share of the pause that chance adds, 0 to 1. */
  readonly jitter: number;
}

/** The pause after the `failures`-th failure in a row (from 1). `random` gives numbers in [0, 1). */
export function backoffMs(policy: BackoffPolicy, failures: number, random: () => number): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 32);
  const pause = Math.min(policy.capMs, policy.baseMs * 2 ** exponent);
  return pause * (1 + policy.jitter * random());
}
