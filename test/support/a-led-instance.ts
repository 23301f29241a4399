/** All objects of a resource in which everything is in order: `apisix` in `prod`, of which pod `…-a` leads. */

import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import type { InstanceSnapshot } from '../../operator/cli/view/decide/instance-snapshot.ts';
import { selectorLabels } from '../../operator/desired/naming.ts';
import { ofReplicaSet } from './an-observation.ts';

export const NAMESPACE = 'prod';
export const NAME = 'apisix';
export const LEASE = 'apisix-ingress-controller-leader';
const UUID = '00000000-0000-4000-8000-000000000000';

/** `apisix-icha-7d9f-a`. */
export function podName(letter: string): string {
  return `${NAME}-icha-7d9f-${letter}`;
}

export function identityOf(letter: string): string {
  return `${podName(letter)}_${UUID}`;
}

export function aLedInstance(): Required<InstanceSnapshot> {
  return {
    resource: aLedResource(),
    deployment: aDeployment(),
    pods: [aControllerPod('a'), aControllerPod('b')],
    lease: aHeldLease('a', '2026-01-01T00:00:00.000000Z'),
    budget: aBudget(1),
    gaps: [],
  };
}

export function aLedResource(
  spec: Readonly<Record<string, unknown>> = {},
  conditions: Readonly<Record<string, string>> = {},
): KubeObject {
  const told = {
    Ready: 'True AsSpecified All is well',
    LeaderElected: 'True LeaseHeld The Lease is held and renewed',
    FailoverAssistReady: 'True Watching The holder is watched',
    ...conditions,
  };
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name: NAME, namespace: NAMESPACE, uid: 'uid-ha', generation: 1 },
    spec: { replicas: 2, leaderElection: { retryPeriod: '1s' }, ...spec },
    status: {
      observedGeneration: 1,
      readyReplicas: 2,
      election: { leaseName: LEASE, worstCaseFailoverMilliseconds: 14_400 },
      conditions: Object.entries(told).map(([type, text]) => {
        const [status, reason, ...message] = text.split(' ');
        return { type, status, reason, message: message.join(' ') };
      }),
    },
  };
}

export function aDeployment(status: Readonly<Record<string, number>> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${NAME}-icha`, namespace: NAMESPACE, generation: 1 },
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      ...status,
    },
  };
}

export function aControllerPod(
  letter: string,
  metadata: Partial<KubeObject['metadata']> = {},
  ready = 'True',
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(letter),
      namespace: NAMESPACE,
      uid: `uid-${letter}`,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: selectorLabels({ name: NAME }),
      ownerReferences: ofReplicaSet(NAME),
      ...metadata,
    },
    spec: {
      nodeName: `node-${letter}`,
      containers: [
        { name: 'manager', securityContext: { runAsUser: 1000 } },
        { name: 'adc-server', image: 'example/adc:1' },
      ],
    },
    status: {
      conditions: [{ type: 'Ready', status: ready }],
      containerStatuses: [
        {
          name: 'manager',
          containerID: `containerd://${letter}`,
          state: { running: { startedAt: '2025-12-31T23:00:00Z' } },
        },
      ],
    },
  };
}

/** Empty: nobody holds it. */
export function aHeldLease(letter: string, renewTime: string, acquireTime?: string): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: LEASE, namespace: NAMESPACE, resourceVersion: '1' },
    spec: {
      holderIdentity: letter === '' ? '' : identityOf(letter),
      leaseDurationSeconds: 10,
      acquireTime: acquireTime ?? '2025-12-31T23:30:00.000000Z',
      renewTime,
      leaseTransitions: 1,
    },
  };
}

export function aBudget(disruptionsAllowed: number): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: `${NAME}-icha`, namespace: NAMESPACE },
    status: { disruptionsAllowed },
  };
}
