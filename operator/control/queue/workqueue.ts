/**
 * Holds keys, never events: that a resource is to be reconciled, and not what has changed about it.
 *
 *   - A key that waits already is not added again; keys leave in the order in which they came.
 *   - One key is never taken twice at once: added meanwhile, it waits again after `done`.
 *   - Of one group, if there are any, at most `atOnce` keys are taken at once; keys of others go first.
 *   - Of two delays for one key the earlier wins. An `add` neither uses up nor moves a delay.
 *   - A failing key waits longer each time, and all failing keys share one token bucket.
 *   - `stop` drops what waits: the next leader lists everything anyway. `drain` waits for the rest.
 *
 * The queue reads nothing of a key but its text, and runs nothing itself.
 */
import type { Clock } from '../../base/time.ts';
import { DelayedKeys } from './delayed-keys.ts';
import { RateLimiter, type RetryLimits } from './rate-limiter.ts';
import { type GroupLimit, type HeldKey, WaitingKeys } from './waiting-keys.ts';

/** Is called with what a queue does: the source of the `workqueue_*` metrics. */
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

/** Options, each with a default. */
export interface WorkqueueOptions<Key> {
  /** Names a key: two keys of one text are the same. Default: `String`. */
  readonly textOf?: (key: Key) => string;
  readonly limits?: Partial<RetryLimits>;
  /** Chance for the jitter of `limits.backoff`, in [0, 1). Default: always 0. */
  readonly random?: () => number;
  readonly observer?: WorkqueueObserver;
  /** Default: no groups. */
  readonly groups?: GroupLimit<Key>;
}

/** The keys that are taken at one instant, for the metrics that only a scrape can sample. */
export interface WorkInHand {
  /** Sum over all keys being worked on, in ms. */
  readonly unfinishedMs: number;
  readonly longestRunningMs: number;
}

/** client-go's rate-limiting workqueue (util/workqueue), with groups. */
export class Workqueue<Key = string> {
  readonly #clock: Clock;
  readonly #textOf: (key: Key) => string;
  readonly #limiter: RateLimiter;
  readonly #observer: WorkqueueObserver | undefined;
  readonly #waiting: WaitingKeys<Key>;
  /** By the text of the key: the instant at which it was taken. */
  readonly #processing = new Map<string, number>();
  /** Added while being processed: waits again after `done`. */
  readonly #dirty = new Map<string, HeldKey<Key>>();
  readonly #delayed: DelayedKeys;
  readonly #takers = new Set<(key: Key | undefined) => void>();
  readonly #drainers = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock, options: WorkqueueOptions<Key> = {}) {
    this.#clock = clock;
    this.#textOf = options.textOf ?? String;
    this.#limiter = new RateLimiter(clock, options.limits ?? {}, options.random ?? (() => 0));
    this.#observer = options.observer;
    this.#waiting = new WaitingKeys(options.groups);
    this.#delayed = new DelayedKeys(clock);
  }

  /** Keys that wait to be taken, without the delayed ones. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Enqueues `key`: it is taken as soon as a worker is free. After `stop`: nothing. */
  add(key: Key): void {
    const text = this.#textOf(key);
    const held = { key, text, atMs: this.#clock.nowMs() };
    if (this.#stopped || this.#waiting.has(held) || this.#dirty.has(text)) return;
    this.#observer?.added();
    if (this.#processing.has(text)) this.#dirty.set(text, held);
    else this.#enqueue(held);
  }

  /** Enqueues `key` in `delayMs`; at once when that is not above 0. The earlier delay wins. */
  addAfter(key: Key, delayMs: number): void {
    if (this.#stopped) return;
    if (!(delayMs > 0)) {
      this.add(key);
      return;
    }
    this.#delayed.add(this.#textOf(key), delayMs, () => this.add(key));
  }

  /**
   * Enqueues a key that failed: after the longest of its own growing pause, the shared
   * token bucket, and `notBeforeMs` (what the server asked for, default 0). Returns that delay in ms.
   */
  addRateLimited(key: Key, notBeforeMs = 0): number {
    if (this.#stopped) return 0;
    const delayMs = Math.max(this.#limiter.when(this.#textOf(key)), notBeforeMs);
    this.#observer?.retried();
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** The key succeeded, or is not worth retrying: its next failure counts as the first. */
  forget(key: Key): void {
    this.#limiter.forget(this.#textOf(key));
  }

  /** How often the key failed since it was last forgotten. */
  failures(key: Key): number {
    return this.#limiter.failures(this.#textOf(key));
  }

  /**
   * The next key, as soon as there is one; undefined once `signal` aborts or the queue stops.
   * For each key that was taken `done` has to be called.
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

  /** The work on a taken key ended, well or not. For a key that was not taken: nothing. */
  done(key: Key): void {
    const text = this.#textOf(key);
    const startedAtMs = this.#processing.get(text);
    if (startedAtMs === undefined) return;
    this.#processing.delete(text);
    this.#waiting.done(key);
    this.#observer?.finished(this.#clock.nowMs() - startedAtMs);
    const again = this.#dirty.get(text);
    this.#dirty.delete(text);
    if (again !== undefined && !this.#stopped) this.#enqueue(again);
    else this.#handOut(); // its group may have waited for this
    if (this.#processing.size === 0) this.#settle();
  }

  /** Takes no more keys, drops those that wait, and resolves each `take` that waits with undefined. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const dropped of [this.#delayed, this.#waiting, this.#dirty, this.#limiter]) {
      dropped.clear();
    }
    this.#observer?.depthChanged(0);
    for (const give of [...this.#takers]) give(undefined);
  }

  /** Stops, and resolves when every key that was taken is done. */
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

  #enqueue(held: HeldKey<Key>): void {
    this.#waiting.add(held);
    this.#observer?.depthChanged(this.#waiting.size);
    this.#handOut();
  }

  /** Gives at most one key to one taker: it is called after each change of either. */
  #handOut(): void {
    const [give] = this.#takers;
    const next = give === undefined ? undefined : this.#waiting.take();
    if (give === undefined || next === undefined) return;
    const { key, text, atMs: addedAtMs } = next;
    const nowMs = this.#clock.nowMs();
    this.#processing.set(text, nowMs);
    this.#observer?.depthChanged(this.#waiting.size);
    this.#observer?.taken(nowMs - addedAtMs);
    give(key);
  }

  #settle(): void {
    for (const resolve of this.#drainers) resolve();
    this.#drainers.clear();
  }
}
