/**
 * The election of the operator itself, as client-go holds it (leaderelection.go), decided from one
 * observation of the Lease:
 *
 *   never the Lease's times ── only how long, on our own clock, its record has not changed
 *   held by another ─────────► follow, until the record has been unchanged for its own duration
 *   released ────────────────► acquire
 *   missing, or emptied ─────► follow for a while: a living leader would write its record again
 *   held by us ──────────────► renew; while leading, another's name means stand down at once
 *
 * Stricter than client-go in two places: a leader that observes another holder stands down at once, and
 * a Lease that was deleted or emptied by another client is not taken before its leader could have answered.
 *
 * One gap stays (docs/adr/0034-a-lease-deleted-by-hand.md): a process that has never observed the Lease
 * cannot tell a deleted one from a new installation. It then waits for a living leader to write, and not
 * for the deadline of one that cannot reach the API server.
 */
import { unreachable } from '../../base/failure.ts';
import type { LeaseRecord, ObservedLease } from '../observed/lease-record.ts';
import { type Candidate, type ElectionMemory, rememberObserved } from './memory.ts';

/** One observation of the Lease. */
export interface ElectionInput {
  readonly observed: ObservedLease;
  /** When the answer arrived, on our clock. */
  readonly nowMs: number;
  /** The calendar then, as MicroTime. It is written into records; nothing is ever measured with it. */
  readonly timestamp: string;
}

/** What a candidate, or the leader, is to do now. */
export type ElectionDecision =
  | { readonly kind: 'follow'; readonly untilMs: number } // nothing to do before then
  | { readonly kind: 'acquire'; readonly record: LeaseRecord }
  | { readonly kind: 'renew'; readonly record: LeaseRecord }
  | { readonly kind: 'stand-down'; readonly because: 'another-holder' | 'deadline-passed' };

/** What follows from one observation. */
export interface ElectionResult {
  readonly memory: ElectionMemory;
  readonly decision: ElectionDecision;
}

/** The next memory and what to do, from one observation. Every write it asks for is conditional. */
export function decideElection(
  memory: ElectionMemory,
  input: ElectionInput,
  candidate: Candidate,
): ElectionResult {
  const next = rememberObserved(memory, input, candidate);
  return { memory: next, decision: decide(next, input, candidate) };
}

/** The record that renews ours: acquireTime and transitions stay. `timestamp`: MicroTime. */
export function renewedRecord(
  record: LeaseRecord,
  candidate: Candidate,
  timestamp: string,
): LeaseRecord {
  return { acquireTime: timestamp, ...record, ...holding(candidate), renewTime: timestamp };
}

function decide(
  memory: ElectionMemory,
  input: ElectionInput,
  candidate: Candidate,
): ElectionDecision {
  const { observed, nowMs, timestamp } = input;
  const heldByUs =
    observed.kind === 'held' && observed.record.holderIdentity === candidate.identity;
  if (heldByUs || memory.leadingUntilMs !== undefined) {
    return keepLeading(memory, input, candidate);
  }
  const untilMs = memory.observedAtMs + memory.takeoverAfterMs;
  if (nowMs < untilMs) return { kind: 'follow', untilMs };
  const before = observed.kind === 'absent' ? memory.lastHeld : observed.record;
  return { kind: 'acquire', record: acquiredRecord(before, candidate, timestamp) };
}

/** For a leader, and for a candidate whose acquisition succeeded although its answer was lost. */
function keepLeading(
  memory: ElectionMemory,
  input: ElectionInput,
  candidate: Candidate,
): ElectionDecision {
  const { observed, nowMs, timestamp } = input;
  if (memory.leadingUntilMs !== undefined && nowMs >= memory.leadingUntilMs) {
    return { kind: 'stand-down', because: 'deadline-passed' };
  }
  switch (observed.kind) {
    case 'held':
      return observed.record.holderIdentity === candidate.identity
        ? { kind: 'renew', record: renewedRecord(observed.record, candidate, timestamp) }
        : { kind: 'stand-down', because: 'another-holder' };
    case 'absent': {
      const ours = memory.lastHeld ?? { holderIdentity: candidate.identity, leaseTransitions: 0 };
      return { kind: 'renew', record: renewedRecord(ours, candidate, timestamp) };
    }
    case 'released':
    case 'emptied':
      return { kind: 'acquire', record: acquiredRecord(observed.record, candidate, timestamp) };
    default:
      return unreachable(observed);
  }
}

/** `leaseTransitions` is an int32 of the API and stays at its largest value. */
function acquiredRecord(
  before: LeaseRecord | undefined,
  candidate: Candidate,
  timestamp: string,
): LeaseRecord {
  const transitions = before === undefined ? 0 : before.leaseTransitions + 1;
  return {
    ...holding(candidate),
    acquireTime: timestamp,
    renewTime: timestamp,
    leaseTransitions: Math.min(transitions, 2 ** 31 - 1),
  };
}

function holding({ identity, settings }: Candidate) {
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.floor(settings.leaseDurationMs / 1000),
  };
}
