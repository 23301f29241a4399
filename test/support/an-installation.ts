/**
 * A resource `edge` in `prod` as it stands in a cluster, with its Deployment, two pods on two nodes, its
 * Lease, and an operator's Lease in `ops`: for commands that look at all of it.
 */
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { childLabels } from '../../operator/desired/naming.ts';

/** What the calendar of the manual clock says is near this. */
export const LEADER_POD = 'edge-icha-5d9c7b6f88-abcde';
export const STANDBY_POD = 'edge-icha-5d9c7b6f88-fghij';
export const IDENTITY = `${LEADER_POD}_0b7f3f0e-6f0b-4c58-9c5e-0d5a3b1c2d4e`;

export interface InstallationOptions {
  /** ISO text of the calendar. */
  readonly now: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly lease?: Readonly<Record<string, unknown>>;
  readonly assist?: { readonly status: string; readonly reason: string; readonly message: string };
  readonly nodeReady?: 'True' | 'Unknown';
}

const WATCHING = {
  status: 'True',
  reason: 'Watching',
  message: 'The holder is watched: if it dies, its Lease is freed',
};
const LABELS = childLabels({ name: 'edge', inherited: { labels: {}, annotations: {} } });

export function anInstallation(options: InstallationOptions): readonly KubeObject[] {
  return [
    theResource(options),
    theLease(options),
    aPod(LEADER_POD, 'node-a'),
    aPod(STANDBY_POD, 'node-b'),
    aNode('node-a', options.nodeReady ?? 'True'),
    aNode('node-b', 'True'),
    operatorLease(options.now),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'edge-icha', namespace: 'prod', uid: 'uid-deployment', labels: LABELS },
    },
  ];
}

function theResource({ spec = {}, assist = WATCHING }: InstallationOptions): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name: 'edge', namespace: 'prod', uid: 'uid-edge', generation: 1 },
    spec: { replicas: 2, ...spec },
    status: {
      observedGeneration: 1,
      leader: { identity: IDENTITY, transitions: 4 },
      conditions: [{ type: 'FailoverAssistReady', ...assist }],
    },
  };
}

function theLease({ now, lease = {} }: InstallationOptions): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: 'apisix-ingress-controller-leader',
      namespace: 'prod',
      uid: 'uid-lease',
      labels: LABELS,
    },
    spec: {
      holderIdentity: IDENTITY,
      leaseDurationSeconds: 30,
      acquireTime: '2025-12-31T22:00:00.000000Z',
      renewTime: micro(now),
      leaseTransitions: 4,
      ...lease,
    },
  };
}

function aPod(name: string, nodeName: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'prod',
      uid: `uid-${name}`,
      labels: { ...LABELS, 'app.kubernetes.io/version': '2.2.0' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'edge-icha-5d9c7b6f88',
          uid: 'r',
          controller: true,
        },
      ],
    },
    spec: { nodeName, containers: [{ name: 'manager', image: 'manager:2.2.0' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        {
          name: 'manager',
          containerID: `containerd://${name.slice(-5)}0123456789`,
          state: { running: { startedAt: '2025-12-31T21:59:50Z' } },
        },
      ],
    },
  };
}

function aNode(name: string, ready: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}` },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

function operatorLease(now: string): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'ingress-controller-ha', namespace: 'ops', uid: 'uid-operator-lease' },
    spec: {
      holderIdentity: 'operator-7f-x_0b7f3f0e-6f0b-4c58-9c5e-0d5a3b1c2d4e',
      leaseDurationSeconds: 15,
      renewTime: micro(now),
    },
  };
}

function micro(time: string): string {
  return time.replace(/(\.\d+)?Z$/, '.000000Z');
}
