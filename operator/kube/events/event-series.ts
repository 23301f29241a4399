/**
 * Which events are repetitions of one that is known, so that they count up one Event object instead of making another:
 * client-go's eventLogger (tools/record/events_cache.go).
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { type Clock, toTime } from '../../base/time.ts';
import { createLru } from '../lru.ts';
import { type EventRecord, eventKey, type Occurrences } from './event.ts';

/** An event and its repetitions. Count and times move on while it is queued, sent, or backs off. */
export interface EventSeries extends Occurrences {
  last: string;
  count: number;
  /** When it last happened, in ms on the monotonic clock. */
  lastAtMs: number;
  /** `idle`: there is nothing to send, since it has been sent, dropped or given up. */
  state: 'idle' | 'queued' | 'sending' | 'backing-off';
  /** Requests since it was queued anew. */
  tries: number;
}

/** The series that have happened lately. */
export interface EventSeriesCache {
  /** The series of this event, with this occurrence counted. A new one is `idle`. */
  observe(event: EventRecord): EventSeries;
}

/** The same event after a longer pause is a new one: client-go's defaultAggregateIntervalInSeconds. */
const SAME_WITHIN_MS = 10 * 60_000;
/** Series that are known, client-go's maxLruCacheEntries. Beyond that the one seen longest ago is forgotten. */
const MAX_SERIES = 4096;

/** No event has happened yet. */
export function createEventSeriesCache(clock: Clock): EventSeriesCache {
  const known = createLru<EventSeries>(MAX_SERIES);
  let names = 0;

  /** `edge.18c2f0a1b2c001`: the instant and a number of our own make it unique. */
  function nextName({ metadata }: KubeObject): string {
    names += 1;
    const instant = clock.wallClock().getTime().toString(16);
    const number = (names % 4096).toString(16).padStart(3, '0');
    return `${metadata.name.slice(0, 200)}.${instant}${number}`;
  }

  return {
    observe(event) {
      const key = eventKey(event);
      const nowMs = clock.nowMs();
      const last = toTime(clock.wallClock());
      const series = known.get(key);
      if (series !== undefined && nowMs - series.lastAtMs < SAME_WITHIN_MS) {
        series.last = last;
        series.lastAtMs = nowMs;
        series.count += 1;
        return series;
      }
      const started: EventSeries = {
        event,
        name: nextName(event.regarding),
        first: last,
        last,
        lastAtMs: nowMs,
        count: 1,
        state: 'idle',
        tries: 0,
      };
      known.set(key, started);
      return started;
    },
  };
}
