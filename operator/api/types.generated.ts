// Generated from operator/api/schema by `npm run generate`. Do not edit.
/**
 * The resource as the API server stores it: a field with a default is always there.
 */

import type { ObjectMeta } from '../base/kube-object.ts';

type PassThrough = Readonly<Record<string, unknown>>;

/** Runs the Apache APISIX or API7 ingress controller highly available: one replica leads, the others stand by, and one of them takes over when the leader is gone. */
export interface IngressControllerHA {
  /** Version of the API. */
  readonly apiVersion: string;
  /** Kind of the resource. */
  readonly kind: string;
  readonly metadata: ObjectMeta;
  /** What the user asks for. Every field has a default or may be left out. */
  readonly spec: Spec;
  /** What the operator found. Only the operator writes it. */
  readonly status: Status;
}

/** What the user asks for. Every field has a default or may be left out. */
export interface Spec {
  /** How many replicas run: one leads, the others stand by. `kubectl scale` sets it too. */
  readonly replicas: number;
  /** The operator writes none of its objects while this is true. Failover follows its own mode. */
  readonly paused: boolean;
  /** Any new value replaces the pods once. */
  readonly restartTrigger: string;
  /** The ingress controller that runs. */
  readonly controller: ControllerSpec;
  /** How the replicas agree on the one that writes to the gateway. Vendor's faster preset: 10s, 7s, 1s. */
  readonly leaderElection: LeaderElectionSpec;
  /** What the operator does when the leader is dead but still holds the Lease. */
  readonly failover: FailoverSpec;
  /** How many pods a node drain may take at once. */
  readonly podDisruptionBudget: PodDisruptionBudgetSpec;
  /** How pods are replaced. A new pod is ready before an old one goes. */
  readonly rollout: RolloutSpec;
  /** On which nodes the pods run. */
  readonly placement: PlacementSpec;
  /** Labels and annotations for every object that the operator makes. Pods, and the annotations of the Deployment, get those only that the installer allows. Those of the resource itself are never copied. */
  readonly inheritedMetadata?: InheritedMetadata;
  /** Last word on the pod template. Maps merge, lists merge by the keys of the Kubernetes API, and other lists are replaced. At most 32 KiB, and only where the installer allows it. */
  readonly podTemplatePatch?: PassThrough;
}

/** The ingress controller that runs. */
export interface ControllerSpec {
  /** Whose controller: that of Apache APISIX or that of API7. It can't change. */
  readonly distribution: 'APISIX' | 'API7';
  /** Release of the controller. It decides the images, the configuration keys and the checks. The default is stored when the resource is created and never moves by itself. */
  readonly version: string;
  /** The container that leads, or waits to lead. */
  readonly manager: ContainerSpec;
  /** The sidecar that writes to the gateway. It has the same fields as `manager`. */
  readonly adc: ContainerSpec;
  /** Secrets with the credentials for the images. */
  readonly imagePullSecrets?: readonly PullSecret[];
  /** Further volumes of the pods. The installer may refuse them. */
  readonly volumes?: readonly PassThrough[];
  /** Configuration of the controller, rendered into its config.yaml. */
  readonly config: ConfigSpec;
  /** Merged last into config.yaml, under the controller's own key names. Keys that the operator owns are refused. */
  readonly configOverrides?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, PassThrough>>>>>>;
}

/** The container that leads, or waits to lead. */
export interface ContainerSpec {
  /** Image of the container. What is left out comes from the version catalogue. */
  readonly image: ImageSpec;
  /** How much the container logs. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Requests and limits of the container, as in a Pod. */
  readonly resources?: PassThrough;
  /** Security context of the container, as in a Pod. Its fields are laid over the default ones. Nothing that the restricted Pod Security profile forbids, unless the installer allows pod template patches. */
  readonly securityContext?: PassThrough;
  /** Further environment variables. The installer may refuse them. */
  readonly env?: readonly PassThrough[];
  /** Further volume mounts. The installer may refuse them. */
  readonly volumeMounts?: readonly PassThrough[];
}

/** Image of the container. What is left out comes from the version catalogue. */
export interface ImageSpec {
  /** Name of the image without tag and digest, for example apache/apisix-ingress-controller. Without it, the vendor's image. */
  readonly repository?: string;
  /** Tag of the image. Without it, the tag that belongs to `version`. */
  readonly tag?: string;
  /** Digest of the image, sha256:… It pins the very bytes that run, and wins over the tag. */
  readonly digest?: string;
  /** When the kubelet pulls the image. */
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never';
}

/** One Secret. */
export interface PullSecret {
  /** Name of the Secret. */
  readonly name: string;
}

/** Configuration of the controller, rendered into its config.yaml. */
export interface ConfigSpec {
  /** Name by which GatewayClasses and IngressClasses choose this controller. */
  readonly controllerName: string;
  /** How the controller talks to the gateway. */
  readonly provider: ProviderSpec;
  /** How long the controller waits for one push to the gateway. Keep it below `leaseDuration`. */
  readonly execADCTimeout: string;
  /** Whether the controller serves the Gateway API beside Ingress. */
  readonly gatewayAPI: 'Enabled' | 'Disabled';
  /** Whether routes match the port of a Gateway listener. Auto answers 404 where the port of the Service differs from the one that the gateway listens on. */
  readonly listenerPortMatchMode: 'Auto' | 'Explicit' | 'Disabled';
  /** Serve metrics over HTTPS, to callers that Kubernetes authenticates and authorises. */
  readonly secureMetrics: boolean;
  /** HTTP/2 on the HTTPS metrics endpoint. */
  readonly http2: 'Enabled' | 'Disabled';
}

/** How the controller talks to the gateway. */
export interface ProviderSpec {
  /** Kind of gateway. Without it, APISIX for the distribution APISIX and API7EE for API7. */
  readonly type?: 'APISIX' | 'APISIXStandalone' | 'API7EE';
  /** Pause between full synchronisations. Without it, 1m for APISIX and APISIXStandalone and 1h for API7EE, where 0s turns them off. */
  readonly syncPeriod?: string;
  /** A new leader synchronises once more this long after it took over, which repairs what the old leader may still have sent. 0s turns it off. Without it, `execADCTimeout` plus 15s. */
  readonly initSyncDelay?: string;
}

/** How the replicas agree on the one that writes to the gateway. Vendor's faster preset: 10s, 7s, 1s. */
export interface LeaderElectionSpec {
  /** Lease: the replicas elect a leader. Disabled: the one replica always leads, and an update stops it before its successor starts. */
  readonly mode: 'Lease' | 'Disabled';
  /** Name of the Lease in the namespace of the resource. It can't change: replicas under two names would elect two leaders. */
  readonly leaseName: string;
  /** How long standbys wait without a sign of the leader before they may take over. Shorter means faster failover and more load on the API server. It must be at least `renewDeadline` plus `retryPeriod` plus 1s. */
  readonly leaseDuration: string;
  /** How long a leader keeps trying to renew its Lease before it gives up and restarts. It is also how long an outage of the API server it survives. It must be at least twice `retryPeriod`. */
  readonly renewDeadline: string;
  /** Pause between two tries to renew or to take the Lease. Each replica asks the API server this often. */
  readonly retryPeriod: string;
  /** What to do with a Lease that an earlier installation uses. Refuse: write nothing and say so. Share, where the installer allows it: take part in its election, so that a migration never has two leaders; a shared Lease is labelled, and it is given back and never deleted. Share stays: others may use the Lease from then on. */
  readonly existingLease: 'Refuse' | 'Share';
}

/** What the operator does when the leader is dead but still holds the Lease. */
export interface FailoverSpec {
  /** Assisted: free the Lease once the kubelet reports the leader's process dead. Observe: only report what that would have saved. Disabled: wait for the Lease to expire. */
  readonly mode: 'Assisted' | 'Observe' | 'Disabled';
  /** How long the sidecar of a stopping pod may finish its pushes. This plus 1s must be less than `rollout.terminationGracePeriodSeconds`. */
  readonly drainPeriod: string;
  /** Extra wait between the report of the leader's end and the freeing of its Lease, for those who want late pushes to end first. */
  readonly clearDelay: string;
}

/** How many pods a node drain may take at once. */
export interface PodDisruptionBudgetSpec {
  /** Auto: a PodDisruptionBudget from two replicas on. Disabled: none. */
  readonly mode: 'Auto' | 'Disabled';
  /** How many pods may be missing at once: a number from 1, or a percentage from 1% to 100%. */
  readonly maxUnavailable: number | string;
}

/** How pods are replaced. A new pod is ready before an old one goes. */
export interface RolloutSpec {
  /** How many pods may exist beyond `replicas` during an update: a number from 1, or a percentage from 1% to 100%. */
  readonly maxSurge: number | string;
  /** How long a new pod must be ready before an old one goes. */
  readonly minReadySeconds: number;
  /** How long a stopping pod may take before it is killed. */
  readonly terminationGracePeriodSeconds: number;
}

/** On which nodes the pods run. */
export interface PlacementSpec {
  /** Labels that a node must have. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the pods tolerate, as in a Pod. */
  readonly tolerations?: readonly PassThrough[];
  /** Affinity, as in a Pod. Without it, the pods prefer different nodes. */
  readonly affinity?: PassThrough;
  /** Rules for the spread over zones or nodes, as in a Pod. */
  readonly topologySpreadConstraints?: readonly PassThrough[];
  /** PriorityClass of the pods. */
  readonly priorityClassName?: string;
  /** How long a pod stays on a node that is unreachable or not ready before a new one is made elsewhere. */
  readonly nodeFailureTolerationSeconds: number;
}

/** Labels and annotations for every object that the operator makes. Pods, and the annotations of the Deployment, get those only that the installer allows. Those of the resource itself are never copied. */
export interface InheritedMetadata {
  /** Labels. Keys that another tool acts on are refused. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations. Keys that another tool acts on are refused. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What the operator found. Only the operator writes it. */
export interface Status {
  /** Generation that this status describes; -1 until an operator has seen it. */
  readonly observedGeneration: number;
  /** Pods that exist. */
  readonly replicas?: number;
  /** Pods that are ready. */
  readonly readyReplicas?: number;
  /** Pods of the newest template. */
  readonly updatedReplicas?: number;
  /** Label selector of the pods, for autoscalers. */
  readonly selector?: string;
  /** What really runs. */
  readonly controller?: RunningController;
  /** The replica that holds the Lease. */
  readonly leader?: LeaderStatus;
  /** The other replicas. */
  readonly standbys?: readonly StandbyStatus[];
  /** What follows from the election settings. */
  readonly election?: ElectionStatus;
  /** The newest changes of leader, newest first. */
  readonly failovers?: readonly FailoverRecord[];
  /** The state, aspect by aspect. */
  readonly conditions?: readonly ConditionStatus[];
}

/** What really runs. */
export interface RunningController {
  /** Release of the controller. */
  readonly version: string;
  /** Image of the manager. */
  readonly managerImage: string;
  /** Image of the sidecar. */
  readonly adcImage: string;
}

/** The replica that holds the Lease. */
export interface LeaderStatus {
  /** Holder as written in the Lease. */
  readonly identity: string;
  /** Name of the pod. */
  readonly podName?: string;
  /** Name of the node. */
  readonly nodeName?: string;
  /** Since when it leads. */
  readonly acquireTime?: string;
  /** How often the Lease has changed hands. */
  readonly transitions: number;
}

/** One replica that waits to lead. */
export interface StandbyStatus {
  /** Name of the pod. */
  readonly podName: string;
  /** Name of the node. */
  readonly nodeName?: string;
  /** Whether it could take over now. */
  readonly ready: boolean;
}

/** What follows from the election settings. */
export interface ElectionStatus {
  /** Name of the Lease. */
  readonly leaseName: string;
  /** Lease duration as found in the Lease. */
  readonly leaseDurationSeconds?: number;
  /** Usual time without a leader after a failure. */
  readonly expectedFailoverMilliseconds: number;
  /** Longest time without a leader if the Lease has to expire. */
  readonly worstCaseFailoverMilliseconds: number;
  /** Longest time without a leader if the operator frees the Lease. */
  readonly assistedFailoverMilliseconds: number;
  /** Outage of the API server that a leader survives. */
  readonly apiOutageToleranceSeconds: number;
  /** Longest time that two replicas could both write, if all goes wrong. */
  readonly overlapBoundSeconds: number;
  /** What the election costs the API server. */
  readonly apiRequestsPerMinute: number;
}

/** One change of leader. */
export interface FailoverRecord {
  /** When the new leader took the Lease. */
  readonly time: string;
  /** Why the old leader ended. */
  readonly cause: 'PodDeleted' | 'Evicted' | 'Rollout' | 'ScaleDown' | 'Crash' | 'OOMKilled' | 'LeaseLost' | 'NodeLost' | 'Drill' | 'Switchover' | 'Unknown';
  /** Holder before. */
  readonly fromIdentity: string;
  /** Holder after. */
  readonly toIdentity: string;
  /** What kind of replica won. */
  readonly winner: 'Standby' | 'Replacement' | 'Restarted' | 'Unknown';
  /** What the operator did. */
  readonly assist: 'Cleared' | 'Observed' | 'Refused' | 'NotNeeded' | 'Disabled';
  /** Why the operator did so, or did not. */
  readonly assistReason?: string;
  /** From the last sign of life of the old leader to the new one: an upper bound of the time without a leader. Missing when no sign was seen. */
  readonly leaderlessMilliseconds?: number;
}

/** One aspect of the state. */
export interface ConditionStatus {
  /** What the condition is about. */
  readonly type: string;
  /** Whether it holds. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** Generation of the resource that the condition describes. */
  readonly observedGeneration?: number;
  /** When the status last changed. */
  readonly lastTransitionTime: string;
  /** Why, in one word. */
  readonly reason: string;
  /** Why, in a sentence. */
  readonly message: string;
}
