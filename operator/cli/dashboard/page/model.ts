/** The state of the page as a value: the next one follows from this one and a message. */
import type { FeedEvent, PageInstance, PageState } from '../message.ts';

/** Everything that is shown. */
export interface Model {
  readonly scope?: PageState['scope'];
  readonly synced: boolean;
  readonly problems: PageState['problems'];
  /** Sorted by namespace and name. */
  readonly instances: readonly Known[];
  /** Calendar of the server minus the browser's own monotonic clock. */
  readonly calendarMs: number;
  /** When the last message came, on that monotonic clock. */
  readonly receivedAtMs: number;
}

/** An instance, and when its Lease was received: durations in it count from then. */
export interface Known extends PageInstance {
  readonly leaseReceivedAtMs: number;
}

/** Before the first message. */
export const NOTHING: Model = {
  synced: false,
  problems: [],
  instances: [],
  calendarMs: 0,
  receivedAtMs: 0,
};

/** `atMs`: when the message came, on the monotonic clock of the browser. */
export function apply(model: Model, { event, data }: FeedEvent, atMs: number): Model {
  const received = { ...model, receivedAtMs: atMs };
  switch (event) {
    case 'state': {
      const { nowMs, instances, ...rest } = data;
      const known = instances.map((one) => ({ ...one, leaseReceivedAtMs: atMs }));
      return { ...received, ...rest, instances: known, calendarMs: nowMs - atMs };
    }
    case 'change': {
      const before = model.instances.find(({ key }) => key === data.key);
      const others = model.instances.filter(({ key }) => key !== data.key);
      const next = changed(before, data, atMs);
      const instances = [...others, next].toSorted((a, b) => (a.key < b.key ? -1 : 1));
      return { ...received, instances, calendarMs: data.nowMs - atMs };
    }
    case 'gone':
      return { ...received, instances: model.instances.filter(({ key }) => key !== data.key) };
    case 'health':
      return { ...received, ...data };
  }
}

function changed(
  before: Known | undefined,
  { set, unset }: Extract<FeedEvent, { event: 'change' }>['data'],
  atMs: number,
): Known {
  const kept = Object.entries(before ?? {}).filter(([field]) => !unset.includes(field));
  const leaseReceivedAtMs = set.lease === undefined ? (before?.leaseReceivedAtMs ?? atMs) : atMs;
  // The server sends whole fields, and a new instance with all of them.
  return { ...Object.fromEntries(kept), ...set, leaseReceivedAtMs } as Known;
}

/** How leadership stands, at an instant of the browser's monotonic clock. */
export type Leadership =
  | { readonly kind: 'led'; readonly leftMs: number; readonly ofMs: number }
  | { readonly kind: 'overdue'; readonly byMs: number }
  /** Nobody leads; since when is missing where it was not seen. */
  | { readonly kind: 'vacant'; readonly forMs?: number; readonly after?: string }
  /** Held, for how long is not known. */
  | { readonly kind: 'held' }
  /** There is no Lease, or none that may be read. */
  | { readonly kind: 'none' };

/** `atMs`: on the browser's monotonic clock. */
export function leadershipOf({ lease, leaseReceivedAtMs }: Known, atMs: number): Leadership {
  if (lease === undefined) return { kind: 'none' };
  const passedMs = Math.max(0, atMs - leaseReceivedAtMs);
  const { vacant, expiresInMs, durationMs } = lease;
  if (vacant !== undefined) {
    const { forMs, ...rest } = vacant;
    return { kind: 'vacant', ...rest, ...(forMs !== undefined && { forMs: forMs + passedMs }) };
  }
  if (expiresInMs === undefined || durationMs === undefined) {
    return lease.holder === '' ? { kind: 'none' } : { kind: 'held' };
  }
  const leftMs = expiresInMs - passedMs;
  return leftMs < 0
    ? { kind: 'overdue', byMs: -leftMs }
    : { kind: 'led', leftMs, ofMs: durationMs };
}

/** What a screen reader shall say when one instance turns into the next; undefined: nothing. */
export function announcementBetween(before: Known | undefined, after: Known): string | undefined {
  const was = before?.lease?.holder;
  const is = after.lease?.holder;
  if (was === undefined || is === undefined || was === is) return undefined;
  if (is === '') return `${after.name} has no leader now`;
  const [newest] = after.handovers;
  const gapMs = newest?.toIdentity === is ? newest.leaderlessMilliseconds : undefined;
  const afterGap =
    gapMs === undefined ? '' : `, after at most ${(gapMs / 1000).toFixed(1)} s without a leader`;
  return `${after.name}: ${after.leader?.podName ?? is} leads now${afterGap}`;
}
