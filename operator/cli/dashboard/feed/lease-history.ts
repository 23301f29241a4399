/**
 * What a Lease has shown while it was watched: when it was last renewed, and who followed whom. As electors do, it goes
 * by our own monotonic clock, since the times in a Lease are those of other machines.
 */
import { canonicalJson } from '../../../base/canonical-json.ts';
import { defined } from '../../../base/defined.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { recordOf } from '../../../decide/observed/lease-record.ts';
import type { Handover, PageLease } from '../message.ts';

/** Of one Lease. */
export interface LeaseHistory {
  /** The whole spec as canonical JSON, to tell whether it has changed. */
  readonly record: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** Whoever holds it, or held it last; its last renewal on the monotonic clock, missing while none was seen. */
  readonly last?: { readonly identity: string; readonly renewedAtMs?: number };
  /** Newest first, at most 10. */
  readonly handovers: readonly Handover[];
}

/** One instant on both clocks. */
export interface Instant {
  /** Monotonic, in ms. */
  readonly nowMs: number;
  /** The calendar. */
  readonly wall: Date;
}

/** As many as the operator keeps in the status of a resource. */
const MAX_HANDOVERS = 10;

/** The history with one more state of the Lease, which was seen at `at`. `lease`: undefined when there is none. */
export function nextHistory(
  before: LeaseHistory | undefined,
  lease: KubeObject | undefined,
  at: Instant,
): LeaseHistory {
  const { holderIdentity: holder } = recordOf(lease?.spec);
  const record = canonicalJson(lease?.spec ?? {});
  if (before === undefined) {
    // When it was renewed is not known: it was not watched then.
    const last = holder === '' ? undefined : { identity: holder };
    return defined({ record, holder, handovers: [], last });
  }
  if (record === before.record) return before;
  const { last, handovers } = before;
  if (holder === '') return defined({ record, holder, handovers, last });
  const next = { record, holder, last: { identity: holder, renewedAtMs: at.nowMs } };
  if (last === undefined || last.identity === holder) return { ...next, handovers };
  const handover = handoverTo(holder, last, at);
  return { ...next, handovers: [handover, ...handovers].slice(0, MAX_HANDOVERS) };
}

function handoverTo(
  holder: string,
  { identity, renewedAtMs }: NonNullable<LeaseHistory['last']>,
  { nowMs, wall }: Instant,
): Handover {
  return defined({
    time: wall.toISOString(),
    fromIdentity: identity,
    toIdentity: holder,
    leaderlessMilliseconds: sinceMs(renewedAtMs, nowMs),
  });
}

/**
 * What the page counts down, in whole ms from `nowMs`, which is monotonic. `lease.expiresInMs`, which goes by the
 * calendars of two machines, is used until a renewal was seen.
 */
export function countdown(
  { holder, last }: LeaseHistory,
  lease: { readonly durationMs?: number; readonly expiresInMs?: number },
  nowMs: number,
): Pick<PageLease, 'expiresInMs' | 'vacant'> {
  if (holder === '') {
    if (last === undefined) return { vacant: {} };
    const forMs = sinceMs(last.renewedAtMs, nowMs);
    return { vacant: defined({ after: last.identity, forMs }) };
  }
  const { durationMs, expiresInMs } = lease;
  if (durationMs === undefined) return {};
  if (last?.renewedAtMs !== undefined) {
    return { expiresInMs: Math.round(durationMs - (nowMs - last.renewedAtMs)) };
  }
  return expiresInMs === undefined ? {} : { expiresInMs: Math.min(durationMs, expiresInMs) };
}

/**
 * The changes of leader that the operator has `recorded`, and those that were `seen` here and are not among them: newest
 * first, at most 10.
 */
export function mergeHandovers(
  recorded: readonly Handover[],
  seen: readonly Handover[],
): readonly Handover[] {
  const further = seen.filter((one) => !recorded.some((other) => isSame(one, other)));
  return [...further, ...recorded]
    .toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))
    .slice(0, MAX_HANDOVERS);
}

/** Each process has an identity of its own, so the same change does not come twice. */
function isSame(a: Handover, b: Handover): boolean {
  return a.fromIdentity === b.fromIdentity && a.toIdentity === b.toIdentity;
}

function sinceMs(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : Math.round(nowMs - atMs);
}
