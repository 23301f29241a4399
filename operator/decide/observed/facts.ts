/**
 * What one look at the caches tells about a resource: objects reduced to the questions that are
 * asked of them. Reading Kubernetes' own status fields happens here and nowhere else.
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { count, record, records, text } from '../../base/read.ts';
import { markOf } from '../../desired/pod/leader-mark.ts';
import { ELECTION_MODE_ANNOTATION } from '../../desired/pod/pod-template.ts';
import { ownHostName } from './holder.ts';
import { recordOf } from './lease-record.ts';

export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly nodeName?: string;
  /** As in decide/observed/holder.ts: where it is not the pod's name. */
  readonly hostName?: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** ConfigMaps that its volumes name. */
  readonly configMaps: readonly string[];
  /** Election mode it was started with, from our annotation. */
  readonly electionMode?: string;
  /** How much it carries of what marks the leader's pod. */
  readonly mark: 'whole' | 'part' | 'none';
  readonly version?: string;
  readonly managerImage?: string;
  readonly adcImage?: string;
}

export interface LeaseFacts {
  readonly name: string;
  /** Empty: nobody holds it. */
  readonly holder: string;
  readonly durationSeconds?: number;
  readonly acquireTime?: string;
  readonly transitions: number;
}

export interface DeploymentFacts {
  /** The deployment controller has seen the newest spec. */
  readonly current: boolean;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** Somebody holds its rollouts back: `kubectl rollout pause`. */
  readonly paused: boolean;
  readonly deleting: boolean;
  /** How far the last rollout has come, as the deployment controller tells; `untold` without its word. */
  readonly progress: 'finished' | 'under-way' | 'failed' | 'untold';
  readonly deadlineExceeded: boolean;
  /** Message of the ReplicaFailure condition: pods that could not even be created. */
  readonly replicaFailure?: string;
}

export interface BudgetFacts {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  /** The disruption controller has seen the newest spec. */
  readonly current: boolean;
}

export function podFacts(pod: KubeObject): PodFacts {
  const spec = record(pod.spec);
  const containers = records(spec.containers);
  const nodeName = text(spec.nodeName);
  const hostName = ownHostName(pod);
  const electionMode = pod.metadata.annotations?.[ELECTION_MODE_ANNOTATION];
  const version = pod.metadata.labels?.['app.kubernetes.io/version'];
  const managerImage = imageOf(containers, 'manager');
  const adcImage = imageOf(containers, 'adc-server');
  return {
    name: pod.metadata.name,
    uid: pod.metadata.uid ?? '',
    ready: conditionStatus(pod, 'Ready') === 'True',
    deleting: pod.metadata.deletionTimestamp !== undefined,
    mark: markOf(pod),
    configMaps: records(spec.volumes).flatMap((volume) => {
      const name = text(record(volume.configMap).name);
      return name === undefined ? [] : [name];
    }),
    ...(nodeName !== undefined && { nodeName }),
    ...(hostName !== undefined && { hostName }),
    ...(electionMode !== undefined && { electionMode }),
    ...(version !== undefined && { version }),
    ...(managerImage !== undefined && { managerImage }),
    ...(adcImage !== undefined && { adcImage }),
  };
}

export function leaseFacts(lease: KubeObject): LeaseFacts {
  const { holderIdentity, leaseDurationSeconds, leaseTransitions, acquireTime } = recordOf(
    lease.spec,
  );
  return {
    name: lease.metadata.name,
    holder: holderIdentity,
    transitions: leaseTransitions,
    ...(leaseDurationSeconds !== undefined && { durationSeconds: leaseDurationSeconds }),
    ...(acquireTime !== undefined && { acquireTime }),
  };
}

export function deploymentFacts(deployment: KubeObject): DeploymentFacts {
  const status = record(deployment.status);
  const failure = conditionOf(deployment, 'ReplicaFailure');
  const progressing = conditionOf(deployment, 'Progressing');
  return {
    current: count(status.observedGeneration) >= (deployment.metadata.generation ?? 0),
    replicas: count(status.replicas),
    updated: count(status.updatedReplicas),
    ready: count(status.readyReplicas),
    available: count(status.availableReplicas),
    paused: record(deployment.spec).paused === true,
    deleting: deployment.metadata.deletionTimestamp !== undefined,
    progress: progressOf(progressing),
    deadlineExceeded: progressing?.reason === 'ProgressDeadlineExceeded',
    ...(failure?.status === 'True' && { replicaFailure: text(failure.message) ?? '' }),
  };
}

/**
 * `NewReplicaSetAvailable` stays until the next template, also while replicas are missing. False is a
 * passed deadline, or a ReplicaSet that could not even be created.
 */
function progressOf(
  progressing: Readonly<Record<string, unknown>> | undefined,
): DeploymentFacts['progress'] {
  if (progressing === undefined) return 'untold';
  if (progressing.status === 'False') return 'failed';
  return progressing.reason === 'NewReplicaSetAvailable' ? 'finished' : 'under-way';
}

export function budgetFacts(budget: KubeObject): BudgetFacts {
  const status = record(budget.status);
  return {
    disruptionsAllowed: count(status.disruptionsAllowed),
    currentHealthy: count(status.currentHealthy),
    expectedPods: count(status.expectedPods),
    current: count(status.observedGeneration) >= (budget.metadata.generation ?? 0),
  };
}

function conditionOf(object: KubeObject, type: string) {
  return records(record(object.status).conditions).find((it) => it.type === type);
}

function conditionStatus(object: KubeObject, type: string): unknown {
  return conditionOf(object, type)?.status;
}

function imageOf(containers: readonly Readonly<Record<string, unknown>>[], name: string) {
  return text(containers.find((container) => container.name === name)?.image);
}
