/**
 * Holds keys, never events: what happened is gone, only that something should be looked at remains.
 *
 *   - A key that waits already is not added again; keys leave in the order in which they came.
 *   - One key is never worked on twice at once: added meanwhile, it waits again after `done`.
 *   - Of one group, if there are any, no more keys are worked on at once than may be; others go first.
 *   - Of two delays for one key the earlier wins. An `add` neither uses up nor moves a delay.
 *   - A failing key waits longer each time, and all failing keys share one token bucket.
 *   - `stop` drops what waits: the next leader lists everything anyway. `drain` waits for the rest.
 *
 * The queue never looks into a key and never runs anything itself.
 */
import { type BackoffPolicy, backoffMs, type Cancel, type Clock } from '../../base/time.ts';
import { type GroupLimit, WaitingKeys } from './waiting-keys.ts';

/** How fast failing keys come back. The defaults are client-go's DefaultControllerRateLimiter. */
export interface RetryLimits {
  /** Growing pause of one key. Default 5 ms, doubled up to 1000 s, without jitter. */
  readonly backoff: BackoffPolicy;
  /** Retries per second over all keys, once the burst is used up. Default 10. */
  readonly perSecond: number;
  /** Retries over all keys that need not wait for the bucket. Default 100. */
  readonly burst: number;
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = {
  backoff: { baseMs: 5, capMs: 1_000_000, jitter: 0 },
  perSecond: 10,
  burst: 100,
};

/** Learns what a queue does: the source of the `workqueue_*` metrics. */
export interface WorkqueueObserver {
  /** How many keys wait now, without the delayed ones. */
  depthChanged(waiting: number): void;
  /** A key came that did not wait already. */
  added(): void;
  /** A key was taken, after waiting this long. */
  taken(waitedMs: number): void;
  /** The work on a key ended, after this long. */
  finished(workedMs: number): void;
  /** A key is to come back because it failed. */
  retried(): void;
}

export interface WorkqueueOptions {
  readonly limits?: Partial<RetryLimits>;
  /** Chance for the jitter of `limits.backoff`, in [0, 1). Default: always 0. */
  readonly random?: () => number;
  readonly observer?: WorkqueueObserver;
  /** Default: no groups. */
  readonly groups?: GroupLimit;
}

/** The work in hand at one instant, for the metrics that only a scrape can sample. */
export interface WorkInHand {
  /** Sum over all keys being worked on, in ms. */
  readonly unfinishedMs: number;
  readonly longestRunningMs: number;
}

interface Delayed {
  readonly dueAtMs: number;
  readonly cancel: Cancel;
}

/** Longest delay of a timer in Node; it runs a longer one at once. About 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Workqueue<Key extends string = string> {
  readonly #clock: Clock;
  readonly #limits: RetryLimits;
  readonly #random: () => number;
  readonly #observer: WorkqueueObserver | undefined;
  readonly #waiting: WaitingKeys<Key>;
  /** Each map gives the instant at which its key came in. */
  readonly #processing = new Map<Key, number>();
  /** Added while being processed: waits again after `done`. */
  readonly #dirty = new Map<Key, number>();
  readonly #delayed = new Map<Key, Delayed>();
  readonly #failures = new Map<Key, number>();
  readonly #takers = new Set<(key: Key | undefined) => void>();
  readonly #drainers = new Set<() => void>();
  #tokens: number;
  #tokensAtMs: number;
  #stopped = false;

  constructor(clock: Clock, options: WorkqueueOptions = {}) {
    this.#clock = clock;
    this.#limits = { ...DEFAULT_RETRY_LIMITS, ...options.limits };
    this.#random = options.random ?? (() => 0);
    this.#observer = options.observer;
    this.#waiting = new WaitingKeys(options.groups);
    this.#tokens = this.#limits.burst;
    this.#tokensAtMs = clock.nowMs();
  }

  /** Keys that wait to be taken, without the delayed ones. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Asks for a look at `key` as soon as a worker is free. After `stop`: nothing. */
  add(key: Key): void {
    if (this.#stopped || this.#waiting.has(key) || this.#dirty.has(key)) return;
    this.#observer?.added();
    if (this.#processing.has(key)) this.#dirty.set(key, this.#clock.nowMs());
    else this.#enqueue(key);
  }

  /** Asks for a look at `key` in `delayMs`; at once when that is not above 0. The earlier delay wins. */
  addAfter(key: Key, delayMs: number): void {
    if (this.#stopped) return;
    if (!(delayMs > 0)) {
      this.add(key);
      return;
    }
    const boundedMs = Math.min(delayMs, LONGEST_TIMER_MS);
    const dueAtMs = this.#clock.nowMs() + boundedMs;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.dueAtMs <= dueAtMs) return;
    earlier?.cancel();
    const cancel = this.#clock.schedule(boundedMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAtMs, cancel });
  }

  /**
   * Asks for a look at a key that failed: after the longest of its own growing pause, the shared
   * token bucket, and `notBeforeMs` (what the server asked for, default 0). Returns that delay in ms.
   */
  addRateLimited(key: Key, notBeforeMs = 0): number {
    if (this.#stopped) return 0;
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    const ownMs = backoffMs(this.#limits.backoff, failures, this.#random);
    const delayMs = Math.max(ownMs, this.#reserveToken(), notBeforeMs);
    this.#observer?.retried();
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** The key succeeded, or is not worth retrying: its next failure counts as the first. */
  forget(key: Key): void {
    this.#failures.delete(key);
  }

  /** How often the key failed since it was last forgotten. */
  failures(key: Key): number {
    return this.#failures.get(key) ?? 0;
  }

  /**
   * The next key, as soon as there is one; undefined once `signal` aborts or the queue stops.
   * Whoever gets a key owes a `done` for it.
   */
  take(signal?: AbortSignal): Promise<Key | undefined> {
    if (this.#stopped || signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const give = (key: Key | undefined) => {
        this.#takers.delete(give);
        signal?.removeEventListener('abort', leave);
        resolve(key);
      };
      const leave = () => give(undefined);
      signal?.addEventListener('abort', leave);
      this.#takers.add(give);
      this.#handOut();
    });
  }

  /** The work on a taken key ended, well or not. For a key that nobody took: nothing. */
  done(key: Key): void {
    const startedAtMs = this.#processing.get(key);
    if (startedAtMs === undefined) return;
    this.#processing.delete(key);
    this.#waiting.done(key);
    this.#observer?.finished(this.#clock.nowMs() - startedAtMs);
    const addedAtMs = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (addedAtMs !== undefined && !this.#stopped) this.#enqueue(key, addedAtMs);
    else this.#handOut(); // its group may have waited for this
    if (this.#processing.size === 0) this.#settle();
  }

  /** Takes no more keys, drops those that wait, and sends every taker home. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    for (const dropped of [this.#delayed, this.#waiting, this.#dirty, this.#failures]) {
      dropped.clear();
    }
    this.#observer?.depthChanged(0);
    for (const give of [...this.#takers]) give(undefined);
  }

  /** Stops, and resolves when every key in hand is done. */
  drain(): Promise<void> {
    this.stop();
    return new Promise((resolve) => {
      this.#drainers.add(resolve);
      if (this.#processing.size === 0) this.#settle();
    });
  }

  /** What is being worked on now. */
  workInHand(): WorkInHand {
    const nowMs = this.#clock.nowMs();
    const ages = [...this.#processing.values()].map((startedAtMs) => nowMs - startedAtMs);
    return {
      unfinishedMs: ages.reduce((sum, age) => sum + age, 0),
      longestRunningMs: ages.reduce((longest, age) => Math.max(longest, age), 0),
    };
  }

  #enqueue(key: Key, addedAtMs = this.#clock.nowMs()): void {
    this.#waiting.add(key, addedAtMs);
    this.#observer?.depthChanged(this.#waiting.size);
    this.#handOut();
  }

  /** At most one pair: every change of either side calls it. */
  #handOut(): void {
    const [give] = this.#takers;
    const next = give === undefined ? undefined : this.#waiting.take();
    if (give === undefined || next === undefined) return;
    const { key, atMs: addedAtMs } = next;
    const nowMs = this.#clock.nowMs();
    this.#processing.set(key, nowMs);
    this.#observer?.depthChanged(this.#waiting.size);
    this.#observer?.taken(nowMs - addedAtMs);
    give(key);
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

  #settle(): void {
    for (const resolve of this.#drainers) resolve();
    this.#drainers.clear();
  }
}
