/** Observations that say only what matters: a steady resource unless told otherwise. */
import type { Ha } from '../../operator/api/ha.ts';
import type { HaStatus } from '../../operator/api/status.ts';
import type { KubeObject, OwnerReference } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { NOTHING_SEEN } from '../../operator/decide/observed/failover-view.ts';
import type { Lease } from '../../operator/decide/observed/lease.ts';
import { emptyMemory } from '../../operator/decide/observed/memory.ts';
import type { Present } from '../../operator/decide/observed/observation.ts';
import type { Pod } from '../../operator/decide/observed/pod.ts';
import { NOT_SHARED } from '../../operator/decide/observed/shared-name.ts';
import type { DeploymentFacts } from '../../operator/decide/observed/workload.ts';
import { renderConfig } from '../../operator/desired/config-map.ts';
import { childName } from '../../operator/desired/naming.ts';
import { identityOf } from './a-holder.ts';

/** The instant at which the observations of tests are made, on the monotonic clock. */
export const NOW_MS = 1_000_000;

export function aPod(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    name,
    uid: `uid-of-${name}`,
    nodeName: `node-of-${name}`,
    ready: true,
    deleting: false,
    forced: false,
    mark: 'none',
    configMaps: [],
    electionMode: 'Lease',
    managerImage: 'apache/apisix-ingress-controller:2.2.0',
    adcImage: 'ghcr.io/api7/adc:0.27.1',
    ...changes,
  };
}

export function aLease(holder: string, changes: Partial<Lease> = {}): Lease {
  return {
    name: 'apisix-ingress-controller-leader',
    holder,
    durationSeconds: 30,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    transitions: 1,
    uid: 'lease-uid',
    resourceVersion: '1',
    record: holder,
    coordinated: false,
    ...changes,
  };
}

export function aRollout(changes: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    current: true,
    replicas: 2,
    updated: 2,
    ready: 2,
    available: 2,
    paused: false,
    deleting: false,
    progress: 'finished',
    deadlineExceeded: false,
    ...changes,
  };
}

/** Two ready pods `a` and `b`, of which `a` leads and has just renewed. */
export function steady(ha: Ha, changes: Partial<Present> = {}): Present {
  const configMaps = [renderConfig(ha).name];
  return {
    kind: 'present',
    key: { namespace: ha.namespace, name: ha.name },
    resource: theResource(ha),
    status: { observedGeneration: -1 },
    children: [],
    pods: [aPod('a', { configMaps, mark: 'whole' }), aPod('b', { configMaps })],
    otherPods: [],
    deployment: aRollout(),
    lease: aLease(identityOf('a')),
    memory: { ...emptyMemory, knownHolder: identityOf('a'), lastRenewalAtMs: NOW_MS },
    failover: NOTHING_SEEN,
    sameController: NOT_SHARED,
    nowMs: NOW_MS,
    ...changes,
  };
}

/** The owner of a pod of the resource's own Deployment. */
export function ofReplicaSet(resource: string): readonly OwnerReference[] {
  const name = `${childName({ name: resource })}-6b6fb6b765`;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: 'uid-of-the-replica-set' };
  return [{ ...owner, controller: true }];
}

/** The status of a resource that has been Ready for its present generation. */
export function readyStatus(ha: Ha): HaStatus {
  return {
    observedGeneration: ha.generation,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        observedGeneration: ha.generation,
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'AsSpecified',
        message: '',
      },
    ],
  };
}

export function theResource(ha: Ha): KubeObject {
  const { name, namespace, uid, generation } = ha;
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name, namespace, uid, generation },
  };
}
