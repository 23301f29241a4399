/**
 * Our reflector: it lists once, then follows the changes, and starts again by itself for as long as
 * it is not stopped. The numbers are those of client-go's reflector.
 *
 *     listing ──► watching ──► listing: the version expired, or the watch is refused
 *       │ ▲         │ ▲
 *       ▼ │         ▼ │  broken, throttled: from the same version, without a new list
 *     resting     resting      stopped: final, from every state
 *
 * A watch of a kind that nobody changes in the whole cluster falls silent by nature, since a bookmark
 * comes only with news. It is opened anew at once, without a warning: a dead connection would look the
 * same, and only the new one can tell.
 *
 * Guarantees: the store never goes back in time; every difference between two states of the store
 * is told once, after the store holds it; an object that vanished unseen is told as deleted with its
 * last known state; nothing is told after `stop()`. Not guaranteed: that every intermediate state of
 * an object is seen.
 */
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import type { ResourceKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createRepeats } from '../../telemetry/repeats.ts';
import type { KubeClient } from '../client.ts';
import { type Change, createFollower, type Follower, withoutManagedFields } from './follow.ts';
import { listAll } from './list-all.ts';
import { createPauses, type Pauses } from './pauses.ts';
import type { Store } from './store.ts';
import { createWatchTroubles, type WatchTroubles } from './watch-troubles.ts';

export interface ReflectorOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly kind: ResourceKind;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** What is stored and told of an object, its metadata included. Default: all but managedFields. */
  readonly keep?: (object: KubeObject) => KubeObject;
  /** Only enqueues. What it throws is logged. */
  readonly onChange: (change: Change) => void;
  /** Told when a watch that had been answered ends before the time that was asked for. Default: nobody is. */
  readonly onCutShort?: () => void;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Shared by watches that fail together: what befalls one is told for all. Default: its own. */
  readonly troubles?: WatchTroubles;
  readonly metrics: Pick<Metrics, 'watchLastHeard' | 'watchRestarts'>;
}

export interface Reflector {
  readonly store: Store;
  /** Starts listing. Has no effect when started or stopped already. */
  start(): void;
  /** Final. Resolves when the last call is over; nothing is told from now on. */
  stop(): Promise<void>;
  /** True from the first complete list on, for ever. */
  isSynced(): boolean;
  /** Resolves with the first complete list. Never rejects; stays pending when stopped before. */
  readonly synced: Promise<void>;
  /** When the API server was last heard (list, event, bookmark), on the monotonic clock. */
  lastHeardAtMs(): number | undefined;
  state(): ReflectorState['kind'];
}

/** What the reflector does now, each state with only its own data. */
export type ReflectorState =
  | { readonly kind: 'idle' }
  /** From version "0" (any), the last one seen, or "" (the newest). */
  | { readonly kind: 'listing'; readonly version: string }
  | { readonly kind: 'watching'; readonly version: string }
  | { readonly kind: 'resting'; readonly forMs: number; readonly then: Working }
  | { readonly kind: 'stopped' };

type Working = Extract<ReflectorState, { kind: 'listing' | 'watching' }>;

const MIN_WATCH_SECONDS = 300;
/** Bookmarks come about every 60 s while there is news; one may be late. */
const INACTIVITY_LIMIT_MS = 90_000;
/** Failures after which a watch may go on from the version that it had. */
const VERSION_HOLDS: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'throttled']);
const SHORT_WATCH_MS = 1_000;
const ENDED_AT_ONCE = { kind: 'short', message: 'the server ended it within a second' };

/** A reflector that has not started yet. */
export function createReflector(options: ReflectorOptions): Reflector {
  return new ListWatch(options);
}

class ListWatch implements Reflector {
  readonly #options: ReflectorOptions;
  readonly #labels: { readonly kind: string; readonly namespace: string };
  readonly #follower: Follower;
  readonly #pauses: Pauses;
  readonly #troubles: WatchTroubles;
  readonly #stopping = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #state: ReflectorState = { kind: 'idle' };
  #isSynced = false;
  #running: Promise<void> = Promise.resolve();
  #lastHeardAtMs: number | undefined;
  #endMetric = () => {};

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#pauses = createPauses(options.clock, options.random);
    this.#labels = { kind: options.kind.kind, namespace: options.namespace };
    const { troubles = createWatchTroubles(options.log, createRepeats(options.clock)) } = options;
    this.#troubles = troubles;
    const { keep = withoutManagedFields, onChange, log } = options;
    const tell = (change: Change) => (this.#stopped ? undefined : onChange(change));
    this.#follower = createFollower({ keep, onChange: tell, log });
  }

  get store(): Store {
    return this.#follower.store;
  }

  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  isSynced = () => this.#isSynced;
  lastHeardAtMs = () => this.#lastHeardAtMs;
  state = () => this.#state.kind;

  start(): void {
    if (this.#state.kind !== 'idle') return;
    this.#state = { kind: 'listing', version: '0' };
    this.#endMetric = this.#options.metrics.watchLastHeard.collect(() => this.#silence());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#state = { kind: 'stopped' };
    this.#stopping.abort();
    this.#endMetric();
    await this.#running;
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const next = await this.#step(this.#state);
      if (!this.#stopped) this.#state = next;
    }
  }

  async #step(state: ReflectorState): Promise<ReflectorState> {
    switch (state.kind) {
      case 'listing':
        return this.#list(state);
      case 'watching':
        return this.#watch(state);
      case 'resting':
        await this.#options.clock.sleep(state.forMs, this.#stopping.signal);
        return state.then;
      case 'idle':
      case 'stopped':
        return state;
    }
  }

  async #list(state: Working): Promise<ReflectorState> {
    try {
      const { items, resourceVersion } = await listAll(this.#options.client, this.#options, {
        ...selectorsOf(this.#options),
        version: state.version,
        signal: this.#stopping.signal,
      });
      if (this.#stopped) return state;
      this.#heard();
      this.#follower.replace(items);
      this.#isSynced = true;
      this.#synced.resolve();
      return { kind: 'watching', version: resourceVersion };
    } catch (error) {
      const failure = failureOf(error);
      // The version cannot be served: too old, or from a server that was ahead of this one.
      const newest = failure.kind === 'expired' && state.version !== '';
      if (newest) return { kind: 'listing', version: '' };
      return this.#rest(failure, { kind: 'listing', version: state.version });
    }
  }

  async #watch(state: Working): Promise<ReflectorState> {
    const { client, kind, namespace, clock, random } = this.#options;
    const startedAtMs = clock.nowMs();
    let version = state.version;
    let events = 0;
    let answered = false;
    const again = (): Working => ({ kind: 'watching', version });
    const timeoutSeconds = MIN_WATCH_SECONDS + Math.floor(random() * (MIN_WATCH_SECONDS + 1));
    const noteEnd = () => {
      const early = clock.nowMs() - startedAtMs < timeoutSeconds * 1000 - SHORT_WATCH_MS;
      if (answered && early && !this.#stopped) this.#options.onCutShort?.();
    };
    try {
      const stream = client.watch(kind, namespace, {
        ...selectorsOf(this.#options),
        resourceVersion: version,
        timeoutSeconds,
        inactivityLimitMs: INACTIVITY_LIMIT_MS,
        signal: this.#stopping.signal,
        onHeard: () => {
          answered = true;
          this.#heard();
          this.#troubles.goesOn(this.#labels);
        },
      });
      for await (const event of stream) {
        if (this.#stopped) return state;
        if (event.type === 'ERROR') {
          noteEnd();
          return this.#afterRefusal(event.failure, again());
        }
        events += 1;
        version = this.#follower.take(event) ?? version;
      }
    } catch (error) {
      const failure = failureOf(error);
      // Not a failure, so that no pause follows, and none that grows from one silence to the next.
      const silent = answered && failure.kind === 'unreachable' && this.#isSilent();
      if (!silent) {
        noteEnd();
        return this.#afterRefusal(failure, again());
      }
      this.#count('silent');
      return again();
    }
    if (this.#stopped) return state;
    noteEnd();
    if (clock.nowMs() - startedAtMs < SHORT_WATCH_MS) {
      return this.#rest('short', events > 0 ? again() : { kind: 'listing', version });
    }
    this.#count('ended');
    return again();
  }

  #isSilent(): boolean {
    const heardAtMs = this.#lastHeardAtMs ?? Number.POSITIVE_INFINITY;
    return this.#options.clock.nowMs() - heardAtMs >= INACTIVITY_LIMIT_MS;
  }

  #afterRefusal(failure: KubeFailure, again: Working): ReflectorState {
    // The stream broke or was put off, and the version still holds; else only a list can tell.
    const versionHolds = VERSION_HOLDS.has(failure.kind);
    return this.#rest(failure, versionHolds ? again : { kind: 'listing', version: again.version });
  }

  #rest(because: KubeFailure | 'short', then: Working): ReflectorState {
    if (this.#stopped) return { kind: 'stopped' };
    const { kind: reason, message } = because === 'short' ? ENDED_AT_ONCE : because;
    const forMs = this.#pauses.afterFailure(because === 'short' ? undefined : because);
    this.#count(reason);
    // Once in a while a version expires, which is nobody's fault: then, and only then, no pause.
    if (reason === 'expired' && this.#pauses.failures() === 1) return then;
    this.#troubles.interrupted(this.#labels, { reason, message, forMs: Math.round(forMs) });
    return { kind: 'resting', forMs, then };
  }

  #heard = () => {
    this.#lastHeardAtMs = this.#options.clock.nowMs();
  };

  #silence() {
    const heardAtMs = this.#lastHeardAtMs;
    if (heardAtMs === undefined) return [];
    return [{ labels: this.#labels, value: (this.#options.clock.nowMs() - heardAtMs) / 1000 }];
  }

  #count(reason: string): void {
    this.#options.metrics.watchRestarts.inc({ ...this.#labels, reason });
  }
}

function selectorsOf({ labelSelector, fieldSelector }: ReflectorOptions) {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
