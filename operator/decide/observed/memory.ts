/**
 * The little that the caches cannot tell: when, on our own clock, things were last seen.
 * Losing it (a restart) costs at most one worst-case failover time of patience.
 */
import { unreachable } from '../../base/failure.ts';
import { holderAmong } from './holder.ts';
import type { Lease } from './lease.ts';
import type { Pod } from './pod.ts';

export interface Memory {
  /** The last holder that was one of our pods; also when that pod has gone. */
  readonly knownHolder?: string;
  /** Its pod, where its identity tells which of ours. */
  readonly knownPod?: string;
  /** A present holder that is no pod of ours: it leads for somebody else, however often it renews. */
  readonly foreignHolder?: ForeignHolder;
  /** When that holder, or its successor, last showed a sign of life, on our clock. */
  readonly lastRenewalAtMs?: number;
  /** Since when fewer replicas are ready than asked for. */
  readonly shortSinceMs?: number;
  /** Since when replicas are ready without a holder that we know. */
  readonly readyWithoutLeaderSinceMs?: number;
  /** Fingerprints of differences that the server has shown to be none. */
  readonly noOps: ReadonlySet<string>;
  /** The Lease is missing although it should be there. */
  readonly missingLease?: MissingLease;
  /** Uids of Leases that others use too: known also after somebody has taken the mark off one. */
  readonly sharedLeases?: readonly string[];
}

export interface ForeignHolder {
  readonly holder: string;
  /** When the Lease's record last changed, on our clock: the dead do not renew. */
  readonly changedAtMs: number;
}

/** A Lease of ours that is there. */
export interface LabelledLease {
  readonly uid: string;
  /** It carries the mark. */
  readonly shared: boolean;
}

export interface MissingLease {
  readonly sinceMs: number;
  /** As our watch saw it go. Missing: it went, or never was, before we looked. */
  readonly last?: LostLease;
}

export interface LostLease {
  /** Tells a Lease that has lost our labels from another one of its name. */
  readonly uid?: string;
  /** Others use it too. */
  readonly shared?: boolean;
  /** Its last record. */
  readonly spec: Readonly<Record<string, unknown>>;
}

export const emptyMemory: Memory = { noOps: new Set() };

export interface Seen {
  readonly lease?: Lease;
  /** When the Lease's record last changed, on our clock. */
  readonly leaseChangedAtMs?: number;
  readonly lostLease?: LostLease;
  /** All Leases that carry our labels. */
  readonly leases?: readonly LabelledLease[];
  readonly pods: readonly Pod[];
  readonly readyReplicas: number;
  readonly wantedReplicas: number;
  /** The holder that the status names with a pod of ours: all that is known after a restart. */
  readonly reported?: { readonly holder: string; readonly pod: string };
  readonly nowMs: number;
}

/** The next memory after one more look. */
export function remember(memory: Memory, seen: Seen): Memory {
  const short = seen.readyReplicas < seen.wantedReplicas;
  const { shortSinceMs, readyWithoutLeaderSinceMs, missingLease, noOps } = memory;
  const sight = sightOf(memory, seen);
  const shared = sharedLeases(memory, seen);
  const leaderless = seen.readyReplicas > 0 && sight.kind !== 'known';
  return {
    noOps,
    ...leaderMemory(memory, sight),
    ...(seen.lease === undefined && {
      missingLease: {
        sinceMs: missingLease?.sinceMs ?? seen.nowMs,
        ...(seen.lostLease !== undefined && { last: asRemembered(seen.lostLease, shared) }),
      },
    }),
    ...(shared.length > 0 && { sharedLeases: shared }),
    ...(short && { shortSinceMs: shortSinceMs ?? seen.nowMs }),
    ...(leaderless && { readyWithoutLeaderSinceMs: readyWithoutLeaderSinceMs ?? seen.nowMs }),
  };
}

/** Who holds the Lease, as far as we know him. */
type Sight =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'foreign'; readonly foreignHolder: ForeignHolder }
  | {
      readonly kind: 'known';
      readonly holder: string;
      readonly pod?: string;
      readonly renewedAtMs: number;
    };

function sightOf(memory: Memory, seen: Seen): Sight {
  const { lease, leaseChangedAtMs: changedAtMs, reported } = seen;
  if (lease === undefined || lease.holder === '' || changedAtMs === undefined) {
    return { kind: 'nobody' };
  }
  const { holder } = lease;
  const among = holderAmong(holder, seen.pods);
  const pod = among.kind === 'pod' ? among.pod.name : podBefore(memory, holder, reported);
  const isKnown = pod !== undefined || among.kind === 'one-of' || holder === memory.knownHolder;
  if (!isKnown) return { kind: 'foreign', foreignHolder: { holder, changedAtMs } };
  return { kind: 'known', holder, renewedAtMs: changedAtMs, ...(pod !== undefined && { pod }) };
}

/** Of Leases that are there, and of the one that was lost: no other can come back. */
function sharedLeases(memory: Memory, { leases = [], lostLease }: Seen): readonly string[] {
  const remembered = memory.sharedLeases ?? [];
  return [...leases, ...(lostLease === undefined ? [] : [lostLease])].flatMap(({ uid, shared }) =>
    uid !== undefined && (shared || remembered.includes(uid)) ? [uid] : [],
  );
}

function asRemembered(lost: LostLease, shared: readonly string[]): LostLease {
  return lost.uid !== undefined && shared.includes(lost.uid) ? { ...lost, shared: true } : lost;
}

/** Of a holder whose pod has gone, or whom another operator knew. */
function podBefore(
  { knownHolder, knownPod }: Memory,
  holder: string,
  reported: Seen['reported'],
): string | undefined {
  if (holder === knownHolder) return knownPod;
  return knownHolder === undefined && holder === reported?.holder ? reported.pod : undefined;
}

/** While nobody holds it, or a stranger, the last one we knew is remembered. */
function leaderMemory(memory: Memory, sight: Sight) {
  const { knownHolder, knownPod, lastRenewalAtMs } = memory;
  switch (sight.kind) {
    case 'nobody':
    case 'foreign':
      return {
        ...(knownHolder !== undefined && { knownHolder }),
        ...(knownPod !== undefined && { knownPod }),
        ...(lastRenewalAtMs !== undefined && { lastRenewalAtMs }),
        ...(sight.kind === 'foreign' && { foreignHolder: sight.foreignHolder }),
      };
    case 'known':
      return {
        knownHolder: sight.holder,
        ...(sight.pod !== undefined && { knownPod: sight.pod }),
        lastRenewalAtMs: Math.max(lastRenewalAtMs ?? sight.renewedAtMs, sight.renewedAtMs),
      };
    default:
      return unreachable(sight);
  }
}
