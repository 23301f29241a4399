/** The next memory of a resource, from the last one and what one observation shows. */
import { defined } from '../../base/defined.ts';
import { unreachable } from '../../base/failure.ts';
import { holderAmong } from './holder.ts';
import type { Lease } from './lease.ts';
import type { ForeignHolder, LabelledLease, LostLease, Memory } from './memory.ts';
import type { Pod } from './pod.ts';

/** What one observation adds. Instants in ms on our clock. */
export interface MemoryInput {
  readonly lease?: Lease;
  /** When the Lease's record last changed. */
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

/** The next memory after one more observation. */
export function remember(memory: Memory, input: MemoryInput): Memory {
  const { readyReplicas, wantedReplicas, lostLease, nowMs } = input;
  const { shortSinceMs, readyWithoutLeaderSinceMs, missingLease, noOps } = memory;
  const holder = holderState(memory, input);
  const shared = sharedLeases(memory, input);
  const isShort = readyReplicas < wantedReplicas;
  const isLeaderless = readyReplicas > 0 && holder.kind !== 'known';
  return {
    noOps,
    ...leaderMemory(memory, holder),
    ...(input.lease === undefined && {
      missingLease: {
        sinceMs: missingLease?.sinceMs ?? nowMs,
        ...defined({ last: lostLease && asRemembered(lostLease, shared) }),
      },
    }),
    ...defined({
      sharedLeases: shared.length > 0 ? shared : undefined,
      shortSinceMs: isShort ? (shortSinceMs ?? nowMs) : undefined,
      readyWithoutLeaderSinceMs: isLeaderless ? (readyWithoutLeaderSinceMs ?? nowMs) : undefined,
    }),
  };
}

/** Who holds the Lease: no holder, one that was never a pod of this resource, or one that is or was. */
type HolderState =
  | { readonly kind: 'none' }
  | { readonly kind: 'foreign'; readonly foreignHolder: ForeignHolder }
  | {
      readonly kind: 'known';
      readonly holder: string;
      readonly pod?: string;
      readonly renewedAtMs: number;
    };

function holderState(memory: Memory, input: MemoryInput): HolderState {
  const { lease, leaseChangedAtMs: changedAtMs, reported } = input;
  if (lease === undefined || lease.holder === '' || changedAtMs === undefined) {
    return { kind: 'none' };
  }
  const { holder } = lease;
  const among = holderAmong(holder, input.pods);
  const pod = among.kind === 'pod' ? among.pod.name : podBefore(memory, holder, reported);
  const isKnown = pod !== undefined || among.kind === 'one-of' || holder === memory.knownHolder;
  if (!isKnown) return { kind: 'foreign', foreignHolder: { holder, changedAtMs } };
  return { kind: 'known', holder, renewedAtMs: changedAtMs, ...defined({ pod }) };
}

/** Of Leases that are there, and of the one that was lost: no other can come back. */
function sharedLeases(memory: Memory, { leases = [], lostLease }: MemoryInput): readonly string[] {
  const remembered = memory.sharedLeases ?? [];
  return [...leases, ...(lostLease === undefined ? [] : [lostLease])].flatMap(({ uid, shared }) =>
    uid !== undefined && (shared || remembered.includes(uid)) ? [uid] : [],
  );
}

function asRemembered(lost: LostLease, shared: readonly string[]): LostLease {
  return lost.uid !== undefined && shared.includes(lost.uid) ? { ...lost, shared: true } : lost;
}

/** The pod of a holder whose pod has gone, or which the status of an earlier operator names. */
function podBefore(
  { knownHolder, knownPod }: Memory,
  holder: string,
  reported: MemoryInput['reported'],
): string | undefined {
  if (holder === knownHolder) return knownPod;
  return knownHolder === undefined && holder === reported?.holder ? reported.pod : undefined;
}

/** While the Lease has no holder, or a foreign one, the last known holder is remembered. */
function leaderMemory(memory: Memory, state: HolderState) {
  const { knownHolder, knownPod, lastRenewalAtMs } = memory;
  switch (state.kind) {
    case 'none':
      return defined({ knownHolder, knownPod, lastRenewalAtMs });
    case 'foreign':
      return {
        ...defined({ knownHolder, knownPod, lastRenewalAtMs }),
        foreignHolder: state.foreignHolder,
      };
    case 'known':
      return {
        knownHolder: state.holder,
        ...defined({ knownPod: state.pod }),
        lastRenewalAtMs: Math.max(lastRenewalAtMs ?? state.renewedAtMs, state.renewedAtMs),
      };
    default:
      return unreachable(state);
  }
}
