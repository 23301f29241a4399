/**
 * Tells what happened as core/v1 Events. Best effort by design: it never blocks its caller, never
 * throws, and drops what is too much. An event and its repetitions are one object whose count grows,
 * written by server-side apply, so that a repeated request cannot make a second one.
 *
 *     waiting ──► sending ──► sent
 *        ▲           └──► resting, alone, and after its last try lost
 *        └───────────────────┘
 *
 * No event waits for another one that fails: those of other namespaces are sent beside it, those of its
 * own while it rests.
 */
import { failureOf, type KubeFailure, retryFor } from '../base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../base/kube-object.ts';
import { backoffMs, type Cancel, type Clock, toTime } from '../base/time.ts';
import type { Log } from '../telemetry/log.ts';
import { createRepeats, type Repeats } from '../telemetry/repeats.ts';
import { FIELD_MANAGER, type KubeClient } from './client.ts';
import { createLru } from './lru.ts';

export interface EventRecord {
  /** Whom it happened to; its namespace holds the event. */
  readonly about: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, for machines. */
  readonly reason: string;
  /** A sentence. Cut after 1024 characters. */
  readonly message: string;
  /** What was done, CamelCase. Default: not said. */
  readonly action?: string;
}

export interface EventRecorder {
  record(event: EventRecord): void;
  /** Sends what is queued, for at most `deadlineMs` (default 1000), and drops the rest. Final. */
  stop(deadlineMs?: number): Promise<void>;
}

export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, 'apply'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The numbers of client-go's recorder for core/v1, except for the tries: fewer, and further apart. */
const SAME_EVENT_WITHIN_MS = 10 * 60_000;
const BURST_PER_OBJECT = 25;
const REFILL_MS = 5 * 60_000;
const MAX_ENTRIES = 4096;
/** Events that wait or rest. */
const MAX_QUEUED = 1000;
/** Tries of one event within about five minutes: an API server that is away for less loses none. */
const MAX_TRIES = 6;
const REST = { baseMs: 10_000, capMs: 160_000, jitter: 0 } as const;
/** Requests at the same time: one for each namespace, so that one in which all fail slowly stays alone. */
const MAX_SENDING = 16;
const SEND_TIMEOUT_MS = 10_000;
const MAX_MESSAGE_LENGTH = 1024;
const DEFAULT_FLUSH_MS = 1_000;

/** An event and its repetitions. The count moves on while it waits, is sent, or rests. */
interface Series {
  readonly event: EventRecord;
  readonly name: string;
  readonly first: string;
  last: string;
  lastAtMs: number;
  count: number;
  state: 'told' | 'waiting' | 'sending' | 'resting';
  tries: number;
}

interface Bucket {
  readonly tokens: number;
  readonly filledAtMs: number;
}

/** A recorder that starts to send with the first record. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new Recorder(options);
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = createLru<Series>(MAX_ENTRIES);
  readonly #buckets = createLru<Bucket>(MAX_ENTRIES);
  readonly #troubles: Repeats;
  readonly #waiting = new Set<Series>();
  readonly #resting = new Map<Series, Cancel>();
  /** Namespaces with a request under way. */
  readonly #busy = new Set<string>();
  readonly #giveUp = new AbortController();
  readonly #empty = Promise.withResolvers<void>();
  #stopping = false;
  #names = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#troubles = createRepeats(options.clock);
  }

  record(event: EventRecord): void {
    if (this.#stopping) return;
    const series = this.#count(event);
    if (series.state !== 'told' || !this.#mayTell(event.about)) return;
    if (this.#waiting.size + this.#resting.size >= MAX_QUEUED) {
      this.#options.log.debug('Event dropped: the queue is full', fieldsOf(series));
      return;
    }
    series.tries = 0;
    this.#wait(series);
  }

  async stop(deadlineMs = DEFAULT_FLUSH_MS): Promise<void> {
    this.#stopping = true;
    const cancel = this.#options.clock.schedule(deadlineMs, () => this.#giveUp.abort());
    for (const [series, cancelRest] of this.#resting) {
      cancelRest();
      this.#waiting.add(series);
    }
    this.#resting.clear();
    this.#sendMore();
    await this.#empty.promise;
    cancel();
  }

  #count(event: EventRecord): Series {
    const { clock } = this.#options;
    const key = keyOf(event);
    const nowMs = clock.nowMs();
    const last = toTime(clock.wallClock());
    const known = this.#series.get(key);
    if (known !== undefined && nowMs - known.lastAtMs < SAME_EVENT_WITHIN_MS) {
      return Object.assign(known, { last, lastAtMs: nowMs, count: known.count + 1 });
    }
    const fresh = { event, name: this.#nextName(event.about), first: last, last };
    const series: Series = { ...fresh, lastAtMs: nowMs, count: 1, state: 'told', tries: 0 };
    this.#series.set(key, series);
    return series;
  }

  /** `edge.18c2f0a1b2c001`: the instant and a number of our own make it unique. */
  #nextName(about: KubeObject): string {
    this.#names += 1;
    const instant = this.#options.clock.wallClock().getTime().toString(16);
    const number = (this.#names % 4096).toString(16).padStart(3, '0');
    return `${about.metadata.name.slice(0, 200)}.${instant}${number}`;
  }

  /** A bucket of tokens for each object: a storm of events about one leaves the others audible. */
  #mayTell(about: KubeObject): boolean {
    const nowMs = this.#options.clock.nowMs();
    const key = identityOf(about);
    const bucket = this.#buckets.get(key) ?? { tokens: BURST_PER_OBJECT, filledAtMs: nowMs };
    const refills = Math.floor((nowMs - bucket.filledAtMs) / REFILL_MS);
    const tokens = Math.min(BURST_PER_OBJECT, bucket.tokens + refills);
    const filledAtMs = bucket.filledAtMs + refills * REFILL_MS;
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), filledAtMs });
    return tokens > 0;
  }

  #wait(series: Series): void {
    series.state = 'waiting';
    this.#waiting.add(series);
    this.#sendMore();
  }

  #sendMore(): void {
    if (this.#giveUp.signal.aborted) this.#waiting.clear();
    for (const series of this.#waiting) {
      if (this.#busy.size >= MAX_SENDING) break;
      if (!this.#busy.has(namespaceOf(series))) void this.#send(series);
    }
    if (this.#stopping && this.#waiting.size === 0 && this.#busy.size === 0) this.#empty.resolve();
  }

  async #send(series: Series): Promise<void> {
    const { signal } = this.#giveUp;
    this.#waiting.delete(series);
    this.#busy.add(namespaceOf(series));
    series.state = 'sending';
    series.tries += 1;
    const { count } = series;
    try {
      const options = { conflicts: 'force', signal, timeoutMs: SEND_TIMEOUT_MS } as const;
      await this.#options.client.apply(toObject(series), options);
      series.state = 'told';
      series.tries = 0;
      this.#troubles.isOver(namespaceOf(series));
    } catch (error) {
      this.#afterFailure(series, failureOf(error));
    }
    this.#busy.delete(namespaceOf(series));
    // It happened again meanwhile: the object is to say how often.
    if (series.state === 'told' && series.count !== count && !this.#stopping) this.#wait(series);
    else this.#sendMore();
  }

  #afterFailure(series: Series, failure: KubeFailure): void {
    const { clock, log } = this.#options;
    const retry = retryFor(failure);
    if (retry.kind !== 'backoff' || series.tries >= MAX_TRIES || this.#stopping) {
      series.state = 'told';
      if (!this.#troubles.isNews(namespaceOf(series), failure.kind)) return;
      log.warn('Event lost', { ...fieldsOf(series), failure: failure.message });
      return;
    }
    series.state = 'resting';
    const restMs = Math.max(
      retry.notBeforeMs,
      backoffMs(REST, series.tries, () => 0),
    );
    const wake = () => {
      this.#resting.delete(series);
      this.#wait(series);
    };
    this.#resting.set(series, clock.schedule(restMs, wake));
  }
}

function namespaceOf({ event }: Series): string {
  return event.about.metadata.namespace ?? 'default';
}

function toObject({ event, name, first, last, count }: Series): KubeObject {
  const { about, type, reason, message, action } = event;
  const { namespace } = about.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: namespace ?? 'default' },
    involvedObject: { ...refOf(about), uid: about.metadata.uid },
    type,
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    ...(action === undefined ? {} : { action }),
    count,
    firstTimestamp: first,
    lastTimestamp: last,
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
  };
}

function keyOf(event: EventRecord): string {
  return JSON.stringify([identityOf(event.about), event.type, event.reason, event.message]);
}

function identityOf(about: KubeObject): string {
  return `${about.metadata.uid ?? ''} ${describeRef(refOf(about))}`;
}

function fieldsOf({ event }: Series) {
  return { object: describeRef(refOf(event.about)), reason: event.reason };
}
