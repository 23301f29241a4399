/** One pass after the other over a fake cluster: what it holds afterwards, and what that took. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { record } from '../../../operator/base/read.ts';
import {
  API_VERSION,
  DeploymentKind,
  kindOf,
  RESOURCE_KIND,
} from '../../../operator/base/resource-kinds.ts';
import type { InstallerPolicy } from '../../../operator/desired/installer.ts';
import { SHARED_LABEL } from '../../../operator/desired/lease.ts';
import { APPLIED_HASH_ANNOTATION } from '../../../operator/desired/naming.ts';
import { identityOf } from '../../support/a-holder.ts';
import { aReconciledWorld } from '../../support/a-reconciled-world.ts';
import { aPolicy, type Changes } from '../../support/an-ha.ts';

const KEY = { namespace: 'ingress-apisix', name: 'apisix' };
const LEASE = 'apisix-ingress-controller-leader';
const SHARE = { existingLease: 'Share' };
const CHILDREN = [
  'apply ConfigMap/apisix-icha-',
  'apply Lease/apisix-ingress-controller-leader',
  'apply PodDisruptionBudget/apisix-icha',
  'apply Role/apisix-icha',
  'apply Service/apisix-icha',
  'apply RoleBinding/apisix-icha',
  'apply Deployment/apisix-icha',
];

function aWorld(installer: Changes<InstallerPolicy> = {}) {
  const world = aReconciledWorld({ policy: aPolicy(installer) });
  const { cluster, deliver, pass } = world;
  return {
    ...world,
    /** The resource goes, and all but its Lease with it. */
    end() {
      cluster.remove(RESOURCE_KIND, KEY.name);
      cluster.remove('Deployment', 'apisix-icha');
      deliver();
      return pass();
    },
    /** Takes the mark of a shared Lease off. */
    unmark() {
      const lease = cluster.object('Lease', LEASE);
      assert.ok(lease);
      const { [SHARED_LABEL]: _, ...labels } = lease.metadata.labels ?? {};
      cluster.put({ ...lease, metadata: { ...lease.metadata, labels } });
      deliver();
    },
  };
}

function childWrites(writes: readonly string[]): readonly string[] {
  return writes
    .filter((write) => !write.startsWith('status'))
    .map((write) => write.replace(/-[0-9a-f]{10}$/, '-'));
}

describe('a new resource', () => {
  test('gets every child in one write each, one look before it, and one status', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'settled');
    assert.deepEqual(childWrites(world.cluster.writes).toSorted(), CHILDREN.toSorted());
    assert.equal(world.cluster.reads.length, CHILDREN.length);
    assert.deepEqual(world.cluster.writes.slice(-1), [`status ${RESOURCE_KIND}/apisix`]);
    assert.equal(world.condition('Ready')?.reason, 'RollingOut');
  });

  test('is not written again while the echo of our writes is on its way', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.cluster.forgetCalls();

    await world.pass();

    assert.deepEqual([world.cluster.writes, world.cluster.reads], [[], []]);
  });

  test('is not written again once the echo has come, nor long after', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.cluster.forgetCalls();

    world.deliver();
    await world.pass();
    await world.clock.advance(60_000);
    await world.pass();

    assert.deepEqual([world.cluster.writes, world.cluster.reads], [[], []]);
  });

  test('gets no write while it is being deleted', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    const live = world.cluster.object(RESOURCE_KIND, 'apisix');
    assert.ok(live);
    world.cluster.put({ ...live, metadata: { ...live.metadata, deletionTimestamp: 'now' } });
    world.deliver();

    assert.equal((await world.pass()).kind, 'gone');
    assert.deepEqual(world.cluster.writes, []);
  });
});

describe('drift', () => {
  test('is repaired by one write to the one child', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const service = world.cluster.object('Service', 'apisix-icha');
    assert.ok(service);
    world.cluster.put({ ...service, spec: { type: 'NodePort' } });
    world.deliver();
    world.cluster.forgetCalls();

    await world.pass();

    assert.deepEqual(childWrites(world.cluster.writes), ['apply Service/apisix-icha']);
    assert.equal(record(world.cluster.object('Service', 'apisix-icha')?.spec).type, 'ClusterIP');
  });

  test('is left alone while paused, and repaired once resumed', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.specify({ replicas: 2, paused: true }, 2);
    world.cluster.remove('Service', 'apisix-icha');
    world.deliver();

    await world.pass();
    assert.equal(world.cluster.object('Service', 'apisix-icha'), undefined);
    assert.equal(world.condition('Ready')?.reason, 'Paused');

    world.specify({ replicas: 2 }, 3);
    await world.pass();
    assert.ok(world.cluster.object('Service', 'apisix-icha'));
  });
});

describe('a foreign object under the name of a child', () => {
  test('stops the whole plan, is told in the status, and is not touched', async () => {
    const world = aWorld();
    const { namespace } = KEY;
    const metadata = { name: 'apisix-icha', namespace };
    const foreign = world.cluster.put({ apiVersion: 'v1', kind: 'Service', metadata });
    world.specify({ replicas: 2 });

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'terminal-error');
    assert.deepEqual(childWrites(world.cluster.writes), []);
    assert.deepEqual(world.cluster.object('Service', 'apisix-icha'), foreign);
    assert.equal(world.condition('Stalled')?.reason, 'ObjectNotOwned');
    assert.deepEqual(
      world.events.map(({ reason }) => reason),
      ['ObjectNotOwned'],
    );
  });

  test('is a conflict of Leases when it is the Lease', async () => {
    const world = aWorld();
    const metadata = { name: 'apisix-ingress-controller-leader', namespace: KEY.namespace };
    world.cluster.put({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata });
    world.specify({ replicas: 2 });

    await world.pass();

    assert.equal(world.condition('Stalled')?.reason, 'LeaseConflict');
  });

  test('holds nothing up any more once it is gone', async () => {
    const world = aWorld();
    const metadata = { name: 'apisix-icha', namespace: KEY.namespace };
    world.cluster.put({ apiVersion: 'v1', kind: 'Service', metadata });
    world.specify({ replicas: 2 });
    await world.pass();

    world.cluster.remove('Service', 'apisix-icha');
    await world.pass();

    assert.equal(world.condition('Stalled'), undefined);
    assert.ok(world.cluster.object('Deployment', 'apisix-icha'));
  });
});

describe('a refusal', () => {
  test('of the rehearsed Deployment leaves everything unwritten', async () => {
    const world = aWorld();
    world.cluster.failNext('dry apply Deployment', { kind: 'invalid', message: 'bad affinity' });
    world.specify({ replicas: 2 });

    await world.pass();

    assert.deepEqual(childWrites(world.cluster.writes), []);
    assert.equal(world.condition('Stalled')?.reason, 'AdmissionDenied');
  });

  test('for want of a right names it', async () => {
    const world = aWorld();
    const message = 'Cannot apply Role: cannot patch resource "roles"';
    world.cluster.failNext('apply Role/', { kind: 'forbidden', cause: 'rights', message });
    world.specify({ replicas: 2 });

    await world.pass();

    assert.equal(world.condition('Stalled')?.reason, 'PermissionDenied');
    assert.match(world.condition('Stalled')?.message ?? '', /patch resource "roles"/);
  });

  test('by the installer leaves what runs as it is', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const before = world.cluster.object('Deployment', 'apisix-icha');

    world.specify(
      { replicas: 3, controller: { manager: { image: { repository: 'evil.example/x' } } } },
      2,
    );
    await world.pass();

    assert.equal(world.condition('Stalled')?.reason, 'ImageRefused');
    assert.deepEqual(world.cluster.object('Deployment', 'apisix-icha'), before);
  });
});

describe('trouble with the API server', () => {
  test('in one write is retried, and told only when it is no race', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    world.cluster.failNext('apply Service', { kind: 'server-error', message: 'etcd is away' });

    const outcome = await world.pass();
    assert.equal(outcome.kind, 'failed');
    assert.equal(world.condition('Reconciling')?.reason, 'Retrying');

    assert.equal((await world.pass()).kind, 'settled');
    assert.ok(world.cluster.object('Deployment', 'apisix-icha'));
  });

  test('as a lost race writes no status', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    world.cluster.failNext('apply Service', { kind: 'conflict', message: 'somebody was faster' });

    assert.equal((await world.pass()).kind, 'failed');
    assert.equal(world.condition('Ready'), undefined);
  });
});

describe('the Lease', () => {
  test('outlives its resource until the last pod and the Deployment are gone', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const labels = world.cluster.object('Lease', 'apisix-ingress-controller-leader')?.metadata
      .labels;
    assert.ok(labels);
    const metadata = { name: 'apisix-icha-1', namespace: KEY.namespace, labels };
    world.cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata });
    world.cluster.remove(RESOURCE_KIND, 'apisix');
    world.deliver();

    await world.pass();
    assert.ok(world.cluster.object('Lease', 'apisix-ingress-controller-leader'));

    world.cluster.remove('Pod', 'apisix-icha-1');
    world.cluster.remove('Deployment', 'apisix-icha');
    world.deliver();
    await world.pass();
    assert.equal(world.cluster.object('Lease', 'apisix-ingress-controller-leader'), undefined);
  });

  test('that a stranger holds stays so, also once the status has told who holds it', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const [lease, deployment] = [
      world.cluster.object('Lease', 'apisix-ingress-controller-leader'),
      world.cluster.object('Deployment', 'apisix-icha'),
    ];
    assert.ok(lease && deployment);
    world.cluster.put({
      ...lease,
      spec: { holderIdentity: identityOf('of-an-earlier-installation') },
    });
    const ready = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
    const observedGeneration = deployment.metadata.generation ?? 1;
    world.cluster.put({ ...deployment, status: { ...ready, observedGeneration } });

    for (let pass = 0; pass < 3; pass++) {
      world.deliver();
      await world.pass();
    }

    const { leader } = record(world.cluster.object(RESOURCE_KIND, KEY.name)?.status);
    assert.equal(record(leader).identity, identityOf('of-an-earlier-installation'));
    assert.equal(world.condition('LeaderElected')?.status, 'False');
    assert.equal(world.condition('Ready')?.reason, 'WaitingForLeader');
  });

  test('gets its labels back when somebody took them, and keeps its holder', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.deliver();
    const lease = world.cluster.object('Lease', 'apisix-ingress-controller-leader');
    assert.ok(lease);
    const held = { ...lease, spec: { holderIdentity: identityOf('a') } };
    world.cluster.put(held);
    world.deliver();
    world.cluster.put({ ...held, metadata: { ...held.metadata, labels: {} } });
    world.caches.deliver(kindOf(held), { kind: 'delete', last: held }); // out of the watch's sight

    await world.pass();

    const repaired = world.cluster.object('Lease', 'apisix-ingress-controller-leader');
    assert.equal(repaired?.metadata.labels?.['ingressha.dev/name'], 'apisix');
    assert.equal(record(repaired?.spec).holderIdentity, identityOf('a'));
    assert.equal(world.condition('Stalled'), undefined);
  });

  test('that was shared is given back by every way out, and never deleted', async () => {
    const renewed = { holderIdentity: identityOf('of-an-earlier-installation') };
    const ways: Record<string, (world: ReturnType<typeof aWorld>) => Promise<unknown>> = {
      'without an election': async (world) => {
        world.specify({ replicas: 1, leaderElection: { ...SHARE, mode: 'Disabled' } }, 2);
        await world.pass();
        const deployment = world.cluster.object('Deployment', 'apisix-icha');
        assert.ok(deployment);
        const { generation = 1 } = deployment.metadata;
        world.cluster.put({ ...deployment, status: { observedGeneration: generation } });
        world.deliver();
        return world.pass();
      },
      'by Refuse, another label, and the end of the resource': async (world) => {
        const inheritedMetadata = { labels: { team: 'edge' } };
        world.specify({ replicas: 2, inheritedMetadata }, 2);
        await world.pass();
        world.deliver();
        return world.end();
      },
      'by the loss of the mark while the resource is there': async (world) => {
        world.unmark();
        await world.pass();
        world.deliver();
        world.unmark();
        return world.end();
      },
    };
    for (const [way, go] of Object.entries(ways)) {
      const world = aWorld({ sharedLease: 'Allowed' });
      world.specify({ replicas: 2, leaderElection: SHARE });
      await world.pass();
      world.deliver();
      const lease = world.cluster.object('Lease', LEASE);
      assert.ok(lease);
      world.cluster.put({ ...lease, spec: renewed });
      world.deliver();
      world.cluster.forgetCalls();

      await go(world);

      const left = world.cluster.object('Lease', LEASE);
      assert.deepEqual([left?.metadata.uid, left?.spec], [lease.metadata.uid, renewed], way);
      assert.ok(!world.cluster.writes.includes(`delete Lease/${LEASE}`), way);
      assert.ok(world.cluster.writes.includes(`apply Lease/${LEASE}`), way);
    }
  });

  test('under our labels that has another owner is left alone when the resource is gone', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const lease = world.cluster.object('Lease', LEASE);
    assert.ok(lease);
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'n', controller: true };
    world.cluster.put({ ...lease, metadata: { ...lease.metadata, ownerReferences: [owner] } });

    await world.end();

    assert.ok(world.cluster.object('Lease', LEASE));
  });

  test('of the operator itself is refused, and nothing is written', async () => {
    const world = aWorld({ sharedLease: 'Allowed', ownLease: { ...KEY, name: 'operators' } });
    world.specify({ replicas: 2, leaderElection: { ...SHARE, leaseName: 'operators' } });

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'terminal-error');
    assert.deepEqual(childWrites(world.cluster.writes), []);
    assert.deepEqual(world.cluster.reads, []);
    assert.equal(world.condition('Stalled')?.reason, 'LeaseConflict');
  });

  test('is shared only where the installer allows it; what runs is left running', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    const before = world.cluster.object('Deployment', 'apisix-icha');
    world.cluster.forgetCalls();

    world.specify({ replicas: 3, leaderElection: SHARE }, 2);
    await world.pass();

    assert.deepEqual(childWrites(world.cluster.writes), []);
    assert.deepEqual(world.cluster.object('Deployment', 'apisix-icha'), before);
    assert.equal(world.condition('Stalled')?.reason, 'SharedLeaseRefused');
  });

  test('wakes nobody by a renewal', async () => {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.deliver();
    const lease = world.cluster.object('Lease', 'apisix-ingress-controller-leader');
    assert.ok(lease);
    const held = { holderIdentity: identityOf('a'), renewTime: '1', leaseTransitions: 1 };
    world.cluster.put({ ...lease, spec: held });
    world.deliver();
    world.enqueued.length = 0;

    world.cluster.put({ ...lease, spec: { ...held, renewTime: '2' } });
    world.deliver();

    assert.deepEqual(world.enqueued, []);
  });
});

describe('while another resource rolls out', () => {
  const NEIGHBOUR = { namespace: 'elsewhere', name: 'neighbour' };

  /** A resource that was applied, beside one whose rollout stands so. */
  async function beside(neighbour: Readonly<Record<string, unknown>>) {
    const world = aWorld();
    world.specify({ replicas: 2 });
    await world.pass();
    world.deliver();
    const kinds = { apiVersion: API_VERSION, kind: RESOURCE_KIND };
    const labels = { 'ingressha.dev/name': NEIGHBOUR.name };
    for (const object of [
      { ...kinds, metadata: { ...NEIGHBOUR, uid: 'n1' } },
      {
        ...DeploymentKind,
        metadata: { ...NEIGHBOUR, labels, uid: 'n2', generation: 1 },
        ...neighbour,
      },
    ]) {
      world.caches.deliver(kindOf(object), { kind: 'add', object });
    }
    return world;
  }

  const ROLLING = { status: { observedGeneration: 1, replicas: 2, updatedReplicas: 1 } };

  /** The live Deployment as somebody, or an earlier version of the operator, left it. */
  function leave(world: ReturnType<typeof aWorld>, by: 'a stranger' | 'an earlier version') {
    const live = world.cluster.object('Deployment', 'apisix-icha');
    assert.ok(live);
    const template = record(record(live.spec).template);
    const containers = [{ name: 'manager', image: 'of-another/image:1' }];
    const annotations =
      by === 'a stranger'
        ? live.metadata.annotations
        : { ...live.metadata.annotations, [APPLIED_HASH_ANNOTATION]: '0123456789' };
    world.cluster.put({
      ...live,
      metadata: { ...live.metadata, ...(annotations && { annotations }) },
      spec: {
        ...record(live.spec),
        template: { ...template, spec: { ...record(template.spec), containers } },
      },
    });
    world.deliver();
    world.cluster.forgetCalls();
  }

  test('pods that this version renders in another way wait, and the status names for whom', async () => {
    const world = await beside(ROLLING);
    leave(world, 'an earlier version');

    const outcome = await world.pass();

    assert.deepEqual(outcome, { kind: 'queued', behind: ['elsewhere/neighbour'] });
    assert.deepEqual(childWrites(world.cluster.writes), []);
    assert.deepEqual(
      [world.condition('Reconciling')?.reason, world.condition('Reconciling')?.message],
      ['RolloutQueued', 'New pods wait until "elsewhere/neighbour" has rolled out'],
    );
  });

  test('a second look that finds the same writes no status', async () => {
    const world = await beside(ROLLING);
    leave(world, 'an earlier version');
    await world.pass();
    world.cluster.forgetCalls();

    await world.pass();

    assert.deepEqual(world.cluster.writes, []);
  });

  test('pods that somebody edited are put right at once', async () => {
    const world = await beside(ROLLING);
    leave(world, 'a stranger');

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'settled');
    assert.deepEqual(childWrites(world.cluster.writes), ['apply Deployment/apisix-icha']);
  });

  test('nobody waits for a Deployment that somebody paused', async () => {
    const world = await beside({ ...ROLLING, spec: { paused: true } });
    leave(world, 'an earlier version');

    const outcome = await world.pass();

    assert.equal(outcome.kind, 'settled');
    assert.deepEqual(childWrites(world.cluster.writes), ['apply Deployment/apisix-icha']);
  });
});
