/** From the caches to one immutable observation, and what is to be remembered of it. */
import { leaseNameOf } from '../../api/lease-name.ts';
import type { HaStatus } from '../../api/status.ts';
import { defined } from '../../base/defined.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import { DeploymentKind, DisruptionBudgetKind, LeaseKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { FailoverView } from '../../decide/observed/failover-view.ts';
import { isOfOurDeployment } from '../../decide/observed/holder.ts';
import { readLease } from '../../decide/observed/lease.ts';
import type { LostLease } from '../../decide/observed/memory.ts';
import type { Observation, Present } from '../../decide/observed/observation.ts';
import { readPod } from '../../decide/observed/pod.ts';
import { remember } from '../../decide/observed/remember.ts';
import { budgetFacts, deploymentFacts } from '../../decide/observed/workload.ts';
import { isMarkedShared } from '../../decide/plan/lease-end.ts';
import type { Caches } from '../cache/caches.ts';
import type { Memories } from './memories.ts';

/** What an observation is made from. */
export interface Observed {
  readonly caches: Caches;
  readonly memories: Memories;
  readonly clock: Clock;
  /** What the failover loop has concluded. */
  readonly failovers: { view(key: ObjectKey): FailoverView };
}

/** Changes nothing: what is to be remembered is `memory` of the result, which `memories.keep` keeps. */
export function observe(context: Observed, key: ObjectKey): Observation {
  const { caches, memories } = context;
  const resource = caches.resource(key);
  if (resource !== undefined) return observePresent(context, key, resource);
  const children = caches.children(key);
  return {
    kind: 'absent',
    key,
    leases: leasesOf(children),
    sharedLeases: memories.of(key).sharedLeases ?? [],
    podCount: caches.pods(key).length,
    deploymentCount: children.filter((child) => child.kind === DeploymentKind.kind).length,
  };
}

function observePresent(context: Observed, key: ObjectKey, resource: KubeObject): Present {
  const { caches, memories, clock } = context;
  const children = caches.children(key);
  const [ours, others] = partition(caches.pods(key), (pod) => isOfOurDeployment(pod, key));
  const pods = ours.map(readPod);
  const deployment = firstOf(children, DeploymentKind.kind, deploymentFacts);
  const leaseName = leaseNameOf(resource);
  const leases = leasesOf(children);
  const leaseObject = leases.find(({ metadata }) => metadata.name === leaseName);
  const lease = leaseObject && readLease(leaseObject);
  const lostLease = caches.lostLease(key, leaseName);
  const status = statusOf(resource);
  const nowMs = clock.nowMs();
  return {
    kind: 'present',
    key,
    resource,
    status,
    children,
    pods,
    otherPods: others.map(readPod),
    memory: remember(memories.of(key), {
      pods,
      readyReplicas: deployment?.ready ?? 0,
      wantedReplicas: wantedReplicas(resource),
      nowMs,
      leases: leases.map((one) => ({ uid: one.metadata.uid ?? '', shared: isMarkedShared(one) })),
      ...defined({
        lease,
        leaseChangedAtMs: leaseObject && caches.leaseChangedAtMs(leaseObject),
        lostLease: lostLease && lastOf(lostLease),
        reported: reportedLeader(status),
      }),
    }),
    failover: context.failovers.view(key),
    sameController: caches.sharedWith(key),
    nowMs,
    ...defined({
      deployment,
      lease,
      budget: firstOf(children, DisruptionBudgetKind.kind, budgetFacts),
    }),
  };
}

/** The leader that the status names with a pod. One without a pod was not known as ours. */
function reportedLeader({ leader }: HaStatus) {
  return leader?.podName === undefined
    ? undefined
    : { holder: leader.identity, pod: leader.podName };
}

function lastOf(lease: KubeObject): LostLease {
  const { uid } = lease.metadata;
  return {
    spec: record(lease.spec),
    ...defined({ uid, shared: isMarkedShared(lease) ? true : undefined }),
  };
}

function leasesOf(children: readonly KubeObject[]): readonly KubeObject[] {
  return children.filter((child) => child.kind === LeaseKind.kind);
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function firstOf<T>(
  children: readonly KubeObject[],
  kind: string,
  facts: (object: KubeObject) => T,
): T | undefined {
  const found = children.find((child) => child.kind === kind);
  return found === undefined ? undefined : facts(found);
}

function statusOf(resource: KubeObject): HaStatus {
  const status = record(resource.status);
  return { observedGeneration: -1, ...status };
}

function wantedReplicas(resource: KubeObject): number {
  const replicas = record(resource.spec).replicas;
  return typeof replicas === 'number' ? replicas : 0;
}
