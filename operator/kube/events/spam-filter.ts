/** client-go's EventSourceObjectSpamFilter: a token bucket for each object that events are about. */
import type { KubeObject } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';
import { createLru } from '../lru.ts';
import { objectKey } from './event.ts';

/** Keeps a storm of events about one object from drowning those about others. */
export interface SpamFilter {
  /** Takes a token of the object's bucket. False: there is none, and the event is to be dropped. */
  allows(regarding: KubeObject): boolean;
}

/** Tokens of a full bucket: client-go's defaultSpamBurst (v0.37, tools/record/events_cache.go). */
const BURST = 25;
/** One more token each 5 minutes: client-go's defaultSpamQPS, 1/300. */
const REFILL_MS = 5 * 60_000;
/** Objects whose bucket is known; beyond that the one used longest ago is full again. client-go's maxLruCacheEntries. */
const MAX_OBJECTS = 4096;

interface Bucket {
  readonly tokens: number;
  readonly filledAtMs: number;
}

/** A filter whose buckets are full. */
export function createSpamFilter(clock: Pick<Clock, 'nowMs'>): SpamFilter {
  const buckets = createLru<Bucket>(MAX_OBJECTS);
  return {
    allows(regarding) {
      const nowMs = clock.nowMs();
      const key = objectKey(regarding);
      const bucket = buckets.get(key) ?? { tokens: BURST, filledAtMs: nowMs };
      const refills = Math.floor((nowMs - bucket.filledAtMs) / REFILL_MS);
      const tokens = Math.min(BURST, bucket.tokens + refills);
      const filledAtMs = bucket.filledAtMs + refills * REFILL_MS;
      buckets.set(key, { tokens: Math.max(0, tokens - 1), filledAtMs });
      return tokens > 0;
    },
  };
}
