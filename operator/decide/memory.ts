/**
 * The little that the caches cannot tell: when, on our own clock, things were last seen.
 * Losing it (a restart) costs at most one worst-case failover time of patience.
 */
import type { LeaseFacts, PodFacts } from './facts.ts';
import { podOfHolder } from './facts.ts';

export interface Memory {
  /** The last holder that was one of our pods. */
  readonly knownHolder?: string;
  /** When that holder, or its successor, last showed a sign of life, on our clock. */
  readonly lastSignAtMs?: number;
  /** Since when fewer replicas are ready than asked for. */
  readonly shortSinceMs?: number;
  /** Since when replicas are ready without a holder that we know. */
  readonly readyWithoutLeaderSinceMs?: number;
  /** Fingerprints of differences that the server has shown to be none. */
  readonly harmless: ReadonlySet<string>;
  /** The Lease is missing although it should be there. */
  readonly missingLease?: MissingLease;
}

export interface MissingLease {
  readonly sinceMs: number;
  /** As our watch saw it go. Missing: it went, or never was, before we looked. */
  readonly last?: LostLease;
}

export interface LostLease {
  /** Tells a Lease that has lost our labels from another one of its name. */
  readonly uid?: string;
  /** Its last record. */
  readonly spec: Readonly<Record<string, unknown>>;
}

export const emptyMemory: Memory = { harmless: new Set() };

export interface Seen {
  readonly lease?: LeaseFacts;
  /** When the Lease's record last changed, on our clock. */
  readonly leaseChangedAtMs?: number;
  readonly lostLease?: LostLease;
  readonly pods: readonly PodFacts[];
  readonly readyReplicas: number;
  readonly wantedReplicas: number;
  /** The holder that the status names: all that is known after a restart. */
  readonly reportedHolder?: string;
  readonly nowMs: number;
}

/** The next memory after one more look. */
export function remember(memory: Memory, seen: Seen): Memory {
  const sign = lastSign(memory, seen);
  const short = seen.readyReplicas < seen.wantedReplicas;
  const leaderless = seen.readyReplicas > 0 && sign.knownHolder === undefined;
  const { shortSinceMs, readyWithoutLeaderSinceMs, missingLease, ...rest } = memory;
  return {
    ...rest,
    ...sign,
    ...(seen.lease === undefined && {
      missingLease: {
        sinceMs: missingLease?.sinceMs ?? seen.nowMs,
        ...(seen.lostLease !== undefined && { last: seen.lostLease }),
      },
    }),
    ...(short && { shortSinceMs: shortSinceMs ?? seen.nowMs }),
    ...(leaderless && { readyWithoutLeaderSinceMs: readyWithoutLeaderSinceMs ?? seen.nowMs }),
  };
}

function lastSign(memory: Memory, seen: Seen): Pick<Memory, 'knownHolder' | 'lastSignAtMs'> {
  const { lease, leaseChangedAtMs } = seen;
  if (lease === undefined || lease.holder === '' || leaseChangedAtMs === undefined) return {};
  const known =
    podOfHolder(lease.holder, seen.pods) !== undefined ||
    lease.holder === (memory.knownHolder ?? seen.reportedHolder);
  if (!known) return {};
  return {
    knownHolder: lease.holder,
    lastSignAtMs: Math.max(memory.lastSignAtMs ?? leaseChangedAtMs, leaseChangedAtMs),
  };
}
