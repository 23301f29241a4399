/** What the caches show between our own write and its echo, in every order in which they can come. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import {
  API_VERSION,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  RESOURCE_KIND,
  ServiceKind,
} from '../../../operator/base/resource-kinds.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KEY = { namespace: 'ns', name: 'apisix' };

function aService(version: number, changes: Partial<KubeObject['metadata']> = {}): KubeObject {
  const labels = { 'ingressha.dev/name': 'apisix' };
  const metadata = { name: 's', namespace: 'ns', uid: 'u1', resourceVersion: `${version}`, labels };
  return { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, ...changes } };
}

function aCache() {
  const clock = createManualClock();
  const woken: string[] = [];
  const caches = new Caches(clock, { enqueue: ({ name }) => woken.push(name) });
  return {
    clock,
    caches,
    woken,
    tell: (object: KubeObject) => caches.deliver(ServiceKind, { kind: 'add', object }),
    tellGone: (last: KubeObject) => caches.deliver(ServiceKind, { kind: 'delete', last }),
    versions: () => caches.children(KEY).map(({ metadata }) => metadata.resourceVersion),
  };
}

describe('our own write', () => {
  test('shows at once', () => {
    const { caches, versions } = aCache();

    caches.wrote(ServiceKind, aService(10));

    assert.deepEqual(versions(), ['10']);
  });

  test('is not undone by older news that come after it', () => {
    const { caches, tell, versions, woken } = aCache();
    tell(aService(5));
    caches.wrote(ServiceKind, aService(10));
    woken.length = 0;

    tell(aService(7));

    assert.deepEqual([versions(), woken], [['10'], []]);
  });

  test('gives way to newer news', () => {
    const { caches, tell, versions } = aCache();
    caches.wrote(ServiceKind, aService(10));

    tell(aService(11));

    assert.deepEqual(versions(), ['11']);
  });

  test('is not shown any more when news of the end came before the answer', () => {
    const { caches, tell, tellGone, versions } = aCache();
    tell(aService(10));
    tellGone(aService(11));

    caches.wrote(ServiceKind, aService(10));

    assert.deepEqual(versions(), []);
  });

  test('to an object that had only lost our labels shows again', () => {
    const { caches, tellGone, versions } = aCache();
    tellGone(aService(11));

    caches.wrote(ServiceKind, aService(12));

    assert.deepEqual(versions(), ['12']);
  });

  test('whose echo was faster than its answer does not expire', async () => {
    const { caches, clock, tell, versions } = aCache();
    tell(aService(10));
    caches.wrote(ServiceKind, aService(10));

    await clock.advance(60_000);

    assert.deepEqual(versions(), ['10']);
  });

  test('whose echo never comes falls back to what the watch told', async () => {
    const { caches, clock, tell, versions } = aCache();
    tell(aService(5));
    caches.wrote(ServiceKind, aService(10));

    await clock.advance(10_000);

    assert.deepEqual(versions(), ['5']);
  });

  test('of a status that came back with a newer spec asks for a look at that spec', () => {
    const { caches, woken } = aCache();
    const resource = (version: number, generation: number) => ({
      ...aService(version, { name: 'apisix', generation }),
      apiVersion: API_VERSION,
      kind: RESOURCE_KIND,
    });
    caches.deliver(IngressControllerHAKind, { kind: 'add', object: resource(1, 1) });
    woken.length = 0;

    caches.wrote(IngressControllerHAKind, resource(2, 1));
    assert.deepEqual(woken, []);

    caches.wrote(IngressControllerHAKind, resource(4, 2));
    assert.deepEqual(woken, ['apisix']);
  });

  test('whose answer comes after the news that the object is gone makes no ghost', () => {
    const { caches, tell, tellGone, versions } = aCache();
    tell(aService(5));
    tellGone(aService(11));

    caches.wrote(ServiceKind, aService(10));

    assert.deepEqual(versions(), []);
  });

  test('to a resource that is no longer known ends all news of it', () => {
    const { caches } = aCache();
    const resource = {
      ...aService(1, { name: 'apisix' }),
      apiVersion: API_VERSION,
      kind: RESOURCE_KIND,
    };
    caches.deliver(IngressControllerHAKind, { kind: 'add', object: resource });

    caches.resourceIsGone(resource);
    caches.deliver(IngressControllerHAKind, { kind: 'add', object: resource });

    assert.equal(caches.resource(KEY), undefined);
  });

  test('survives the news that its predecessor of that name is gone', () => {
    const { caches, tell, tellGone, versions } = aCache();
    tell(aService(5, { uid: 'u0' }));
    caches.wrote(ServiceKind, aService(10));

    tellGone(aService(7, { uid: 'u0' }));

    assert.deepEqual(versions(), ['10']);
  });

  test('that deleted an object hides it at once', () => {
    const { caches, tell, versions } = aCache();
    tell(aService(5));

    caches.removed({ apiVersion: 'v1', kind: 'Service', name: 's', namespace: 'ns' }, KEY);

    assert.deepEqual(versions(), []);
  });
});

describe('a change', () => {
  test('concerns the resource that the label names, or nobody', () => {
    const { tell, woken } = aCache();

    tell(aService(1));
    tell(aService(2, { labels: {}, name: 'other' }));

    assert.deepEqual(woken, ['apisix']);
  });

  test('that takes our label away wakes the resource that loses the object', () => {
    const { caches, tell, versions, woken } = aCache();
    tell(aService(1));
    woken.length = 0;

    caches.deliver(ServiceKind, {
      kind: 'update',
      old: aService(1),
      object: aService(2, { labels: {} }),
    });

    assert.deepEqual([versions(), woken], [[], ['apisix']]);
  });

  test('of a pod wakes only when it changes what we decide on', () => {
    const { caches, woken } = aCache();
    const pod = (version: number, status: unknown): KubeObject => ({
      ...aService(version, { name: 'p' }),
      kind: 'Pod',
      status,
    });
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    const beat = { conditions: [{ type: 'Ready', status: 'True', lastProbeTime: 'later' }] };
    caches.deliver(PodKind, { kind: 'add', object: pod(1, ready) });
    woken.length = 0;

    caches.deliver(PodKind, { kind: 'add', object: pod(2, beat) });
    assert.deepEqual(woken, []);

    caches.deliver(PodKind, { kind: 'add', object: pod(3, {}) });
    assert.deepEqual(woken, ['apisix']);
  });

  test('of a Lease is dated on our clock, the renewals that wake nobody too', async () => {
    const { caches, clock, woken } = aCache();
    const lease = (version: number, renewTime: string): KubeObject => ({
      ...aService(version, { name: 'l' }),
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      spec: { holderIdentity: 'a_1', renewTime },
    });
    caches.deliver(LeaseKind, { kind: 'add', object: lease(1, 'now') });
    woken.length = 0;
    await clock.advance(2_000);

    caches.deliver(LeaseKind, { kind: 'add', object: lease(2, 'then') });
    await clock.advance(1_000);

    assert.deepEqual([caches.leaseChangedAtMs(lease(2, 'then')), woken], [2_000, []]);
  });
});

describe('unknown is not quiet', () => {
  const lease = (uid: string, { name = 'l', version = 1, holder = 'a_1' } = {}): KubeObject => ({
    ...aService(version, { name, uid }),
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    spec: { holderIdentity: holder, renewTime: String(version) },
  });

  test('a Lease that was never seen has changed just now', async () => {
    const { caches, clock } = aCache();
    await clock.advance(5_000);

    assert.equal(caches.leaseChangedAtMs(lease('never-seen')), 5_000);
  });

  test('the deletion of another Lease with the same labels leaves the clock of this one alone', async () => {
    const { caches, clock } = aCache();
    const [ours, other] = [lease('ours'), lease('other', { name: 'other' })];
    for (const object of [ours, other]) caches.deliver(LeaseKind, { kind: 'add', object });
    await clock.advance(2_000);
    const renewed = lease('ours', { version: 2 });
    caches.deliver(LeaseKind, { kind: 'update', old: ours, object: renewed });
    await clock.advance(1_000);

    caches.deliver(LeaseKind, { kind: 'delete', last: other });

    assert.equal(caches.leaseChangedAtMs(renewed), 2_000);
  });

  test('a renewal of another Lease with the same labels is none of this one', async () => {
    const { caches, clock } = aCache();
    const [ours, other] = [lease('ours'), lease('other', { name: 'other' })];
    for (const object of [ours, other]) caches.deliver(LeaseKind, { kind: 'add', object });
    await clock.advance(2_000);

    const renewed = lease('other', { name: 'other', version: 2 });
    caches.deliver(LeaseKind, { kind: 'update', old: other, object: renewed });

    assert.equal(caches.leaseChangedAtMs(ours), 0);
  });

  test('a Lease that was created anew with the same record has changed just now', async () => {
    const { caches, clock } = aCache();
    caches.deliver(LeaseKind, { kind: 'add', object: lease('first') });
    await clock.advance(2_000);

    const next = { ...lease('second'), spec: lease('first').spec };
    caches.deliver(LeaseKind, { kind: 'delete', last: lease('first') });
    caches.deliver(LeaseKind, { kind: 'add', object: next });

    assert.equal(caches.leaseChangedAtMs(next), 2_000);
  });

  test('a Lease that has lost our labels and got them back has changed just now', async () => {
    const { caches, clock } = aCache();
    caches.deliver(LeaseKind, { kind: 'add', object: lease('ours') });
    await clock.advance(2_000);

    caches.deliver(LeaseKind, { kind: 'delete', last: lease('ours') });
    caches.deliver(LeaseKind, { kind: 'add', object: lease('ours', { version: 3 }) });

    assert.equal(caches.leaseChangedAtMs(lease('ours')), 2_000);
  });

  test('what is given back after a deletion is the record of the very Lease that went', () => {
    const { caches } = aCache();
    const metadata = { ...KEY, uid: 'r1', resourceVersion: '5' };
    const spec = { leaderElection: { leaseName: 'l' } };
    const resource: KubeObject = { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata, spec };
    caches.deliver(IngressControllerHAKind, { kind: 'add', object: resource });
    const [ours, other] = [lease('ours'), lease('other', { name: 'other', holder: 'z_9' })];
    for (const last of [ours, other]) {
      caches.deliver(LeaseKind, { kind: 'add', object: last });
      caches.deliver(LeaseKind, { kind: 'delete', last });
    }

    assert.deepEqual(caches.lostLease(KEY, 'l')?.spec, ours?.spec);
    assert.equal(caches.lostLease(KEY, 'l')?.metadata.uid, 'ours');
    assert.equal(caches.lostLease(KEY, 'other'), undefined);
  });
});

test('a resource that the API server does not know any more stays gone, whatever a late watch tells', () => {
  const { caches, woken } = aCache();
  const metadata = { ...KEY, uid: 'r1', resourceVersion: '5' };
  const resource: KubeObject = { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata };
  const kind = IngressControllerHAKind;
  caches.deliver(kind, { kind: 'add', object: resource });
  woken.length = 0;

  caches.resourceIsGone(resource);
  caches.deliver(kind, { kind: 'update', old: resource, object: { ...resource, spec: {} } });

  assert.equal(caches.resource(KEY), undefined);
  assert.deepEqual(woken, [KEY.name]);
});
