/**
 * The little that caches keep of a pod is all that anybody reads of it: each reader says the same of the
 * whole pod and of what is kept. A reader that begins to look at another field fails here.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { instanceView } from '../../../operator/cli/view/decide/instance-view.ts';
import { isOfOurDeployment, ownHostName } from '../../../operator/decide/observed/holder.ts';
import { CAUSE_ANNOTATION, readPod } from '../../../operator/decide/observed/pod.ts';
import { trimPod } from '../../../operator/decide/observed/trim-pod.ts';
import { DELETION_COST_ANNOTATION, ROLE_LABEL } from '../../../operator/desired/pod/leader-mark.ts';
import { ELECTION_MODE_ANNOTATION } from '../../../operator/desired/pod/pod-template.ts';

const NAME = 'edge';
const NOW_MS = Date.parse('2026-01-01T01:00:00Z');

/** Whoever reads pods, by name. */
const READERS: Readonly<Record<string, (pod: KubeObject) => unknown>> = {
  'reconciling and failover': readPod,
  'the rule of host names': ownHostName,
  'the rule of whose pod it is': (pod) => isOfOurDeployment(pod, { name: NAME }),
  'the view of an instance': (pod) => instanceView(ledBy(pod), NOW_MS),
};

/** The pod and its age, which the dashboard keeps beside what is kept, since only people ask for it. */
function kept(pod: KubeObject): KubeObject {
  const { metadata, ...rest } = trimPod(pod);
  const { creationTimestamp } = pod.metadata;
  return { ...rest, metadata: { ...metadata, ...(creationTimestamp && { creationTimestamp }) } };
}

function ledBy(pod: KubeObject) {
  const resource = { apiVersion: 'v1', kind: 'X', metadata: { name: NAME, namespace: 'prod' } };
  const spec = { holderIdentity: `${pod.metadata.name}_1`, leaseDurationSeconds: 15 };
  const lease = { apiVersion: 'v1', kind: 'Lease', metadata: { name: 'lease' }, spec };
  return { resource, lease, pods: [pod], gaps: [] };
}

const TIME = '2026-01-01T00:00:00Z';
const ENDED = { containerID: 'c://1', exitCode: 137, reason: 'Error', finishedAt: TIME };

/** A pod with every field that a kubelet, a scheduler or a webhook may fill in, as far as they concern us. */
const WHOLE = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'edge-icha-6c9f-x2x4z',
    generateName: 'edge-icha-6c9f-',
    namespace: 'prod',
    uid: 'u-1',
    resourceVersion: '71',
    generation: 2,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: 0,
    finalizers: ['example.com/hold'],
    labels: {
      'app.kubernetes.io/version': '2.2.0',
      'app.kubernetes.io/instance': NAME,
      'pod-template-hash': '6c9f',
      [ROLE_LABEL]: 'leader',
    },
    annotations: {
      [ELECTION_MODE_ANNOTATION]: 'Lease',
      [DELETION_COST_ANNOTATION]: '1000',
      [CAUSE_ANNOTATION]: 'Drill',
      'example.com/note': 'x',
    },
    ownerReferences: [
      { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'n-1' },
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'edge-icha-6c9f',
        uid: 'r',
        controller: true,
      },
    ],
    managedFields: [{ manager: 'kubelet', operation: 'Update' }],
  },
  spec: {
    nodeName: 'n1',
    hostname: 'edge-0',
    subdomain: 'edge',
    hostnameOverride: 'other',
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    hostUsers: false,
    setHostnameAsFQDN: true,
    shareProcessNamespace: true,
    serviceAccountName: 'controller',
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'x', operator: 'Exists' }],
    affinity: { podAntiAffinity: {} },
    priority: 7,
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 10,
    initContainers: [{ name: 'manager', image: 'init:1' }],
    ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
    containers: [
      { name: 'adc-server', image: 'adc:1', env: [{ name: 'A', value: 'b' }] },
      { name: 'manager', image: 'manager:1', args: ['-v'], ports: [{ containerPort: 8080 }] },
      { name: 'manager', image: 'manager:2' },
    ],
    volumes: [
      { name: 'config', configMap: { name: 'edge-icha-1' } },
      { name: 'token', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      { name: 'secret', secret: { secretName: 's' } },
      { name: 'more', configMap: { name: 'edge-icha-2', optional: true } },
    ],
  },
  status: {
    phase: 'Running',
    reason: 'Evicted',
    message: 'The node was low on memory',
    hostIP: '10.0.0.1',
    podIP: '10.1.0.1',
    startTime: TIME,
    qosClass: 'Burstable',
    observedGeneration: 2,
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'ContainersReady', status: 'True' },
      { type: 'Ready', status: 'True', lastTransitionTime: TIME },
      { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' },
    ],
    initContainerStatuses: [{ name: 'manager', state: { terminated: ENDED }, restartCount: 9 }],
    ephemeralContainerStatuses: [{ name: 'manager', state: { terminated: ENDED } }],
    containerStatuses: [
      { name: 'adc-server', ready: true, restartCount: 1, containerID: 'c://a', state: {} },
      {
        name: 'manager',
        ready: true,
        started: true,
        restartCount: 3,
        image: 'manager:1',
        imageID: 'sha256:1',
        containerID: 'c://2',
        state: { running: { startedAt: TIME } },
        lastState: { terminated: { ...ENDED, signal: 9, message: 'oh', startedAt: TIME } },
      },
    ],
  },
};

/** Shapes of a pod, each of which may hide the others; fields that mean something together are one. */
const SHAPES: readonly (readonly string[])[] = [
  ['hostname'],
  ['setHostnameAsFQDN'],
  ['setHostnameAsFQDN', 'subdomain'],
  ['hostnameOverride'],
  ['hostNetwork'],
  ['hostPID'],
  ['shareProcessNamespace'],
];

/** The pod with one of these shapes, and with all. */
const PODS: readonly KubeObject[] = [
  WHOLE,
  ...SHAPES.map((shape) => {
    const hidden = SHAPES.flat().filter((field) => !shape.includes(field));
    const spec = Object.entries(WHOLE.spec).filter(([field]) => !hidden.includes(field));
    return { ...WHOLE, spec: Object.fromEntries(spec) };
  }),
];

type Path = readonly (string | number)[];
type Change = (value: unknown) => unknown;

/** What may become of a value: nothing, or one of the same or of another kind. */
const CHANGES: readonly Change[] = [
  () => undefined,
  () => null,
  (value) => value !== true,
  (value) => (typeof value === 'string' ? `${value}-other` : 'text'),
  (value) => (typeof value === 'number' ? value + 1 : 0),
  (value) => (Array.isArray(value) ? value.toReversed() : []),
  () => ({}),
];

/** What is never otherwise, or an object would be none. */
const ALWAYS: readonly string[] = ['metadata', 'metadata.name', 'apiVersion', 'kind'];
/** What an API server holds to its shape: there, only values of the same kind, and no part of a reference missing. */
const SHAPED = /^metadata\.(labels|annotations|ownerReferences)(\.|$)/;
const REQUIRED = /^metadata\.ownerReferences\.\d+(\.(apiVersion|kind|name|uid))?$/;

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const deeper =
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))
      : [];
  return path.length === 0 ? deeper : [path, ...deeper];
}

const PATHS = pathsIn(WHOLE).filter((path) => !ALWAYS.includes(path.join('.')));

function changed(pod: KubeObject, path: Path, change: Change): KubeObject {
  const copy = structuredClone(pod);
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => memberOf(value, key), copy);
  const last = path.at(-1) ?? '';
  if (parent === null || typeof parent !== 'object' || !(last in parent)) return copy;
  const members = parent as Record<string | number, unknown>;
  const next = change(members[last]);
  const where = path.join('.');
  if (next === undefined) {
    if (REQUIRED.test(where)) return copy;
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete members[last];
  } else if (!SHAPED.test(where) || isAlike(next, members[last])) members[last] = next;
  return copy;
}

function isAlike(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && a !== null && Array.isArray(a) === Array.isArray(b);
}

function memberOf(value: unknown, key: string | number): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
}

function assertSame(pod: KubeObject): void {
  for (const [who, read] of Object.entries(READERS)) {
    assert.deepEqual(read(kept(pod)), read(pod), `${who} reads something that is not kept`);
  }
}

describe('what is kept of a pod', () => {
  test('tells every reader the same as the whole pod, whatever its shape', () => {
    for (const pod of PODS) assertSame(pod);
  });

  test('and whatever one field says', () => {
    for (const path of PATHS) {
      for (const change of CHANGES) assertSame(changed(WHOLE, path, change));
    }
  });

  test('and whatever any number of them say', () => {
    const edits = fc.array(fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...CHANGES)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.constantFrom(...PODS), edits, (whole, all) => {
        assertSame(all.reduce((pod, [path, change]) => changed(pod, path, change), whole));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the same however often it is reduced', () => {
    assert.deepEqual(trimPod(trimPod(WHOLE)), trimPod(WHOLE));
  });

  test('holds no environment, argument, port or token, and is a fraction of the pod', () => {
    const text = JSON.stringify(trimPod(WHOLE));

    for (const hidden of [
      '"env"',
      '"args"',
      '"ports"',
      'projected',
      'secretName',
      'managedFields',
    ]) {
      assert.ok(!text.includes(hidden), hidden);
    }
    assert.ok(text.length < 0.7 * JSON.stringify(WHOLE).length);
  });
});
