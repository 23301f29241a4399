/** What is remembered of each leader, and what is reported of each change. Instants in ms on our clock. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { FailoverDecision, FailoverFacts, FailoverMemory } from './types.ts';

/** The time for which one holder had the Lease, as far as it was observed. */
export interface Tenure {
  readonly identity: string;
  readonly podUid?: string;
  /** When the record last changed under this holder: it lived then. Missing: no change was observed. */
  readonly lastRenewalAtMs?: number;
  /** The record as last observed. */
  readonly record: string;
  /** Uids of the other pods that could have led at that time. */
  readonly standbys: readonly string[];
  /** Why it ended, or ends: the first cause that was observed. */
  readonly cause?: Cause;
  /** What was decided last about it. */
  readonly decision: FailoverDecision;
  /** Since when the Lease would have been freed, had the mode allowed it. */
  readonly observedAtMs?: number;
}

/** What is remembered of one resource. */
export interface HistoryMemory {
  /** The Lease was observed before: a new holder has taken it since. */
  readonly isWatched: boolean;
  readonly tenure?: Tenure;
  /** When leaders lost the Lease while their process still ran. */
  readonly lossesAtMs: readonly number[];
}

/** A change of leader; the failover loop adds the time. */
export type LeadershipChange = Omit<FailoverRecord, 'time'>;

/** What one snapshot adds to the history. */
export interface HistoryInput {
  readonly facts: FailoverFacts;
  readonly memory: FailoverMemory;
  readonly decision: FailoverDecision;
  readonly wantedReplicas: number;
  readonly renewDeadlineMs: number;
  /** A right that kept the operator from acting. */
  readonly missingRight?: string;
  readonly nowMs: number;
}

/** Why a leader ended, as the status reports it. */
export type Cause = FailoverRecord['cause'];
