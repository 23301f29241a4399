/**
 * Our reflector: it lists once, then follows the changes, and starts again by itself for as long as it is not
 * stopped. Together with its store and its one handler it is what client-go calls an informer. The states and the
 * ways between them are in reflector-state.ts, one watch request in watch-session.ts.
 *
 * A watch of a kind that nobody changes in the whole cluster falls silent by nature, since a bookmark comes only with
 * news. After 90 s without a byte it is opened anew at once, without a warning: a dead connection would look the same,
 * and only the new one can tell.
 *
 * Guarantees: the store never goes back in time; every difference between two states of the store is delivered once,
 * after the store holds it; an object that vanished unseen is delivered as deleted with its last known state; nothing
 * is delivered after `stop()`. Not guaranteed: that every intermediate state of an object is seen.
 */
import { defined } from '../../base/defined.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import { createRepeats } from '../../telemetry/repeats.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import {
  type Change,
  type ChangeTracker,
  createChangeTracker,
  withoutManagedFields,
} from './changes.ts';
import { listAll } from './list-all.ts';
import {
  type ActiveState,
  afterListFailure,
  afterShortWatch,
  afterWatchFailure,
  type ReflectorState,
} from './reflector-state.ts';
import type { Reflector, ReflectorOptions } from './reflector-types.ts';
import type { Store } from './store.ts';
import { createWatchErrorLog, type WatchErrorLog } from './watch-error-log.ts';
import { runWatch } from './watch-session.ts';

/** A watch that the server closes sooner is a failure: client-go's "very short watch". */
const SHORT_WATCH_MS = 1_000;
const SHORT_WATCH = { kind: 'short', message: 'the server ended it within a second' };

/** A reflector that has not started yet. */
export function createReflector(options: ReflectorOptions): Reflector {
  return new ListAndWatch(options);
}

/** The loop that client-go calls ListAndWatch. */
class ListAndWatch implements Reflector {
  readonly #options: ReflectorOptions;
  readonly #labels: { readonly kind: string; readonly namespace: string };
  readonly #tracker: ChangeTracker;
  readonly #backoff: Backoff;
  readonly #errorLog: WatchErrorLog;
  readonly #stopping = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #state: ReflectorState = { kind: 'idle' };
  #isSynced = false;
  #running: Promise<void> = Promise.resolve();
  #lastActivityAtMs: number | undefined;
  #endMetric = () => {};

  constructor(options: ReflectorOptions) {
    const { kind, namespace, transform = withoutManagedFields, onChange, log, clock } = options;
    this.#options = options;
    this.#backoff = createBackoff(clock, options.random);
    this.#labels = { kind: kind.kind, namespace };
    this.#errorLog = options.errorLog ?? createWatchErrorLog(log, createRepeats(clock));
    const deliver = (change: Change) => (this.#stopped ? undefined : onChange(change));
    this.#tracker = createChangeTracker({ transform, onChange: deliver, log });
  }

  get store(): Store {
    return this.#tracker.store;
  }

  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  isSynced = () => this.#isSynced;
  lastActivityAtMs = () => this.#lastActivityAtMs;
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
      case 'backing-off':
        await this.#options.clock.sleep(state.forMs, this.#stopping.signal);
        return state.then;
      case 'idle':
      case 'stopped':
        return state;
    }
  }

  async #list({ version }: ActiveState): Promise<ReflectorState> {
    try {
      const { items, resourceVersion } = await listAll(this.#options.client, this.#options, {
        ...selectorsOf(this.#options),
        version,
        signal: this.#stopping.signal,
      });
      if (this.#stopped) return { kind: 'stopped' };
      this.#noteActivity();
      this.#tracker.replace(items);
      this.#isSynced = true;
      this.#synced.resolve();
      return { kind: 'watching', version: resourceVersion };
    } catch (error) {
      const failure = failureOf(error);
      const newest = afterListFailure(failure, version);
      return newest ?? this.#backOff(failure, { kind: 'listing', version });
    }
  }

  async #watch(state: ActiveState): Promise<ReflectorState> {
    const end = await runWatch(
      {
        ...this.#options,
        signal: this.#stopping.signal,
        onActivity: () => {
          this.#noteActivity();
          this.#errorLog.recovered(this.#labels);
        },
        onEvent: (event) => this.#tracker.process(event),
      },
      state.version,
    );
    if (this.#stopped || end.kind === 'aborted') return { kind: 'stopped' };
    if (end.kind === 'silent') {
      // Not a failure, so that no pause follows, and none that grows from one silence to the next.
      this.#countRestart('silent');
      return { kind: 'watching', version: end.version };
    }
    if (end.isEarly) this.#options.onCutShort?.();
    if (end.kind === 'failed') {
      return this.#backOff(end.failure, afterWatchFailure(end.failure, end.version));
    }
    if (end.afterMs < SHORT_WATCH_MS) {
      return this.#backOff('short', afterShortWatch(end.version, end.events));
    }
    this.#countRestart('ended');
    return { kind: 'watching', version: end.version };
  }

  #backOff(because: KubeFailure | 'short', then: ActiveState): ReflectorState {
    if (this.#stopped) return { kind: 'stopped' };
    const { kind: reason, message } = because === 'short' ? SHORT_WATCH : because;
    const forMs = this.#backoff.next(because === 'short' ? undefined : because);
    this.#countRestart(reason);
    // Once in a while a version expires, which is no fault: then, and only then, there is no pause.
    if (reason === 'expired' && this.#backoff.failures() === 1) return then;
    this.#errorLog.failed(this.#labels, { reason, message, forMs: Math.round(forMs) });
    return { kind: 'backing-off', forMs, then };
  }

  #noteActivity(): void {
    this.#lastActivityAtMs = this.#options.clock.nowMs();
  }

  #silence() {
    const activeAtMs = this.#lastActivityAtMs;
    if (activeAtMs === undefined) return [];
    return [{ labels: this.#labels, value: (this.#options.clock.nowMs() - activeAtMs) / 1000 }];
  }

  #countRestart(reason: string): void {
    this.#options.metrics.watchRestarts.inc({ ...this.#labels, reason });
  }
}

function selectorsOf({ labelSelector, fieldSelector }: ReflectorOptions) {
  return defined({ labelSelector, fieldSelector });
}
