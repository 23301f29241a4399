/**
 * The status of an `IngressControllerHA`: the condition types, the reasons with a meaning for the
 * code, and the shape, which the schema gives.
 */
import type { ConditionStatus, Status } from './types.generated.ts';

/** Types of the conditions; their meanings and reasons are in api/conditions.ts. */
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
/** One of them. */
export type ConditionType = (typeof ConditionType)[keyof typeof ConditionType];

/** Why only a person can help: the reasons of Stalled. */
export type TerminalReason =
  | 'ObjectNotOwned'
  | 'LeaseConflict'
  | 'SharedLeaseRefused'
  | 'PodTemplatePatchRefused'
  | 'ConfigRefused'
  | 'VersionUnsupported'
  | 'ImageRefused'
  | 'PrerequisiteMissing'
  | 'PermissionDenied'
  | 'AdmissionDenied'
  | 'OperatorError';

/** Advice that keeps nothing from running: the reasons of SettingsSound=False. */
export type AdviceReason =
  | 'ElectionSlackSmall'
  | 'ADCTimeoutExceedsLease'
  | 'ConfigKeyUnknown'
  | 'PodMetadataLeftOff'
  | 'VersionUnlisted'
  | 'ImageVersionMismatch'
  | 'ControllerNameShared'
  | 'LeaderFlapping'
  | 'CRDOutdated';

/** Something that keeps the desired state from being applied; what runs is left running. */
export interface TerminalError {
  readonly reason: TerminalReason;
  /** One sentence: what, where, which input, and what to do. */
  readonly message: string;
}

/** Something that could be better; everything runs nevertheless. */
export interface Advice {
  readonly reason: AdviceReason;
  readonly message: string;
}

/** metav1.Condition, of a type that we know and always with the generation it describes. */
export type Condition = ConditionStatus & {
  readonly type: ConditionType;
  readonly observedGeneration: number;
};

/** The status, as the schema gives it. */
export type HaStatus = Omit<Status, 'conditions'> & {
  readonly conditions?: readonly Condition[];
};
