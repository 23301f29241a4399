/** What failover decides on, what it remembers, and what it answers: the types that its files share. */
import type { Lease } from '../observed/lease.ts';
import type { Pod } from '../observed/pod.ts';

/** A Lease was freed of the holder `identity`, at `atMs` on our clock. */
export interface Clear {
  readonly identity: string;
  readonly path: DeathEvidence['path'];
  readonly atMs: number;
}

/** What is remembered of one resource. Instants in ms on our clock. */
export interface FailoverMemory extends DeathMemory {
  /** The holder as last observed; undefined while the Lease has none. */
  readonly holder?: HolderMemory;
  /** Since when a Lease that was held before has no holder. */
  readonly vacantSinceMs?: number;
  /** Of the present holder, or of the last one while there is none. */
  readonly binding?: Binding;
  /**
   * Of the holder before that one: each process has an identity of its own, so that container runs no other
   * holder.
   */
  readonly before?: Binding;
  /** Holders that the Lease has left, for another one or for none; oldest first, at most 32. */
  readonly departed?: readonly string[];
  /** Oldest first, at most 32. */
  readonly clears: readonly Clear[];
  /** Crashes are left to expire until one holder has stayed for `CALM_MS`. */
  readonly suspended: boolean;
}

/** The present holder. */
export interface HolderMemory {
  readonly identity: string;
  /** Since when it holds the Lease without a break, on our clock. */
  readonly sinceMs: number;
  /** The record as last observed: any change of it shows that its holder lives. */
  readonly record: string;
  /** resourceVersion of the Lease with that record. */
  readonly version: string;
}

/** A holder identity and the very container in which it was observed alive. */
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

/** The bound container has ended, and its kubelet has observed the exit. */
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
  /** When the report was first observed, in ms on our clock. */
  readonly seenAtMs: number;
  /** resourceVersion of the pod that reported it first; undefined: it had none. */
  readonly podVersion?: string;
  /**
   * Changes of the record observed since, at least half a retry period apart, as those of a living process
   * are.
   */
  readonly changesSince: number;
  /** When the last of them was observed, in ms on our clock. */
  readonly changedAtMs?: number;
  /** Start of the next run in the same pod, in whole seconds on the node's clock. */
  readonly successorStartedAtS?: number;
}

/** The part of failover's memory that is about the end of the bound process. */
export interface DeathMemory {
  readonly binding?: Binding;
  readonly death?: DeathEvidence;
  /** Reports of the bound container's end that were contradicted, at most 8. */
  readonly contradicted?: readonly string[];
}

/** The settings of the resource that failover follows. Durations in ms. */
export interface FailoverPolicy {
  readonly mode: 'Assisted' | 'Observe' | 'Disabled';
  readonly retryPeriodMs: number;
  /** How much longer than otherwise to wait after a death was observed, in ms; default 0. */
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

/** What one decision is made from. */
export interface FailoverFacts {
  readonly policy: FailoverPolicy;
  readonly lease?: GuardedLease;
  /** Pods of this resource's own Deployment. */
  readonly pods: readonly Pod[];
  /**
   * Whether the node of the bound pod is Ready. `unasked`: only a live read asks, and only a decision on
   * one leads to a write.
   */
  readonly node: 'unasked' | 'ready' | 'not-ready';
}

/** What to do about the guarded Lease now. */
export type FailoverDecision =
  /** Nothing: the holder lives, or the Lease is free already. */
  | { readonly kind: 'hold' }
  /** To be decided again at `untilMs` on our clock. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly because: WaitReason }
  /** To be freed of `holder`, by one conditional write. */
  | { readonly kind: 'clear'; readonly holder: string; readonly evidence: DeathEvidence }
  /** The Lease is left to expire. */
  | { readonly kind: 'refuse'; readonly because: RefuseReason };

/** `lease-not-quiet`: its record changed too lately. `work-in-flight`: `failover.clearDelay` is not over. */
export type WaitReason = 'lease-not-quiet' | 'work-in-flight';

/** Why a Lease is left to expire: decide/failover/refusals.ts has a sentence for each. */
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
