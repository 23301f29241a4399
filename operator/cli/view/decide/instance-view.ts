/**
 * A resource and all that belongs to it as a person wants to see it: one plain value that the tree in
 * the terminal, the JSON report, the page and the checks before a drill are made from.
 */
import type { HaStatus } from '../../../api/status.ts';
import type {
  ConditionStatus,
  ElectionStatus,
  FailoverRecord,
} from '../../../api/types.generated.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { count, record, records, text } from '../../../base/read.ts';
import { isOfOurDeployment, podOfHolder } from '../../../decide/observed/holder.ts';
import { recordOf } from '../../../decide/observed/lease-record.ts';
import { readPod } from '../../../decide/observed/pod.ts';
import { budgetFacts, deploymentFacts } from '../../../decide/observed/workload.ts';
import { MANAGER_CONTAINER } from '../../../desired/pod/containers.ts';
import { type Standing, standingOf } from './standing.ts';

/** What was read; a missing child does not exist, or could not be read. */
export interface InstanceObjects {
  readonly resource: KubeObject;
  readonly deployment?: KubeObject;
  readonly pods: readonly KubeObject[];
  readonly lease?: KubeObject;
  readonly budget?: KubeObject;
}

/** Times are whole milliseconds; ages are against the calendar of whoever looks, so they can be off by its error. */
export interface InstanceView {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly standing: Standing;
  readonly paused: boolean;
  readonly replicas: { readonly wanted: number; readonly ready: number };
  /** Of the controller that really runs. */
  readonly version?: string;
  readonly deployment?: {
    readonly name: string;
    readonly ready: number;
    readonly updated: number;
    readonly replicas: number;
  };
  /** Sorted by name. */
  readonly pods: readonly PodView[];
  /** By the Lease itself; undefined while nobody holds it. */
  readonly leader?: {
    readonly identity: string;
    /** Missing: the holder is no pod of this resource. */
    readonly podName?: string;
    readonly nodeName?: string;
    readonly sinceMs?: number;
  };
  readonly lease?: LeaseView;
  readonly budget?: { readonly name: string; readonly disruptionsAllowed: number };
  /** What the resource asks for, as text; a field that its schema should have filled in may be missing. */
  readonly asked?: AskedFor;
  /** As the operator has calculated it. */
  readonly election?: ElectionStatus;
  /** Newest first, at most 10. */
  readonly failovers: readonly FailoverRecord[];
  /** In the order in which the operator writes them. */
  readonly conditions: readonly ConditionStatus[];
}

/** The settings that a failover depends on, as the resource writes them. */
export interface AskedFor {
  readonly electionMode?: string;
  readonly leaseName?: string;
  readonly leaseDuration?: string;
  readonly renewDeadline?: string;
  readonly retryPeriod?: string;
  readonly failoverMode?: string;
}

export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly nodeName?: string;
  readonly role: 'leader' | 'standby' | 'stopping' | 'starting';
  readonly ready: boolean;
  /** Its deletion has begun, whatever its role. */
  readonly stopping?: true;
  readonly restarts: number;
  readonly ageMs: number;
}

export interface LeaseView {
  readonly name: string;
  /** Empty: nobody. */
  readonly holder: string;
  readonly transitions: number;
  readonly durationMs?: number;
  /** Since the last renewal. */
  readonly ageMs?: number;
  /** Until standbys may take it; negative: they may since then. */
  readonly expiresInMs?: number;
}

/** `nowMs`: the calendar, in ms since 1970. */
export function instanceView(objects: InstanceObjects, nowMs: number): InstanceView {
  const { resource, deployment, budget } = objects;
  const { name, namespace = '', uid = '', generation = 0 } = resource.metadata;
  const spec = record(resource.spec);
  const status = record(resource.status) as Partial<HaStatus>;
  const lease = objects.lease === undefined ? undefined : leaseView(objects.lease, nowMs);
  const leader = lease === undefined ? undefined : leaderOf(objects, lease.holder, nowMs);
  const version = text(record(status.controller).version);
  const { election } = status;
  return {
    name,
    namespace,
    uid,
    generation,
    standing: standingOf(resource),
    paused: spec.paused === true,
    replicas: { wanted: count(spec.replicas), ready: count(status.readyReplicas) },
    pods: objects.pods.map((pod) => podView(pod, leader?.podName, nowMs)),
    asked: askedFor(spec),
    failovers: status.failovers ?? [],
    conditions: status.conditions ?? [],
    ...(version !== undefined && { version }),
    ...(deployment !== undefined && {
      deployment: { name: deployment.metadata.name, ...replicasOf(deployment) },
    }),
    ...(leader !== undefined && { leader }),
    ...(lease !== undefined && { lease }),
    ...(budget !== undefined && {
      budget: {
        name: budget.metadata.name,
        disruptionsAllowed: budgetFacts(budget).disruptionsAllowed,
      },
    }),
    ...(election !== undefined && { election }),
  };
}

function askedFor(spec: Readonly<Record<string, unknown>>): AskedFor {
  const { mode, ...election } = record(spec.leaderElection);
  const asked = {
    electionMode: mode,
    leaseName: election.leaseName,
    leaseDuration: election.leaseDuration,
    renewDeadline: election.renewDeadline,
    retryPeriod: election.retryPeriod,
    failoverMode: record(spec.failover).mode,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => text(value) !== undefined));
}

function replicasOf(deployment: KubeObject) {
  const { ready, updated, replicas } = deploymentFacts(deployment);
  return { ready, updated, replicas };
}

function leaderOf({ resource, pods, lease }: InstanceObjects, holder: string, nowMs: number) {
  if (holder === '') return undefined;
  const ours = pods.filter((pod) => isOfOurDeployment(pod, resource.metadata)).map(readPod);
  const pod = podOfHolder(holder, ours);
  const sinceMs = sinceMsOf(recordOf(lease?.spec).acquireTime, nowMs);
  return {
    identity: holder,
    ...(pod !== undefined && { podName: pod.name }),
    ...(pod?.nodeName !== undefined && { nodeName: pod.nodeName }),
    ...(sinceMs !== undefined && { sinceMs }),
  };
}

function leaseView(lease: KubeObject, nowMs: number): LeaseView {
  const { holderIdentity, leaseDurationSeconds, renewTime, leaseTransitions } = recordOf(
    lease.spec,
  );
  const ageMs = sinceMsOf(renewTime, nowMs);
  const durationMs = leaseDurationSeconds === undefined ? undefined : leaseDurationSeconds * 1000;
  return {
    name: lease.metadata.name,
    holder: holderIdentity,
    transitions: leaseTransitions,
    ...(durationMs !== undefined && { durationMs }),
    ...(ageMs !== undefined && { ageMs }),
    ...(ageMs !== undefined &&
      durationMs !== undefined &&
      holderIdentity !== '' && { expiresInMs: durationMs - ageMs }),
  };
}

function podView(pod: KubeObject, leaderPod: string | undefined, nowMs: number): PodView {
  const { name, uid, nodeName, ready, deleting } = readPod(pod);
  const containers = records(record(pod.status).containerStatuses);
  const manager = containers.find((container) => container.name === MANAGER_CONTAINER);
  const waiting = ready ? 'standby' : 'starting';
  return {
    name,
    uid,
    ready,
    role: name === leaderPod ? 'leader' : deleting ? 'stopping' : waiting,
    restarts: count(manager?.restartCount),
    ageMs: sinceMsOf(text(pod.metadata.creationTimestamp), nowMs) ?? 0,
    ...(deleting && { stopping: true as const }),
    ...(nodeName !== undefined && { nodeName }),
  };
}

/** Undefined: there is no such time. Never negative: clocks differ a little. */
function sinceMsOf(time: string | undefined, nowMs: number): number | undefined {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.round(nowMs - atMs));
}
