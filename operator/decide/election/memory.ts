/**
 * What one candidate remembers of the operator's own Lease: the record observed last, and for how long it
 * must stay unchanged before this candidate may take over. Only our own clock is used: the times that
 * others wrote into the record are never measured with.
 */
import { canonicalJson } from '../../base/canonical-json.ts';
import { defined } from '../../base/defined.ts';
import { unreachable } from '../../base/failure.ts';
import type { LeaseRecord, ObservedLease } from '../observed/lease-record.ts';
import type { ElectionSettings } from './settings.ts';

/**
 * A Lease that is missing at the first observation of a process is left alone for this many retry
 * periods: a leader that reaches the API server would have written it again by then.
 */
const FRESH_PERIODS = 1.5;

/** What one candidate knows between two observations. A new process starts with `noMemory`. */
export interface ElectionMemory {
  /** Canonical text of what was observed last (client-go's observedRawRecord); any change restarts the wait. */
  readonly observedText?: string;
  /** When that was observed first, on our clock (client-go's observedTime). */
  readonly observedAtMs: number;
  /** How long after `observedAtMs`, in ms, it must stay unchanged before a takeover. */
  readonly takeoverAfterMs: number;
  /** The last record that named a holder: what a deleted Lease is written again from. */
  readonly lastHeld?: LeaseRecord;
  /** Only while leading: send time of the last successful renewal plus the renew deadline. */
  readonly leadingUntilMs?: number;
}

/** Of a process that has observed nothing yet. */
export const noMemory: ElectionMemory = { observedAtMs: 0, takeoverAfterMs: 0 };

/** Who decides, and by which settings. */
export interface Candidate {
  /** Unique for each process: `<hostname>_<uuid>`. */
  readonly identity: string;
  readonly settings: ElectionSettings;
}

/** The memory after the Lease was observed at `nowMs`, on our clock. */
export function rememberObserved(
  memory: ElectionMemory,
  { observed, nowMs }: { readonly observed: ObservedLease; readonly nowMs: number },
  { settings }: Candidate,
): ElectionMemory {
  const observedText = canonicalJson(observed.kind === 'absent' ? 'absent' : observed.record);
  const lastHeld = observed.kind === 'held' ? observed.record : memory.lastHeld;
  const kept = { ...memory, ...defined({ lastHeld }) };
  if (observedText === memory.observedText) return kept;
  const takeoverAfterMs = takeoverAfter(memory, observed, settings);
  return { ...kept, observedText, observedAtMs: nowMs, takeoverAfterMs };
}

/** The memory after a write of ours succeeded that was sent at `sentAtMs`: from then on we lead. */
export function rememberWrite(
  record: LeaseRecord,
  sentAtMs: number,
  { settings }: Candidate,
): ElectionMemory {
  return {
    observedText: canonicalJson(record),
    observedAtMs: sentAtMs,
    takeoverAfterMs: takeoverAfterRecord(record, settings),
    lastHeld: record,
    leadingUntilMs: sentAtMs + settings.renewDeadlineMs,
  };
}

/** How long, in ms, what is observed must stay unchanged from the moment in which it first appears. */
function takeoverAfter(
  memory: ElectionMemory,
  observed: ObservedLease,
  settings: ElectionSettings,
): number {
  switch (observed.kind) {
    case 'held':
      return takeoverAfterRecord(observed.record, settings);
    case 'released':
      return 0;
    case 'emptied':
      // Its last holder, whose name was removed, may still lead.
      return Math.max(
        takeoverAfterRecord(observed.record, settings),
        memory.observedText === undefined ? 0 : takeoverAfterDeletion(memory, settings),
      );
    case 'absent':
      // At a first observation most likely a new installation: a leader, if there is one, soon writes again.
      return memory.observedText === undefined
        ? FRESH_PERIODS * settings.retryPeriodMs
        : takeoverAfterDeletion(memory, settings);
    default:
      return unreachable(observed);
  }
}

/** For a record that is gone: its last known holder may lead, and one that took it since, unobserved. */
function takeoverAfterDeletion(memory: ElectionMemory, settings: ElectionSettings): number {
  return Math.max(memory.takeoverAfterMs, settings.leaseDurationMs);
}

/**
 * The record's own duration, ours if it has none: a holder may have other settings than we. Never less
 * than our renew deadline: editing the duration in the record does not shorten the leader's own deadline.
 */
function takeoverAfterRecord(record: LeaseRecord, settings: ElectionSettings): number {
  const recordedMs = (record.leaseDurationSeconds ?? 0) * 1000;
  const durationMs = recordedMs > 0 ? recordedMs : settings.leaseDurationMs;
  return Math.max(durationMs, settings.renewDeadlineMs);
}
