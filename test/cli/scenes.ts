/** Resources in the states that people look at them in, as the API server would show them. */
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { childLabels, childName } from '../../operator/desired/naming.ts';
import { ofReplicaSet } from '../support/an-observation.ts';

/** The calendar of the test's clock at its start. */
export const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

export interface SceneOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly replicas?: number;
  /** Index of the pod that leads; absent: nobody does. */
  readonly leader?: number;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  /** `Type=Status Reason: Message`, in place of the healthy ones of the same type. */
  readonly told?: readonly string[];
  /** Changes of one pod, by index. */
  readonly pods?: Readonly<Record<number, PodChange>>;
  /** Changes of the Lease's spec. */
  readonly lease?: Readonly<Record<string, unknown>>;
  readonly failovers?: number;
}

export interface PodChange {
  readonly ready?: false;
  readonly deleting?: true;
  readonly restarts?: number;
  readonly ageMs?: number;
}

const HEALTHY = [
  'Ready=True AsSpecified: 2 replicas are ready and one of them leads',
  'LeaderElected=True LeaseHeld: edge-icha-6b6fb6b765-aaaaa leads',
  'HighlyAvailable=True Redundant: A standby on another node is ready',
  'ElectionSettingsEffective=True AsRendered: The Lease and the mounted ConfigMap are as rendered',
  'FailoverAssistReady=True Watching: The holder is known and watched',
  'SettingsSound=True NoAdvice: There is no advice',
];

/** The resource first, then its children. */
export function scene(options: SceneOptions = {}): readonly KubeObject[] {
  const { replicas = 2 } = options;
  const pods = Array.from({ length: replicas }, (_, index) => aPod(index, options));
  const children = [aDeployment(options), ...pods, aLease(options)];
  const budget = replicas < 2 ? [] : [aBudget(options)];
  return [aResource(options), ...children, ...budget];
}

/** `ago(90_000)`: an instant of the API, before now. */
export function ago(ms: number): string {
  return new Date(NOW_MS - ms).toISOString();
}

function aResource(options: SceneOptions): KubeObject {
  const { name = 'edge', namespace = 'prod', replicas = 2, told = [], spec = {} } = options;
  const conditions = [
    ...HEALTHY.filter((text) => !told.some((other) => sameType(other, text))),
    ...told,
  ];
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      generation: 1,
      creationTimestamp: ago(86_400_000),
    },
    spec: {
      replicas,
      leaderElection: {
        mode: 'Lease',
        leaseName: leaseNameOf(options),
        leaseDuration: '30s',
        renewDeadline: '20s',
        retryPeriod: '2s',
      },
      failover: { mode: 'Assisted' },
      ...spec,
    },
    status: {
      observedGeneration: 1,
      readyReplicas: replicas,
      controller: { version: '2.2.0' },
      election: {
        leaseName: leaseNameOf(options),
        leaseDurationSeconds: 30,
        expectedFailoverMilliseconds: 32_350,
        worstCaseFailoverMilliseconds: 38_800,
        assistedFailoverMilliseconds: 6_900,
        apiOutageToleranceSeconds: 20,
        overlapBoundSeconds: 22,
        apiRequestsPerMinute: 49,
      },
      failovers: failovers(options.failovers ?? 0),
      conditions: conditions.map(aCondition),
      ...options.status,
    },
  };
}

function sameType(a: string, b: string): boolean {
  return a.split('=')[0] === b.split('=')[0];
}

function aCondition(text: string) {
  const [, type, status, reason, message] = /^(\w+)=(\w+) (\w+): (.*)$/s.exec(text) ?? [];
  return { type, status, reason, message, observedGeneration: 1, lastTransitionTime: ago(300_000) };
}

function failovers(count: number) {
  const causes = ['PodDeleted', 'Evicted', 'OOMKilled', 'LeaseLost', 'NodeLost'];
  return Array.from({ length: count }, (_, index) => ({
    time: ago(120_000 * (index + 1) ** 2),
    cause: causes[index % causes.length],
    fromIdentity: `edge-icha-6b6fb6b765-${'bcdef'[index % 5]}${'bbbb'}_${index}`,
    toIdentity: 'edge-icha-6b6fb6b765-aaaaa_00000000-0000-0000-0000-000000000003',
    winner: index % 2 === 0 ? 'Standby' : 'Replacement',
    assist: index === 3 ? 'Refused' : 'Cleared',
    ...(index === 3 && {
      assistReason: 'The node has not answered for 40s, so the end of the process is not proven',
    }),
    ...(index !== 4 && { leaderlessMilliseconds: 912 + index * 10_400 }),
  }));
}

function podName(index: number, { name = 'edge' }: SceneOptions): string {
  return `${childName({ name })}-6b6fb6b765-${String.fromCharCode(97 + index).repeat(5)}`;
}

function labels({ name = 'edge' }: SceneOptions) {
  return childLabels({ name, inherited: { labels: {}, annotations: {} } });
}

function aPod(index: number, options: SceneOptions): KubeObject {
  const { ready, deleting, restarts = 0, ageMs = 3_900_000 } = options.pods?.[index] ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(index, options),
      namespace: options.namespace ?? 'prod',
      uid: `uid-pod-${index}`,
      labels: labels(options),
      ownerReferences: ofReplicaSet(options.name ?? 'edge'),
      creationTimestamp: ago(ageMs),
      ...(deleting && { deletionTimestamp: ago(1_000) }),
    },
    spec: { nodeName: `node-${index % 3}`, containers: [] },
    status: {
      conditions: [{ type: 'Ready', status: ready === false ? 'False' : 'True' }],
      containerStatuses: [{ name: 'manager', restartCount: restarts }],
    },
  };
}

function aDeployment(options: SceneOptions): KubeObject {
  const { name = 'edge', namespace = 'prod', replicas = 2 } = options;
  const missing = Object.values(options.pods ?? {}).filter(({ ready }) => ready === false).length;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: childName({ name }), namespace, generation: 1, labels: labels(options) },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas - missing,
    },
  };
}

/** Several resources in a namespace need Leases of their own. */
function leaseNameOf({ name }: SceneOptions): string {
  return name === undefined ? 'apisix-ingress-controller-leader' : `${name}-leader`;
}

function aLease(options: SceneOptions): KubeObject {
  const { leader, namespace = 'prod' } = options;
  const holder =
    leader === undefined ? '' : `${podName(leader, options)}_00000000-0000-0000-0000-000000000003`;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: leaseNameOf(options), namespace, labels: labels(options) },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: 30,
      acquireTime: ago(270_000),
      renewTime: ago(1_200),
      leaseTransitions: 3,
      ...options.lease,
    },
  };
}

function aBudget(options: SceneOptions): KubeObject {
  const { name = 'edge', namespace = 'prod', replicas = 2 } = options;
  const missing = Object.values(options.pods ?? {}).filter(({ ready }) => ready === false).length;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: childName({ name }), namespace, labels: labels(options) },
    status: {
      disruptionsAllowed: missing === 0 ? 1 : 0,
      currentHealthy: replicas - missing,
      expectedPods: replicas,
    },
  };
}
