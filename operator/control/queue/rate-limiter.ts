/**
 * How fast failing keys come back: client-go's DefaultControllerRateLimiter (default_rate_limiters.go). A
 * key that fails waits longer each time, and all failing keys share one token bucket.
 */
import { type BackoffPolicy, backoffMs, type Clock } from '../../base/time.ts';

/** The defaults are client-go's. */
export interface RetryLimits {
  /** Growing pause of one key. Default 5 ms, doubled up to 1000 s, without jitter. */
  readonly backoff: BackoffPolicy;
  /** Retries per second over all keys, once the burst is used up. Default 10. */
  readonly perSecond: number;
  /** Retries over all keys that need not wait for the bucket. Default 100. */
  readonly burst: number;
}

/** Those of client-go. */
const DEFAULT_RETRY_LIMITS: RetryLimits = {
  backoff: { baseMs: 5, capMs: 1_000_000, jitter: 0 },
  perSecond: 10,
  burst: 100,
};

/** Failures by key, and the bucket that all keys share. */
export class RateLimiter {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #limits: RetryLimits;
  readonly #random: () => number;
  readonly #failures = new Map<string, number>();
  #tokens: number;
  #tokensAtMs: number;

  /** `random`: chance for the jitter of `limits.backoff`, in [0, 1). */
  constructor(clock: Pick<Clock, 'nowMs'>, limits: Partial<RetryLimits>, random: () => number) {
    this.#clock = clock;
    this.#limits = { ...DEFAULT_RETRY_LIMITS, ...limits };
    this.#random = random;
    this.#tokens = this.#limits.burst;
    this.#tokensAtMs = clock.nowMs();
  }

  /** Counts one more failure of a key, and returns how long it has to wait, in ms. */
  when(key: string): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    return Math.max(backoffMs(this.#limits.backoff, failures, this.#random), this.#reserveToken());
  }

  /** The key succeeded, or is not worth retrying: its next failure counts as the first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** How often the key failed since it was last forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Forgets all keys; the bucket stays as it is. */
  clear(): void {
    this.#failures.clear();
  }

  /** Takes one token, in advance if need be, and returns the wait for it in ms. */
  #reserveToken(): number {
    const { perSecond, burst } = this.#limits;
    const nowMs = this.#clock.nowMs();
    const refilled = this.#tokens + ((nowMs - this.#tokensAtMs) * perSecond) / 1000;
    this.#tokens = Math.min(burst, refilled) - 1;
    this.#tokensAtMs = nowMs;
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / perSecond;
  }
}
