/** Every condition and every reason, with its meaning: the source of the reference's tables. */
import type { AdviceReason, ConditionType, TerminalReason } from './status.ts';

/** Reasons in the order in which the reference shows them, each with one sentence. */
export type Reasons = Readonly<Record<string, string>>;

/** What a condition tells a user. */
export interface ConditionMeaning {
  /** What the condition says while it is True. */
  readonly meaning: string;
  readonly whenTrue: Reasons;
  /** For False, and for Unknown where the sentence says so. */
  readonly otherwise: Reasons;
}

/** Reasons of Stalled, and of Ready while Stalled is true. What runs is left running. */
const TERMINAL_REASONS: Readonly<Record<TerminalReason, string>> = {
  ObjectNotOwned: 'An object that the operator needs exists and belongs to somebody else.',
  LeaseConflict: 'Something else uses the Lease of that name.',
  SharedLeaseRefused: '`existingLease: Share` is not allowed by the installer.',
  PodTemplatePatchRefused:
    '`podTemplatePatch` does not apply, changes what the operator owns, or is not allowed here.',
  ConfigRefused:
    'A part of `spec.controller` sets what the operator owns or the installer forbids.',
  VersionUnsupported: 'The catalogue knows no way to run this `version`.',
  ImageRefused: 'The policy of the installer does not allow an image.',
  PrerequisiteMissing: 'Something that the installer provides is missing, such as an account.',
  PermissionDenied: 'The operator lacks a right.',
  AdmissionDenied: 'The API server or a policy refused an object.',
  OperatorError: 'The operator cannot work with this resource: a bug, whose trace is in its log.',
};

/** Reasons of SettingsSound=False. Everything runs; something could be better. */
const ADVICE_REASONS: Readonly<Record<AdviceReason, string>> = {
  ElectionSlackSmall:
    '`leaseDuration` exceeds `renewDeadline` plus `retryPeriod` by less than 3s: slow answers can cost leadership.',
  ADCTimeoutExceedsLease:
    '`execADCTimeout` is not less than `leaseDuration`: a push may outlive the leadership it belongs to.',
  ConfigKeyUnknown: '`configOverrides` sets a key that this release of the controller ignores.',
  PodMetadataLeftOff:
    '`inheritedMetadata` has keys that the installer does not allow on pods: they are left off pods, and off the annotations of the Deployment.',
  VersionUnlisted: 'The catalogue does not list this `version`; the nearest entry is used.',
  ImageVersionMismatch: 'An image seems to belong to another release than `version`.',
  ControllerNameShared:
    'Another resource uses the same `controllerName`: two leaders would configure the same classes.',
  LeaderFlapping: 'Leaders that still ran have lost the Lease more than 3 times in 10 minutes.',
  CRDOutdated: 'The CustomResourceDefinition lacks fields that this operator knows.',
};

/** The table. Reconciling and Stalled are present only while they are true. */
export const CONDITIONS: Readonly<Record<ConditionType, ConditionMeaning>> = {
  Ready: {
    meaning: 'Everything is in the steady state that the resource asks for.',
    whenTrue: {
      AsSpecified: 'All replicas run as specified, and one leads.',
      ScaledToZero: '`replicas` is 0, and no pod is left.',
      Paused: '`paused` is true: nothing is written, what runs is left running.',
    },
    otherwise: {
      RollingOut: 'Objects are being applied, or pods replaced.',
      WaitingForLeader: 'The replicas run, and none has taken the Lease yet.',
      ReplicasUnavailable: 'Replicas are missing or not ready.',
      NoLeader: 'Nobody has held the Lease for longer than the worst-case failover time.',
      ...TERMINAL_REASONS,
    },
  },
  LeaderElected: {
    meaning: 'One replica leads, so changes reach the gateway.',
    whenTrue: { LeaseHeld: 'A running replica holds the Lease.' },
    otherwise: {
      NoCandidate: 'No replica runs.',
      LeaseUnheld: 'Nobody holds the Lease.',
      LeaseExpired: 'The holder has stopped renewing the Lease.',
      HolderUnknown: 'The holder is no pod of this resource.',
      ElectionBlocked: 'Replicas run and cannot take the Lease.',
      ElectionDisabled: '`leaderElection.mode` is Disabled: the one replica always leads.',
    },
  },
  HighlyAvailable: {
    meaning: 'The loss of one pod or one node leaves a replica that can lead.',
    whenTrue: { Redundant: 'A standby on another node is ready.' },
    otherwise: {
      SingleReplica: 'There is only one replica.',
      StandbyNotReady: 'No standby is ready.',
      SingleNode: 'All replicas run on one node.',
      EvictionBlocked: 'A PodDisruptionBudget allows no eviction, so node drains hang.',
      ElectionDisabled: '`leaderElection.mode` is Disabled.',
      VersionUnsafe: 'This release of the controller is not safe with several replicas.',
    },
  },
  ElectionSettingsEffective: {
    meaning:
      'The leader runs with the settings of the resource, as far as can be seen: `leaseDuration` in the live Lease and the ConfigMap that its pod mounts. `renewDeadline` and `retryPeriod` cannot be observed.',
    whenTrue: { AsRendered: 'The Lease and the mounted ConfigMap are as rendered.' },
    otherwise: {
      LeaseDurationDiffers: 'The Lease carries another duration.',
      ConfigNotLoaded: 'The leader mounts an older ConfigMap.',
      NoLeader: 'Unknown: nobody leads.',
      RolloutInProgress: 'Unknown: pods are being replaced.',
    },
  },
  FailoverAssistReady: {
    meaning: 'If the leader dies now, the operator frees its Lease.',
    whenTrue: {
      Watching: 'The holder is known and watched.',
      ObserveOnly: '`failover.mode` is Observe: the operator only reports.',
    },
    otherwise: {
      Disabled: '`failover.mode` or `leaderElection.mode` is Disabled.',
      Suspended:
        'Leaders crashed more than 3 times in 10 minutes: crashes are left to expire until one has stayed for 10 minutes.',
      HolderUnbound:
        'The holder was not seen alive, or is no pod of this resource, so its death could not be told.',
      DeathContradicted:
        'A kubelet reported the end of the leader, and the leader goes on: its end can be told only by another report.',
      UnsupportedPodShape: 'The pods are of a shape in which the end of a process proves nothing.',
      PermissionDenied: 'The operator lacks a right.',
      LeaseForeign:
        'The Lease lacks our labels, has an owner, or takes part in a coordinated election.',
      VersionUnsafe:
        'With this release of the controller leadership must not come back after a crash; pods that are deleted are assisted.',
    },
  },
  SettingsSound: {
    meaning: 'There is no advice. All advice is here, and none of it stops anything.',
    whenTrue: { NoAdvice: 'Nothing to improve.' },
    otherwise: ADVICE_REASONS,
  },
  Reconciling: {
    meaning: 'The operator, or what it started, is still at work.',
    whenTrue: {
      Applying: 'Objects are being written.',
      RollingOut: 'Pods are being replaced.',
      RolloutQueued:
        'An update by the operator waits until the resources that the message names have finished theirs.',
      WaitingForLeader: 'The replicas run, and none has taken the Lease yet.',
      Retrying: 'The API server did not answer as hoped; the operator tries again.',
    },
    otherwise: {},
  },
  Stalled: {
    meaning: 'Only a person can help. What runs is left running.',
    whenTrue: TERMINAL_REASONS,
    otherwise: {},
  },
};
