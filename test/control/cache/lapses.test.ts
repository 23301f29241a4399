/** What stands in for an echo ends, wakes once, and leaves no timer behind. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { LeaseKind, ServiceKind } from '../../../operator/base/resource-kinds.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KEY = { namespace: 'ns', name: 'apisix' };

function anObject(version: number, changes: Partial<KubeObject> = {}): KubeObject {
  const labels = { 'ingressha.dev/name': 'apisix' };
  const metadata = { name: 's', namespace: 'ns', uid: 'u1', resourceVersion: `${version}`, labels };
  return { apiVersion: 'v1', kind: 'Service', metadata, ...changes };
}

function aLease(version: number, spec: Readonly<Record<string, unknown>>): KubeObject {
  return anObject(version, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec });
}

function aCache() {
  const clock = createManualClock();
  const woken: string[] = [];
  const sensed: string[] = [];
  const caches = new Caches(clock, {
    enqueue: ({ name }) => woken.push(name),
    onEvent: ({ name }) => sensed.push(name),
  });
  return { clock, caches, woken, sensed };
}

describe('a write of ours whose echo does not come', () => {
  test('wakes its resource once when it lapses, with what the watch has told', async () => {
    const { clock, caches, woken, sensed } = aCache();
    caches.deliver(ServiceKind, { kind: 'add', object: anObject(5) });
    caches.wrote(ServiceKind, anObject(10));
    woken.length = 0;
    sensed.length = 0;

    await clock.advance(9_999);
    assert.deepEqual(woken, []);
    await clock.advance(60_000);

    assert.deepEqual([woken, sensed], [['apisix'], ['apisix']]);
    assert.equal(caches.children(KEY)[0]?.metadata.resourceVersion, '5');
    assert.equal(clock.pendingTimers(), 0);
  });

  test('to an object that the watch does not show, as one relabelled by admission, wakes too', async () => {
    const { clock, caches, woken } = aCache();
    caches.wrote(LeaseKind, aLease(10, { holderIdentity: '' }));

    await clock.advance(10_000);

    assert.deepEqual(woken, ['apisix']);
    assert.deepEqual(caches.children(KEY), []);
  });

  test('wakes nobody when what the watch has told comes to the same', async () => {
    const { clock, caches, woken } = aCache();
    caches.deliver(LeaseKind, { kind: 'add', object: aLease(5, { holderIdentity: 'a' }) });
    caches.wrote(LeaseKind, aLease(10, { holderIdentity: 'a', renewTime: 'now' }));
    woken.length = 0;

    await clock.advance(10_000);

    assert.deepEqual(woken, []);
    assert.equal(clock.pendingTimers(), 0);
  });
});

describe('the timer of what may lapse', () => {
  test('is one for any number of writes, and each lapses in its time', async () => {
    const { clock, caches, woken } = aCache();
    for (let at = 0; at < 50; at += 1) {
      caches.wrote(
        ServiceKind,
        anObject(10 + at, { metadata: { ...anObject(10 + at).metadata, name: `s${at}` } }),
      );
      await clock.advance(100);
    }
    assert.equal(clock.pendingTimers(), 1);

    await clock.advance(5_000);
    assert.equal(woken.length, 1);
    await clock.advance(4_900);
    assert.equal(woken.length, 50);
    assert.equal(clock.pendingTimers(), 0);
  });

  test('is gone once the echo has come, the object has gone, or the caches are stopped', async () => {
    const { clock, caches, woken } = aCache();
    caches.wrote(ServiceKind, anObject(10));
    caches.deliver(ServiceKind, { kind: 'add', object: anObject(10) });
    assert.equal(clock.pendingTimers(), 0);

    caches.wrote(ServiceKind, anObject(12));
    caches.removed({ apiVersion: 'v1', kind: 'Service', name: 's', namespace: 'ns' }, KEY);
    assert.equal(clock.pendingTimers(), 0);

    caches.wrote(ServiceKind, anObject(14));
    caches.deliver(ServiceKind, { kind: 'delete', last: anObject(15) });
    assert.equal(clock.pendingTimers(), 0);

    caches.wrote(ServiceKind, anObject(16));
    caches.stop();
    caches.wrote(ServiceKind, anObject(18));
    assert.equal(clock.pendingTimers(), 0);
    woken.length = 0;
    await clock.advance(60_000);
    assert.deepEqual(woken, []);
  });

  test('begins anew with each write', async () => {
    const { clock, caches, woken } = aCache();
    caches.wrote(ServiceKind, anObject(10));
    await clock.advance(6_000);
    caches.wrote(ServiceKind, anObject(12));
    await clock.advance(6_000);
    assert.deepEqual(woken, []);

    await clock.advance(4_000);
    assert.deepEqual(woken, ['apisix']);
  });
});
