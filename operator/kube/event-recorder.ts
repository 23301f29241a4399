/**
 * Tells what happened as core/v1 Events. Best effort by design: it never blocks its caller, never
 * throws, and drops what is too much. An event and its repetitions are one object whose count grows,
 * written by server-side apply, so that a repeated request cannot make a second one.
 */
import { failureOf, retryFor } from '../base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../base/kube-object.ts';
import { type Clock, toTime } from '../base/time.ts';
import type { Log } from '../telemetry/log.ts';
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

/** The numbers of client-go's recorder for core/v1, except the shorter queue of tries. */
const SAME_EVENT_WITHIN_MS = 10 * 60_000;
const BURST_PER_OBJECT = 25;
const REFILL_MS = 5 * 60_000;
const MAX_ENTRIES = 4096;
const MAX_QUEUED = 1000;
const MAX_TRIES = 3;
const PAUSE_BETWEEN_TRIES_MS = 10_000;
const SEND_TIMEOUT_MS = 10_000;
const MAX_MESSAGE_LENGTH = 1024;
const DEFAULT_FLUSH_MS = 1_000;

/** An event and its repetitions. The count moves on while it waits in the queue. */
interface Series {
  readonly event: EventRecord;
  readonly name: string;
  readonly first: string;
  last: string;
  lastAtMs: number;
  count: number;
  queued: boolean;
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
  readonly #queue: Series[] = [];
  readonly #giveUp = new AbortController();
  #stopping = false;
  #names = 0;
  #sending: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(event: EventRecord): void {
    if (this.#stopping) return;
    const series = this.#count(event);
    if (series.queued || !this.#mayTell(event.about)) return;
    if (this.#queue.length >= MAX_QUEUED) {
      this.#options.log.debug('Event dropped: the queue is full', fieldsOf(series));
      return;
    }
    series.queued = true;
    this.#queue.push(series);
    this.#sending ??= this.#sendAll();
  }

  async stop(deadlineMs = DEFAULT_FLUSH_MS): Promise<void> {
    this.#stopping = true;
    const cancel = this.#options.clock.schedule(deadlineMs, () => this.#giveUp.abort());
    await this.#sending;
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
    const series: Series = { ...fresh, lastAtMs: nowMs, count: 1, queued: false };
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

  async #sendAll(): Promise<void> {
    for (let series = this.#queue.shift(); series !== undefined; series = this.#queue.shift()) {
      if (this.#giveUp.signal.aborted) break;
      series.queued = false;
      await this.#send(series);
    }
    this.#sending = undefined;
  }

  async #send(series: Series): Promise<void> {
    const { client, clock, log } = this.#options;
    const { signal } = this.#giveUp;
    for (let attempt = 1; attempt <= MAX_TRIES && !signal.aborted; attempt += 1) {
      try {
        const options = { conflicts: 'force', signal, timeoutMs: SEND_TIMEOUT_MS } as const;
        await client.apply(toObject(series), options);
        return;
      } catch (error) {
        const failure = failureOf(error);
        const hopeless = retryFor(failure).kind !== 'backoff' || this.#stopping;
        if (hopeless || attempt === MAX_TRIES) {
          log.warn('Event lost', { ...fieldsOf(series), failure: failure.message });
          return;
        }
      }
      await clock.sleep(PAUSE_BETWEEN_TRIES_MS, signal);
    }
  }
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
