/**
 * The election of the operator itself, as client-go holds it, decided from one look at the Lease:
 *
 *   never the Lease's times ── only how long, on our own clock, its record has not changed
 *   held by another ─────────► follow, until the record has rested for its own duration
 *   released ────────────────► acquire
 *   vacant ──────────────────► follow for a while: a living leader would fill it again
 *   held by us ──────────────► renew; while leading, another's name means stand down at once
 *
 * Stricter than client-go in two places: a leader that sees another holder stands down at once, and
 * a Lease that was deleted or emptied by hand is not taken before its leader could have answered.
 *
 * One gap stays (docs/adr/0034-a-lease-deleted-by-hand.md): who has never seen a Lease cannot tell a
 * deleted one from a new installation, and then waits for a living leader to write, not for a dead
 * one's deadline.
 */
import { canonicalJson } from '../../base/canonical-json.ts';
import { unreachable } from '../../base/failure.ts';
import type { LeaseRecord, ObservedLease } from '../observed/lease-record.ts';

/** The three times of an election, in ms. */
export interface ElectionSettings {
  /** How long a candidate must see no change before it may take over. Whole seconds; default 15 s. */
  readonly leaseDurationMs: number;
  /** How long a leader acts after it sent its last successful renewal. Default 10 s. */
  readonly renewDeadlineMs: number;
  /** Pause between two renewals, and base of a candidate's polling. Default 2 s. */
  readonly retryPeriodMs: number;
}

/** Up to this many retry periods a candidate adds to its pause, by chance: client-go's JitterFactor. */
export const POLL_JITTER = 1.2;

/**
 * A Lease that is missing when a process first looks is left alone for this many retry periods: a
 * leader that reaches the API server would have written it again by then.
 */
const FRESH_PERIODS = 1.5;

/** What one candidate knows between two looks. A new process starts with `noMemory`. */
export interface ElectionMemory {
  /** Canonical text of what was seen last; any change of it restarts the wait. */
  readonly seen?: string;
  /** When that was seen first, on our clock. */
  readonly seenAtMs: number;
  /** How long after `seenAtMs` it is respected. */
  readonly respectMs: number;
  /** The last record that named a holder: what a deleted Lease is written again from. */
  readonly lastHeld?: LeaseRecord;
  /** Only while leading: send time of the last successful renewal plus the renew deadline. */
  readonly leadingUntilMs?: number;
}

export const noMemory: ElectionMemory = { seenAtMs: 0, respectMs: 0 };

/** Who decides, and by which settings. */
export interface Candidate {
  /** Unique for each process: `<hostname>_<uuid>`. */
  readonly identity: string;
  readonly settings: ElectionSettings;
}

/** One look at the Lease. */
export interface Look {
  readonly observed: ObservedLease;
  /** When the answer arrived, on our clock. */
  readonly nowMs: number;
  /** The calendar then, as MicroTime. Goes into records; nothing is ever measured with it. */
  readonly timestamp: string;
}

export type ElectionDecision =
  | { readonly kind: 'follow'; readonly untilMs: number } // nothing to do before then
  | { readonly kind: 'acquire'; readonly record: LeaseRecord }
  | { readonly kind: 'renew'; readonly record: LeaseRecord }
  | { readonly kind: 'stand-down'; readonly because: 'another-holder' | 'deadline-passed' };

export interface ElectionResult {
  readonly memory: ElectionMemory;
  readonly decision: ElectionDecision;
}

/** The next memory and what to do, from one look. Every write it asks for is conditional. */
export function decideElection(
  memory: ElectionMemory,
  look: Look,
  candidate: Candidate,
): ElectionResult {
  const next = remember(memory, look, candidate);
  return { memory: next, decision: decide(next, look, candidate) };
}

/** Memory after a write of ours succeeded that was sent at `sentAtMs`: from then on we lead. */
export function rememberWrite(
  record: LeaseRecord,
  sentAtMs: number,
  candidate: Candidate,
): ElectionMemory {
  return {
    seen: canonicalJson(record),
    seenAtMs: sentAtMs,
    respectMs: respectOf(record, candidate.settings),
    lastHeld: record,
    leadingUntilMs: sentAtMs + candidate.settings.renewDeadlineMs,
  };
}

/** The record that renews ours: acquireTime and transitions stay. */
export function renewedRecord(
  record: LeaseRecord,
  candidate: Candidate,
  timestamp: string,
): LeaseRecord {
  return { acquireTime: timestamp, ...record, ...holding(candidate), renewTime: timestamp };
}

/** What is wrong with these settings, one sentence each; empty when they are sound. */
export function checkElectionSettings(settings: ElectionSettings): readonly string[] {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = settings;
  const duration = `The lease duration (${seconds(leaseDurationMs)})`;
  const deadline = `the renew deadline (${seconds(renewDeadlineMs)})`;
  const period = `the retry period (${seconds(retryPeriodMs)})`;
  const problems: string[] = [];
  if (!(leaseDurationMs >= 1000) || leaseDurationMs % 1000 !== 0) {
    problems.push(`${duration} must be whole seconds, at least one: a Lease stores no fractions.`);
  }
  if (!(leaseDurationMs > renewDeadlineMs)) {
    problems.push(`${duration} must be longer than ${deadline}.`);
  }
  if (!(retryPeriodMs > 0)) problems.push(`T${period.slice(1)} must be above 0.`);
  if (!(renewDeadlineMs > POLL_JITTER * retryPeriodMs)) {
    problems.push(`T${deadline.slice(1)} must be more than ${POLL_JITTER} times ${period}.`);
  }
  return problems;
}

function remember(memory: ElectionMemory, look: Look, candidate: Candidate): ElectionMemory {
  const { observed } = look;
  const seen = canonicalJson(observed.kind === 'absent' ? 'absent' : observed.record);
  const lastHeld = observed.kind === 'held' ? observed.record : memory.lastHeld;
  const kept = { ...memory, ...(lastHeld && { lastHeld }) };
  if (seen === memory.seen) return kept;
  return { ...kept, seen, seenAtMs: look.nowMs, respectMs: respect(memory, observed, candidate) };
}

/** How long a sight is respected from the moment in which it first appears. */
function respect(memory: ElectionMemory, observed: ObservedLease, { settings }: Candidate): number {
  switch (observed.kind) {
    case 'held':
      return respectOf(observed.record, settings);
    case 'released':
      return 0;
    case 'emptied':
      // Somebody has held it, who may lead on although we cannot see it.
      return Math.max(
        respectOf(observed.record, settings),
        memory.seen === undefined ? 0 : respectOfVanished(memory, settings),
      );
    case 'absent':
      // On a first look most likely a new installation: a leader, if there is one, soon writes again.
      return memory.seen === undefined
        ? FRESH_PERIODS * settings.retryPeriodMs
        : respectOfVanished(memory, settings);
    default:
      return unreachable(observed);
  }
}

/** Of a holder whose record went away: whoever held it last, and whoever may have held it since. */
function respectOfVanished(memory: ElectionMemory, settings: ElectionSettings): number {
  return Math.max(memory.respectMs, settings.leaseDurationMs);
}

/**
 * The record's own duration, ours if it has none: a holder may have other settings than we. Never
 * less than our renew deadline, since a hand that shortens the record does not shorten the leader's.
 */
function respectOf(record: LeaseRecord, settings: ElectionSettings): number {
  const recordedMs = (record.leaseDurationSeconds ?? 0) * 1000;
  const durationMs = recordedMs > 0 ? recordedMs : settings.leaseDurationMs;
  return Math.max(durationMs, settings.renewDeadlineMs);
}

function decide(memory: ElectionMemory, look: Look, candidate: Candidate): ElectionDecision {
  const { observed, nowMs, timestamp } = look;
  const heldByUs =
    observed.kind === 'held' && observed.record.holderIdentity === candidate.identity;
  if (heldByUs || memory.leadingUntilMs !== undefined) {
    return keepLeading(memory, look, candidate);
  }
  const untilMs = memory.seenAtMs + memory.respectMs;
  if (nowMs < untilMs) return { kind: 'follow', untilMs };
  const before = observed.kind === 'absent' ? memory.lastHeld : observed.record;
  return { kind: 'acquire', record: acquiredRecord(before, candidate, timestamp) };
}

/** For a leader, and for a candidate whose acquisition succeeded although its answer was lost. */
function keepLeading(memory: ElectionMemory, look: Look, candidate: Candidate): ElectionDecision {
  const { observed, nowMs, timestamp } = look;
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

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
