/** What is read off a Pod and a Lease, from objects as the API server gives them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { freedLease, guardedLease } from '../../../operator/decide/failover/guarded-lease.ts';
import { hostNameOf } from '../../../operator/decide/observed/holder-name.ts';
import { readPod } from '../../../operator/decide/observed/pod.ts';
import { merged } from '../../support/merge.ts';

const STARTED = '2026-01-01T00:00:00Z';
const STARTED_S = Date.parse(STARTED) / 1000;

function aPod(changes: Readonly<Record<string, unknown>> = {}): KubeObject {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x-1', namespace: 'ns', uid: 'u1' },
    spec: { nodeName: 'n1' },
    status: {
      containerStatuses: [
        { name: 'adc-server', state: { running: { startedAt: STARTED } }, containerID: 'c://adc' },
        { name: 'manager', state: { running: { startedAt: STARTED } }, containerID: 'c://m1' },
      ],
    },
  };
  return merged(pod, changes) as KubeObject;
}

function withManager(manager: Readonly<Record<string, unknown>>): KubeObject {
  return aPod({ status: { containerStatuses: [{ name: 'manager', ...manager }] } });
}

describe('a run of the manager', () => {
  test('is found by its name, wherever it stands in the list', () => {
    const { current } = readPod(aPod());

    assert.deepEqual(current, { kind: 'running', containerId: 'c://m1', startedAtS: STARTED_S });
  });

  test('that ended has its own id, exit code, reason and time', () => {
    const terminated = {
      containerID: 'c://m1',
      exitCode: 137,
      reason: 'OOMKilled',
      finishedAt: '2026-01-01T00:00:09Z',
    };

    const { current } = readPod(withManager({ state: { terminated } }));

    assert.deepEqual(current, {
      kind: 'ended',
      containerId: 'c://m1',
      exit: { code: 137, reason: 'OOMKilled', finishedAtS: STARTED_S + 9 },
    });
  });

  test('before the present one is the last state', () => {
    const pod = withManager({
      containerID: 'c://m2',
      state: { running: { startedAt: STARTED } },
      lastState: { terminated: { containerID: 'c://m1', exitCode: 1, reason: 'Error' } },
    });

    const { current, previous } = readPod(pod);

    assert.equal(current?.kind === 'running' && current.containerId, 'c://m2');
    assert.deepEqual(previous, {
      kind: 'ended',
      containerId: 'c://m1',
      exit: { code: 1, reason: 'Error' },
    });
  });

  for (const finishedAt of [null, undefined, '', '1970-01-01T00:00:00Z', 'soon', 0]) {
    test(`that ended at ${JSON.stringify(finishedAt)} ended at no known time`, () => {
      const terminated = { containerID: 'c://m1', exitCode: 137, finishedAt };

      const { current } = readPod(withManager({ state: { terminated } }));

      assert.equal(current?.kind === 'ended' && current.exit.finishedAtS, undefined);
    });
  }

  test('without an id is no run that could be told from others', () => {
    const { current } = readPod(withManager({ state: { running: { startedAt: STARTED } } }));

    assert.deepEqual(current, { kind: 'waiting' });
  });

  test('is unknown while the kubelet has told nothing', () => {
    assert.equal(readPod(aPod({ status: { containerStatuses: [] } })).current, undefined);
  });
});

describe('the shape of a pod', () => {
  const unsupported: Record<string, KubeObject> = {
    '`hostNetwork` is set': aPod({ spec: { hostNetwork: true } }),
    '`hostPID` is set': aPod({ spec: { hostPID: true } }),
    '`shareProcessNamespace` is set': aPod({ spec: { shareProcessNamespace: true } }),
    '`setHostnameAsFQDN` is set': aPod({ spec: { setHostnameAsFQDN: true } }),
    '`hostname` is set': aPod({ spec: { hostname: 'other' } }),
    '`hostnameOverride` is set': aPod({ spec: { hostnameOverride: 'other' } }),
    'its name is longer than 63 characters': aPod({ metadata: { name: 'x'.repeat(64) } }),
  };
  for (const [why, pod] of Object.entries(unsupported)) {
    test(`is unsupported when ${why}`, () => assert.equal(readPod(pod).unsupported, why));
  }

  test('is supported as we render it', () => {
    assert.equal(readPod(aPod()).unsupported, undefined);
  });
});

describe('the end of a pod', () => {
  test('is forced when it waits for no kubelet', () => {
    const metadata = { deletionTimestamp: STARTED, deletionGracePeriodSeconds: 0 };
    const { deleting, forced } = readPod(aPod({ metadata }));

    assert.deepEqual({ deleting, forced }, { deleting: true, forced: true });
  });

  test('is not forced within a grace period', () => {
    const metadata = { deletionTimestamp: STARTED, deletionGracePeriodSeconds: 10 };
    const { deleting, forced } = readPod(aPod({ metadata }));

    assert.deepEqual({ deleting, forced }, { deleting: true, forced: false });
  });

  test('has a reason when something disrupts it', () => {
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' };

    const { disruption } = readPod(aPod({ status: { conditions: [condition] } }));

    assert.equal(disruption, 'EvictionByEvictionAPI');
  });
});

describe('the host name of a holder', () => {
  const uuid = 'be7ab2c6-0c75-4c1f-b9f3-0e7f1c3a5d11';
  const cases: readonly (readonly [string, string | undefined])[] = [
    [`x-1_${uuid}`, 'x-1'],
    [`x_1_${uuid}`, 'x_1'],
    [`x-1_${uuid.toUpperCase()}`, 'x-1'],
    [`_${uuid}`, undefined],
    [uuid, undefined],
    ['x-1_7', undefined],
    ['x-1', undefined],
    ['', undefined],
  ];
  for (const [holder, name] of cases) {
    test(`in "${holder}" is ${name ?? 'none'}`, () => assert.equal(hostNameOf(holder), name));
  }
});

describe('the guarded Lease', () => {
  const labels = {
    'app.kubernetes.io/managed-by': 'ingress-controller-ha',
    'ingressha.dev/name': 'apisix',
  };
  const spec = {
    holderIdentity: 'a',
    leaseDurationSeconds: 30,
    acquireTime: '2026-01-01T00:00:01.900000Z',
    renewTime: '2026-01-01T00:00:05.000000Z',
    leaseTransitions: 4,
  };
  const aLease = (changes: Readonly<Record<string, unknown>> = {}): KubeObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'l', namespace: 'ns', uid: 'u', resourceVersion: '7', labels },
    spec,
    ...changes,
  });
  const read = (lease: KubeObject) => guardedLease(lease, { name: 'apisix' }, 5);

  test('is read with whole seconds and the version that a write depends on', () => {
    const { holder, acquiredAtS, resourceVersion, changedAtMs, ours } = read(aLease());

    assert.deepEqual(
      { holder, acquiredAtS, resourceVersion, changedAtMs, ours },
      { holder: 'a', acquiredAtS: STARTED_S + 1, resourceVersion: '7', changedAtMs: 5, ours: true },
    );
  });

  test('is not ours without our labels, or with another name, or with an owner', () => {
    const owner = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'y', controller: true };
    const metadata = aLease().metadata;
    const others = [
      aLease({ metadata: { ...metadata, labels: {} } }),
      aLease({ metadata: { ...metadata, labels: { ...labels, 'ingressha.dev/name': 'other' } } }),
      aLease({ metadata: { ...metadata, ownerReferences: [owner] } }),
    ];

    assert.deepEqual(
      others.map((lease) => read(lease).ours),
      [false, false, false],
    );
  });

  test('belongs to a coordinated election when it says so in either field', () => {
    const coordinated = (more: object) => read(aLease({ spec: { ...spec, ...more } })).coordinated;

    assert.deepEqual(
      [
        coordinated({}),
        coordinated({ strategy: 'OldestEmulationVersion' }),
        coordinated({ preferredHolder: 'b' }),
        coordinated({ strategy: null, preferredHolder: '' }),
      ],
      [false, true, true, false],
    );
  });

  test('is freed with the record of client-go’s own release, all else as it was read', () => {
    const now = '2026-01-01T00:01:00.000000Z';
    const lease = aLease({ spec: { ...spec, future: 'field' } });

    assert.deepEqual(freedLease(lease, now), {
      ...lease,
      spec: {
        future: 'field',
        holderIdentity: '',
        leaseDurationSeconds: 1,
        acquireTime: now,
        renewTime: now,
        leaseTransitions: 4,
      },
    });
  });

  test('reads a record that a hand has spoilt as one without a holder', () => {
    for (const spoilt of [undefined, null, [], 'x', { holderIdentity: 7 }]) {
      assert.equal(read(aLease({ spec: spoilt })).holder, '');
    }
  });
});
