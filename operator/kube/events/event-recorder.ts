/**
 * Reports what happened as core/v1 Events, as client-go's EventRecorder. Best effort by design: it never blocks its
 * caller, never throws, and drops what is too much. Events are written by server-side apply, so that a repeated
 * request cannot make a second one.
 *
 *     queued ──► sending ──► idle: sent, or given up
 *       ▲           └──► backing off ──┐
 *       └──────────────────────────────┘
 *
 * No event waits for another one that fails: those of other namespaces are sent beside it, those of its own while it
 * backs off.
 */
import { failureOf, type KubeFailure, retryFor } from '../../base/failure.ts';
import { describeRef, refOf } from '../../base/kube-object.ts';
import { backoffMs, type Cancel, type Clock } from '../../base/time.ts';
import type { Log } from '../../telemetry/log.ts';
import { createRepeats, type Repeats } from '../../telemetry/repeats.ts';
import type { KubeClient } from '../client.ts';
import { type EventRecord, eventObject, namespaceOf } from './event.ts';
import { createEventSeriesCache, type EventSeries, type EventSeriesCache } from './event-series.ts';
import { createSpamFilter, type SpamFilter } from './spam-filter.ts';

/** client-go's EventRecorder, with an end. */
export interface EventRecorder {
  /** Queues the event, or drops it: 25 at once for an object, then one each 5 minutes, and 1000 in all. */
  record(event: EventRecord): void;
  /** Sends what is queued, for at most `deadlineMs` (default 1000), and drops the rest. Final. */
  stop(deadlineMs?: number): Promise<void>;
}

/** What a recorder works with. */
export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, 'apply'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Events that are queued or back off: client-go's maxQueuedEvents (v0.37, tools/record/event.go). */
const MAX_QUEUED = 1000;
/** Tries of one event within about five minutes: an API server that is away for less loses none. */
const MAX_TRIES = 6;
/** client-go tries 12 times, 10 s apart (maxTriesPerEvent, defaultSleepDuration): less often here, and longer. */
const BACKOFF = { baseMs: 10_000, capMs: 160_000, jitter: 0 } as const;
/** Requests at the same time: one for each namespace, so that one in which all fail slowly stays alone. */
const MAX_SENDING = 16;
const SEND_TIMEOUT_MS = 10_000;
const DEFAULT_FLUSH_MS = 1_000;

/** A recorder that starts to send with the first record. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series: EventSeriesCache;
  readonly #spamFilter: SpamFilter;
  /** Which failures of a namespace are worth a log line. */
  readonly #failures: Repeats;
  readonly #queued = new Set<EventSeries>();
  readonly #backingOff = new Map<EventSeries, Cancel>();
  /** Namespaces with a request under way. */
  readonly #busy = new Set<string>();
  readonly #deadline = new AbortController();
  readonly #empty = Promise.withResolvers<void>();
  #stopping = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#series = createEventSeriesCache(options.clock);
    this.#spamFilter = createSpamFilter(options.clock);
    this.#failures = createRepeats(options.clock);
  }

  record(event: EventRecord): void {
    if (this.#stopping) return;
    const series = this.#series.observe(event);
    if (series.state !== 'idle' || !this.#spamFilter.allows(event.regarding)) return;
    if (this.#queued.size + this.#backingOff.size >= MAX_QUEUED) {
      this.#options.log.debug('Event dropped: the queue is full', logFieldsOf(event));
      return;
    }
    series.tries = 0;
    this.#enqueue(series);
  }

  async stop(deadlineMs = DEFAULT_FLUSH_MS): Promise<void> {
    this.#stopping = true;
    const cancel = this.#options.clock.schedule(deadlineMs, () => this.#deadline.abort());
    for (const [series, cancelPause] of this.#backingOff) {
      cancelPause();
      this.#queued.add(series);
    }
    this.#backingOff.clear();
    this.#sendMore();
    await this.#empty.promise;
    cancel();
  }

  #enqueue(series: EventSeries): void {
    series.state = 'queued';
    this.#queued.add(series);
    this.#sendMore();
  }

  #sendMore(): void {
    if (this.#deadline.signal.aborted) this.#queued.clear();
    for (const series of this.#queued) {
      if (this.#busy.size >= MAX_SENDING) break;
      if (!this.#busy.has(namespaceOf(series.event))) void this.#send(series);
    }
    if (this.#stopping && this.#queued.size === 0 && this.#busy.size === 0) this.#empty.resolve();
  }

  async #send(series: EventSeries): Promise<void> {
    const namespace = namespaceOf(series.event);
    const { signal } = this.#deadline;
    this.#queued.delete(series);
    this.#busy.add(namespace);
    series.state = 'sending';
    series.tries += 1;
    const { count } = series;
    try {
      const options = { conflicts: 'force', signal, timeoutMs: SEND_TIMEOUT_MS } as const;
      await this.#options.client.apply(eventObject(series), options);
      series.state = 'idle';
      series.tries = 0;
      this.#failures.isOver(namespace);
    } catch (error) {
      this.#afterFailure(series, failureOf(error));
    }
    this.#busy.delete(namespace);
    // It happened again meanwhile: the object is to say how often.
    if (series.state === 'idle' && series.count !== count && !this.#stopping) this.#enqueue(series);
    else this.#sendMore();
  }

  #afterFailure(series: EventSeries, failure: KubeFailure): void {
    const { clock, log } = this.#options;
    const { event, tries } = series;
    const retry = retryFor(failure);
    if (retry.kind !== 'backoff' || tries >= MAX_TRIES || this.#stopping) {
      series.state = 'idle';
      if (!this.#failures.isNews(namespaceOf(event), failure.kind)) return;
      log.warn('Event lost', { ...logFieldsOf(event), failure: failure.message });
      return;
    }
    series.state = 'backing-off';
    const pauseMs = Math.max(
      retry.notBeforeMs,
      backoffMs(BACKOFF, tries, () => 0),
    );
    const resume = () => {
      this.#backingOff.delete(series);
      this.#enqueue(series);
    };
    this.#backingOff.set(series, clock.schedule(pauseMs, resume));
  }
}

function logFieldsOf({ regarding, reason }: EventRecord) {
  return { object: describeRef(refOf(regarding)), reason };
}
