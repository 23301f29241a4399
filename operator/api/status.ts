/**
 * The status of an `IngressControllerHA`: its shape, the condition types and every reason they know.
 * The schema repeats the shape for the API server; a test holds the two together.
 */

export const ConditionType = {
  Ready: 'Ready',
  LeaderElected: 'LeaderElected',
  HighlyAvailable: 'HighlyAvailable',
  ElectionSettingsEffective: 'ElectionSettingsEffective',
  FailoverAssistReady: 'FailoverAssistReady',
  SettingsSound: 'SettingsSound',
  /** Present only while true. */
  Reconciling: 'Reconciling',
  /** Present only while true. */
  Stalled: 'Stalled',
} as const;
export type ConditionType = (typeof ConditionType)[keyof typeof ConditionType];

/** Why only a person can help: the reasons of Stalled. */
export type BlockedReason =
  | 'ObjectNotOwned'
  | 'LeaseConflict'
  | 'PodTemplatePatchRefused'
  | 'ConfigRefused'
  | 'VersionUnsupported'
  | 'ImageRefused'
  | 'PrerequisiteMissing'
  | 'PermissionDenied'
  | 'AdmissionDenied';

/** Advice that keeps nothing from running: the reasons of SettingsSound=False. */
export type AdviceReason =
  | 'ElectionSlackSmall'
  | 'ADCTimeoutExceedsLease'
  | 'ConfigKeyUnknown'
  | 'VersionUnlisted'
  | 'ImageVersionMismatch'
  | 'ControllerNameShared'
  | 'LeaderFlapping'
  | 'CRDOutdated';

/** Something that keeps the desired state from being applied; what runs is left running. */
export interface Blocker {
  readonly reason: BlockedReason;
  /** One sentence: what, where, which input, and what to do. */
  readonly message: string;
}

export interface Advice {
  readonly reason: AdviceReason;
  readonly message: string;
}

/** metav1.Condition. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export interface HaStatus {
  /** -1 until the operator has seen the resource: the schema's default. */
  readonly observedGeneration: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly selector?: string;
  readonly controller?: {
    readonly version: string;
    readonly managerImage: string;
    readonly adcImage: string;
  };
  readonly leader?: LeaderStatus;
  readonly standbys?: readonly StandbyStatus[];
  readonly election?: ElectionStatus;
  readonly failovers?: readonly FailoverRecord[];
  readonly conditions?: readonly Condition[];
}

export interface LeaderStatus {
  readonly identity: string;
  readonly podName?: string;
  readonly nodeName?: string;
  readonly acquireTime?: string;
  readonly transitions: number;
}

export interface StandbyStatus {
  readonly podName: string;
  readonly nodeName?: string;
  readonly ready: boolean;
}

export interface ElectionStatus {
  readonly leaseName: string;
  /** As found in the live Lease. */
  readonly leaseDurationSeconds?: number;
  readonly expectedFailoverMilliseconds: number;
  readonly worstCaseFailoverMilliseconds: number;
  readonly assistedFailoverMilliseconds: number;
  readonly apiOutageToleranceSeconds: number;
  readonly overlapBoundSeconds: number;
  readonly apiRequestsPerMinute: number;
}

export type FailoverCause =
  | 'PodDeleted'
  | 'Evicted'
  | 'Rollout'
  | 'ScaleDown'
  | 'Crash'
  | 'OOMKilled'
  | 'LeaseLost'
  | 'NodeLost'
  | 'Drill'
  | 'Switchover'
  | 'Unknown';

export interface FailoverRecord {
  readonly time: string;
  readonly cause: FailoverCause;
  readonly fromIdentity: string;
  readonly toIdentity: string;
  readonly winner: 'Standby' | 'Replacement' | 'Restarted' | 'Unknown';
  readonly assist: 'Cleared' | 'Observed' | 'Refused' | 'NotNeeded' | 'Disabled';
  readonly assistReason?: string;
  readonly leaderlessMilliseconds: number;
}
