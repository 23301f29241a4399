/** What failover decides on, what it remembers, and what it answers: the types that its files share. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { Lease } from '../observed/lease.ts';
import type { Pod } from '../observed/pod.ts';

/** The time of one holder, as far as it was seen. Instants are on our clock. */
export interface Tenure {
  readonly identity: string;
  readonly podUid?: string;
  /** The last change of the record by this holder: it lived then. Missing: none was seen. */
  readonly lastRenewalAtMs?: number;
  readonly record: string;
  /** Uids of the other pods that could have led at the last sign. */
  readonly standbys: readonly string[];
  /** Why it ended, or ends: the first thing that told. */
  readonly cause?: Cause;
  /** What was decided last about it. */
  readonly decision: FailoverDecision;
  /** Since when the Lease would have been freed, had the mode allowed it. */
  readonly observedAtMs?: number;
}

export interface HistoryMemory {
  /** The Lease has been seen before: who holds it newly has taken it under our eyes. */
  readonly isWatched: boolean;
  readonly tenure?: Tenure;
  /** When leaders lost the Lease while their process still ran. */
  readonly lossesAtMs: readonly number[];
}

/** A change of leader; the loop adds the calendar. */
export type LeadershipChange = Omit<FailoverRecord, 'time'>;

/** What one look adds to history. */
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

export type Cause = FailoverRecord['cause'];

/** A Lease that was freed of a holder. */
export interface Clear {
  readonly identity: string;
  readonly path: DeathEvidence['path'];
  readonly atMs: number;
}

export interface FailoverMemory extends DeathMemory {
  /** The holder as last seen; undefined while nobody holds the Lease. */
  readonly holder?: HolderMemory;
  /** Since when nobody holds a Lease that was held before, on our clock. */
  readonly vacantSinceMs?: number;
  /** Of the present holder, or of the last one while there is none. */
  readonly binding?: Binding;
  /** Of the holder before that one: each process has an identity of its own, so no other lives there. */
  readonly before?: Binding;
  /** Holders that the Lease has left, for another one or for nobody; oldest first, bounded. */
  readonly departed?: readonly string[];
  /** Oldest first, at most `REMEMBERED_HOLDERS`. */
  readonly clears: readonly Clear[];
  /** Crashes are left to expire until one holder has stayed for `CALM_MS`. */
  readonly suspended: boolean;
}

export interface HolderMemory {
  readonly identity: string;
  /** Since when it holds the Lease without a break, on our clock. */
  readonly sinceMs: number;
  /** The record as last seen: any change of it is a sign of life. */
  readonly record: string;
  /** Version of the Lease that said so. */
  readonly version: string;
}

/** A holder identity and the very container in which it was seen alive. */
export interface Binding {
  readonly identity: string;
  readonly podName: string;
  readonly podUid: string;
  readonly containerId: string;
  readonly nodeName: string;
  /** `acquireTime` of the record, in whole seconds on the holder's clock. */
  readonly acquiredAtS: number;
  /** Why the end of its container would prove nothing; undefined: it would. */
  readonly unsupported?: string;
  readonly version?: string;
}

/** The bound container has ended, and its kubelet has seen it. */
export interface DeathEvidence {
  readonly podName: string;
  readonly podUid: string;
  readonly containerId: string;
  /**
   * `stopped`: the kubelet was stopping the pod, and will not start the container again.
   * `crashed`: the process ended by itself or was killed; the kubelet starts the next one.
   */
  readonly path: 'stopped' | 'crashed';
  readonly exitCode: number;
  readonly reason: string;
  /** The reported end, in whole seconds (rounded down) on the node's clock. */
  readonly finishedAtS: number;
  /** When it was seen first, on our clock. */
  readonly seenAtMs: number;
  /** Version of the pod that told it first; undefined: it had none. */
  readonly podVersion?: string;
  /** Changes of the record that we have seen since, as far apart as those of a living process. */
  readonly changesSince: number;
  /** When the last of them was seen, on our clock. */
  readonly changedAtMs?: number;
  /** Start of the next run in the same pod, in whole seconds on the node's clock. */
  readonly successorStartedAtS?: number;
}

/** The part of failover's memory that is about the end of the bound process. */
export interface DeathMemory {
  readonly binding?: Binding;
  readonly death?: DeathEvidence;
  /** Reports of the bound container's end that its process has outlived, at most `KEPT_REPORTS`. */
  readonly contradicted?: readonly string[];
}

/** What the settings of the resource say about failover. Durations in ms. */
export interface FailoverPolicy {
  readonly mode: 'Assisted' | 'Observe' | 'Disabled';
  readonly retryPeriodMs: number;
  /** Extra rest after a death was seen; default 0. */
  readonly clearDelayMs: number;
  /** Whether leadership may return to a pod that led before, in a release of the controller. */
  readonly isCrashSafe: (version: string | undefined) => boolean;
}

/** The Lease that the controllers of one resource elect by. */
export interface GuardedLease
  extends Pick<
    Lease,
    'uid' | 'resourceVersion' | 'holder' | 'acquiredAtS' | 'renewedAtMs' | 'record' | 'coordinated'
  > {
  /** When `record` last changed, on our clock. */
  readonly changedAtMs: number;
  /** It carries our labels for this resource, and has no other owner. */
  readonly ours: boolean;
}

export interface FailoverFacts {
  readonly policy: FailoverPolicy;
  readonly lease?: GuardedLease;
  /** Pods of this resource's own Deployment. */
  readonly pods: readonly Pod[];
  /** Of the bound pod. `unasked`: only a live look asks, and only that one may clear. */
  readonly node: 'unasked' | 'ready' | 'not-ready';
}

export type FailoverDecision =
  /** The holder lives, or the Lease is free already. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'wait'; readonly untilMs: number; readonly because: WaitReason }
  | { readonly kind: 'clear'; readonly holder: string; readonly evidence: DeathEvidence }
  /** Left to expire. */
  | { readonly kind: 'refuse'; readonly because: RefuseReason };

export type WaitReason = 'lease-not-quiet' | 'work-in-flight';

export type RefuseReason =
  | 'disabled'
  | 'observe-only'
  | 'lease-foreign'
  | 'coordinated-election'
  | 'holder-unknown'
  | 'holder-unbound'
  | 'death-unproven'
  | 'death-contradicted'
  | 'pod-shape'
  | 'force-deleted'
  | 'version-unsafe'
  | 'incarnation-unclear'
  | 'already-cleared'
  | 'suspended'
  | 'node-not-ready';
