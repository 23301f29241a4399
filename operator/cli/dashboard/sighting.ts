/**
 * What was seen of a Lease while somebody looked: when it was last renewed, and who followed whom. As
 * electors do, it goes by our own monotonic clock, since the times in a Lease are of other machines.
 */
import { canonicalJson } from '../../base/canonical-json.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { recordOf } from '../../decide/observed/lease-record.ts';
import type { Handover, PageLease } from './message.ts';

export interface Sighting {
  /** The whole spec, to tell whether it has changed. */
  readonly record: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** Whoever holds it, or held it last. */
  readonly last?: { readonly identity: string; readonly signAtMs?: number };
  /** Newest first. */
  readonly handovers: readonly Handover[];
}

/** One instant on both clocks. */
export interface Instant {
  /** Monotonic. */
  readonly nowMs: number;
  /** The calendar. */
  readonly wall: Date;
}

const NOTHING: Sighting = { record: '', holder: '', handovers: [] };
/** As many as a resource tells. */
const KEPT_HANDOVERS = 10;

/** The next sighting after one more look. `lease`: undefined when there is none. */
export function sight(
  before: Sighting | undefined,
  lease: KubeObject | undefined,
  at: Instant,
): Sighting {
  const { holderIdentity: holder } = recordOf(lease?.spec);
  const record = canonicalJson(lease?.spec ?? {});
  if (before === undefined) {
    // When it was renewed is not known: nobody looked.
    return { ...NOTHING, record, ...(holder !== '' && held(holder)) };
  }
  if (record === before.record) return before;
  const { last, handovers } = before;
  if (holder === '') {
    return { record, holder, handovers, ...(last && { last }) };
  }
  const next = { record, ...held(holder, at.nowMs) };
  if (last === undefined || last.identity === holder) return { ...next, handovers };
  const handover = handoverTo(holder, last, at);
  return { ...next, handovers: [handover, ...handovers].slice(0, KEPT_HANDOVERS) };
}

function held(identity: string, signAtMs?: number) {
  const last = { identity, ...(signAtMs !== undefined && { signAtMs }) };
  return { holder: identity, last };
}

function handoverTo(
  holder: string,
  { identity, signAtMs }: NonNullable<Sighting['last']>,
  { nowMs, wall }: Instant,
): Handover {
  return {
    time: wall.toISOString(),
    fromIdentity: identity,
    toIdentity: holder,
    ...(signAtMs !== undefined && { leaderlessMilliseconds: Math.round(nowMs - signAtMs) }),
  };
}

/** What the page counts with. `expiresInMs` as the calendars have it, used until a renewal was seen. */
export function countdown(
  { holder, last }: Sighting,
  lease: { readonly durationMs?: number; readonly expiresInMs?: number },
  nowMs: number,
): Pick<PageLease, 'expiresInMs' | 'vacant'> {
  if (holder === '') {
    if (last === undefined) return { vacant: {} };
    const { identity: after, signAtMs } = last;
    return {
      vacant: { after, ...(signAtMs !== undefined && { forMs: Math.round(nowMs - signAtMs) }) },
    };
  }
  const { durationMs, expiresInMs } = lease;
  if (durationMs === undefined) return {};
  if (last?.signAtMs !== undefined) {
    return { expiresInMs: Math.round(durationMs - (nowMs - last.signAtMs)) };
  }
  return expiresInMs === undefined ? {} : { expiresInMs: Math.min(durationMs, expiresInMs) };
}

/** What the operator has told, and what was seen since, newest first. */
export function mergeHandovers(
  told: readonly Handover[],
  seen: readonly Handover[],
): readonly Handover[] {
  const news = seen.filter((one) => !told.some((other) => isSame(one, other)));
  return [...news, ...told]
    .toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))
    .slice(0, KEPT_HANDOVERS);
}

/** Each process has an identity of its own, so the same change does not come twice. */
function isSame(a: Handover, b: Handover): boolean {
  return a.fromIdentity === b.fromIdentity && a.toIdentity === b.toIdentity;
}
