/** From the caches to one immutable observation, and from each observation to the next memory. */
import { leaseNameOf } from '../../api/lease-name.ts';
import type { HaStatus } from '../../api/status.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import { keyText } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import { DeploymentKind, DisruptionBudgetKind, LeaseKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { FailoverView } from '../../decide/observed/failover-view.ts';
import { isOfOurDeployment } from '../../decide/observed/holder.ts';
import { readLease } from '../../decide/observed/lease.ts';
import {
  emptyMemory,
  type LostLease,
  type Memory,
  remember,
} from '../../decide/observed/memory.ts';
import type { Observation, Present } from '../../decide/observed/observation.ts';
import { readPod } from '../../decide/observed/pod.ts';
import { budgetFacts, deploymentFacts } from '../../decide/observed/workload.ts';
import { isMarkedShared } from '../../decide/plan/lease-end.ts';
import type { Caches } from '../cache/caches.ts';

export interface Looking {
  readonly caches: Caches;
  readonly memories: Map<string, Memory>;
  readonly clock: Clock;
  /** What the failover loop has seen. */
  readonly failovers: { view(key: ObjectKey): FailoverView };
}

export function observe(context: Looking, key: ObjectKey): Observation {
  const { caches, memories } = context;
  const resource = caches.resource(key);
  if (resource !== undefined) return observePresent(context, key, resource);

  const children = caches.children(key);
  const leases = leasesOf(children);
  const sharedLeases = memories.get(keyText(key))?.sharedLeases ?? [];
  // Of all that was remembered only this outlives the resource, for as long as a Lease does.
  if (leases.length === 0 || sharedLeases.length === 0) memories.delete(keyText(key));
  else memories.set(keyText(key), { ...emptyMemory, sharedLeases });
  return {
    kind: 'absent',
    key,
    leases,
    sharedLeases,
    podCount: caches.pods(key).length,
    deploymentCount: children.filter((child) => child.kind === DeploymentKind.kind).length,
  };
}

function observePresent(context: Looking, key: ObjectKey, resource: KubeObject): Present {
  const { caches, memories, clock } = context;
  const children = caches.children(key);
  const [ours, others] = partition(caches.pods(key), (pod) => isOfOurDeployment(pod, key));
  const pods = ours.map(readPod);
  const deployment = firstOf(children, DeploymentKind.kind, deploymentFacts);
  const leaseName = leaseNameOf(resource);
  const leaseObject = leasesOf(children).find(({ metadata }) => metadata.name === leaseName);
  const lease = leaseObject && readLease(leaseObject);
  const budget = firstOf(children, DisruptionBudgetKind.kind, budgetFacts);
  const status = statusOf(resource);
  const nowMs = clock.nowMs();
  const leaseChangedAtMs = leaseObject && caches.leaseChangedAtMs(leaseObject);
  const lostLease = caches.lostLease(key, leaseName);
  const memory = remember(memories.get(keyText(key)) ?? emptyMemory, {
    pods,
    readyReplicas: deployment?.ready ?? 0,
    wantedReplicas: wantedReplicas(resource),
    nowMs,
    ...(lease !== undefined && { lease }),
    ...(leaseChangedAtMs !== undefined && { leaseChangedAtMs }),
    ...(lostLease !== undefined && { lostLease: lastOf(lostLease) }),
    leases: leasesOf(children).map((one) => ({
      uid: one.metadata.uid ?? '',
      shared: isMarkedShared(one),
    })),
    // Without a pod it was never one of ours: to report a stranger is not to know it.
    ...(status.leader?.podName !== undefined && {
      reported: { holder: status.leader.identity, pod: status.leader.podName },
    }),
  });
  memories.set(keyText(key), memory);
  return {
    kind: 'present',
    key,
    resource,
    status,
    children,
    pods,
    otherPods: others.map(readPod),
    memory,
    failover: context.failovers.view(key),
    sameController: caches.sharedWith(key),
    nowMs,
    ...(deployment !== undefined && { deployment }),
    ...(lease !== undefined && { lease }),
    ...(budget !== undefined && { budget }),
  };
}

function lastOf(lease: KubeObject): LostLease {
  const { uid } = lease.metadata;
  return {
    spec: record(lease.spec),
    ...(uid !== undefined && { uid }),
    ...(isMarkedShared(lease) && { shared: true }),
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
