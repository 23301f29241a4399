/**
 * The parsed resource: what `parseResource` gives and everything right of `api/` trusts.
 * Defaults are filled in, durations are milliseconds, enums are unions. Nothing here is optional
 * without a meaning: a missing member means "the user left it to the cluster".
 */

/** Any JSON object that the API server checks for us when the child is applied. */
export type PassThrough = Readonly<Record<string, unknown>>;

/** Whose build of the controller runs. */
export type Distribution = 'APISIX' | 'API7';
/** How the controller talks to the gateway: the Admin API, standalone files, or API7's control plane. */
export type ProviderType = 'APISIX' | 'APISIXStandalone' | 'API7EE';

/** The resource, valid and complete. */
export interface Ha {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  /** True once the resource carries a deletionTimestamp: from then on it gets no writes. */
  readonly deleting: boolean;
  readonly replicas: number;
  readonly paused: boolean;
  /** Any new value rolls the pods once; empty by default. */
  readonly restartTrigger: string;
  readonly controller: ControllerSettings;
  readonly election: ElectionSettings;
  readonly failover: FailoverSettings;
  readonly disruptionBudget: DisruptionBudgetSettings;
  readonly rollout: RolloutSettings;
  readonly placement: PlacementSettings;
  readonly inherited: Metadata;
  /** Last word on the pod template; empty by default. */
  readonly podTemplatePatch: PassThrough;
}

/** `spec.inheritedMetadata`: what every child carries too; both empty by default. */
export interface Metadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** `spec.controller`. */
export interface ControllerSettings {
  readonly distribution: Distribution;
  /** Catalogue key, for example "2.2.0". */
  readonly version: string;
  readonly manager: ContainerSettings;
  readonly adc: ContainerSettings;
  readonly imagePullSecrets: readonly { readonly name: string }[];
  readonly volumes: readonly PassThrough[];
  readonly config: ConfigSettings;
  /** Merged last into config.yaml. */
  readonly configOverrides: PassThrough;
}

/** `spec.controller.manager` and `.adc`. */
export interface ContainerSettings {
  readonly image: ImageSettings;
  readonly logLevel: LogLevel;
  readonly resources?: PassThrough;
  readonly securityContext?: PassThrough;
  readonly env: readonly PassThrough[];
  readonly volumeMounts: readonly PassThrough[];
}

/** How much a container logs. Default: info. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the user said about an image; what is missing comes from the version catalogue. */
export interface ImageSettings {
  readonly repository?: string;
  readonly tag?: string;
  /** `sha256:…`; wins over the tag. */
  readonly digest?: string;
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

/** `spec.controller.config`: what becomes config.yaml. */
export interface ConfigSettings {
  readonly controllerName: string;
  readonly provider: {
    readonly type: ProviderType;
    readonly syncPeriodMs: number;
    /** Missing: execADCTimeout + 15 s, so that a push of the dead leader is repaired once more. */
    readonly initSyncDelayMs?: number;
  };
  readonly execADCTimeoutMs: number;
  readonly gatewayAPI: 'Enabled' | 'Disabled';
  readonly listenerPortMatchMode: 'Auto' | 'Explicit' | 'Disabled';
  readonly secureMetrics: boolean;
  readonly http2: boolean;
}

/** `spec.leaderElection`. Durations are whole seconds in ms, as a Lease stores them. */
export interface ElectionSettings {
  readonly mode: 'Lease' | 'Disabled';
  readonly leaseName: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  readonly existingLease: 'Refuse' | 'Share';
}

/** `spec.failover`. */
export interface FailoverSettings {
  readonly mode: 'Assisted' | 'Observe' | 'Disabled';
  readonly drainPeriodMs: number;
  readonly clearDelayMs: number;
}

/** `spec.podDisruptionBudget`. */
export interface DisruptionBudgetSettings {
  /** Auto: from two replicas on. */
  readonly mode: 'Auto' | 'Disabled';
  /** A count, or a percentage such as "25%". */
  readonly maxUnavailable: number | string;
}

/** `spec.rollout`. */
export interface RolloutSettings {
  readonly maxSurge: number | string;
  readonly minReadySeconds: number;
  readonly terminationGracePeriodSeconds: number;
}

/** `spec.placement`. */
export interface PlacementSettings {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly PassThrough[];
  /** Missing: a soft anti-affinity between the replicas on the host name. */
  readonly affinity?: PassThrough;
  readonly topologySpreadConstraints: readonly PassThrough[];
  readonly priorityClassName?: string;
  readonly nodeFailureTolerationSeconds: number;
}
