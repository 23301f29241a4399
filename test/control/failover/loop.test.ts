/** The loop around the guarded Lease: which events lead to which live reads, and to at most one write. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FailoverRecord } from '../../../operator/api/types.generated.ts';
import type { KubeObject, ObjectRef } from '../../../operator/base/kube-object.ts';
import { record } from '../../../operator/base/read.ts';
import { API_VERSION, RESOURCE_KIND } from '../../../operator/base/resource-kinds.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { leaderOnly } from '../../../operator/control/election/leader-only.ts';
import { FailoverLoop } from '../../../operator/control/failover/loop.ts';
import { rehearseFailover } from '../../../operator/control/failover/rehearse.ts';
import { FailoverReport } from '../../../operator/control/failover/report.ts';
import type { Transition } from '../../../operator/decide/status/transitions.ts';
import { silentLog } from '../../../operator/telemetry/log.ts';
import { identityOf } from '../../support/a-holder.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KEY = { namespace: 'ns', name: 'apisix' };
const LEASE = 'apisix-ingress-controller-leader';
const LABELS = {
  'app.kubernetes.io/managed-by': 'ingress-controller-ha',
  'ingressha.dev/name': 'apisix',
};
const RETRY_PERIOD_MS = 2_000;
const QUIET_MS = 2_500;
const LOOKS = ['get Pod/apisix-icha-1-a', `get Lease/${LEASE}`, 'get Node/n1'];

/** A resource with two pods, of which `a` leads; everything that the loop sees and does. */
async function aWorld(spec: Readonly<Record<string, unknown>> = {}) {
  const clock = createManualClock();
  const cluster = createFakeCluster();
  const woken: string[] = [];
  const events: Transition[] = [];
  const refused: string[] = [];
  const bugs: string[] = [];
  const trouble: string[] = [];
  const changes: FailoverRecord[] = [];
  const freedAfterMs: number[] = [];
  let leading = false;
  let synced = true;
  const caches: Caches = new Caches(clock, {
    enqueue: () => {},
    onEvent: (key) => failover.onEvent(key),
  });
  const failover = new FailoverLoop({
    caches,
    clock,
    client: leaderOnly(cluster.client, () => leading),
    isSynced: () => synced,
    enqueue: ({ name }) => woken.push(name),
    report: new FailoverReport({
      announce: (_, transition) => events.push(transition),
      log: {
        ...silentLog,
        warn: (line) => trouble.push(line),
        error: (line) => trouble.push(line),
      },
      observer: {
        leaderChanged: (change) => changes.push(change),
        freed: (tookMs) => freedAfterMs.push(tookMs),
        refused: (reason) => refused.push(reason),
        bug: ({ name }) => bugs.push(name),
      },
    }),
  });
  const term = new AbortController();
  let renewals = 0;
  let ended: Promise<void> = Promise.resolve();

  const world = {
    clock,
    cluster,
    caches,
    failover,
    woken,
    events,
    refused,
    bugs,
    trouble,
    changes,
    freedAfterMs,
    term,
    setSynced(value: boolean) {
      synced = value;
    },
    async deliver() {
      cluster.deliver(caches);
      await clock.settle();
    },
    /** This operator leads from now on. */
    async lead() {
      leading = true;
      ended = failover.lead({ isLeading: () => leading, signal: term.signal });
      await clock.settle();
    },
    async stop() {
      term.abort();
      await ended;
      leading = false;
    },
    lose() {
      leading = false;
    },
    holder: () => record(cluster.object('Lease', LEASE)?.spec).holderIdentity,
    /** A candidate writes its record, RP after the last one. */
    async hold(identity: string, more: Readonly<Record<string, unknown>> = {}) {
      renewals += 1;
      const seconds = String(renewals % 60).padStart(2, '0');
      const renewTime = `2026-01-01T00:01:${seconds}.000000Z`;
      const acquireTime = '2026-01-01T00:01:00.000000Z';
      const fields = { holderIdentity: identity, leaseDurationSeconds: 30, acquireTime, renewTime };
      cluster.put({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { ...KEY, name: LEASE, uid: 'lease-uid', labels: LABELS },
        spec: { ...fields, leaseTransitions: 3, ...more },
      });
      await world.deliver();
    },
    async put(object: KubeObject) {
      cluster.put(object);
      await world.deliver();
    },
    async ready(status: 'True' | 'Unknown') {
      await world.put(aNode(status));
    },
  };
  cluster.put({
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { ...KEY, generation: 1 },
    spec,
  });
  cluster.put(aPod('a'));
  cluster.put(aPod('b'));
  cluster.put(aNode('True'));
  await world.deliver();
  return world;
}

/** The same, with `a` bound and this operator leading. */
async function aLedWorld(spec?: Readonly<Record<string, unknown>>) {
  const world = await aWorld(spec);
  await world.lead();
  await world.hold(identityOf('apisix-icha-1-a'));
  await world.clock.advance(RETRY_PERIOD_MS);
  await world.hold(identityOf('apisix-icha-1-a'));
  world.cluster.forgetCalls();
  return world;
}

function aPod(suffix: string, changes: Readonly<Record<string, unknown>> = {}): KubeObject {
  const name = `apisix-icha-1-${suffix}`;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'apisix-icha-1', uid: 'rs' };
  const { metadata = {}, manager = runningManager(suffix) } = changes;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{ name, namespace: 'ns', uid: `uid-${suffix}`, labels: LABELS },
      ownerReferences: [{ ...owner, controller: true }],
      ...record(metadata),
    },
    spec: { nodeName: 'n1' },
    status: { containerStatuses: [manager] },
  };
}

function runningManager(suffix: string) {
  const state = { running: { startedAt: '2026-01-01T00:00:00Z' } };
  return { name: 'manager', containerID: `c://${suffix}`, state };
}

function endedManager(suffix: string, changes: Readonly<Record<string, unknown>> = {}) {
  const finishedAt = '2026-01-01T00:01:30Z';
  const exit = { containerID: `c://${suffix}`, exitCode: 137, reason: 'Error', finishedAt };
  return {
    name: 'manager',
    containerID: `c://${suffix}`,
    state: { terminated: { ...exit, ...changes } },
  };
}

const crashedPod = () => aPod('a', { manager: endedManager('a') });
const stoppedPod = () =>
  aPod('a', {
    manager: endedManager('a', { exitCode: 0, reason: 'Completed' }),
    metadata: { deletionTimestamp: '2026-01-01T00:01:29Z', deletionGracePeriodSeconds: 10 },
  });

function aNode(status: 'True' | 'Unknown'): KubeObject {
  const conditions = [{ type: 'Ready', status }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { conditions } };
}

describe('a leader whose pod was stopped', () => {
  test('costs three looks and one write, at once', async () => {
    const { cluster, freedAfterMs, holder, put } = await aLedWorld();

    await put(stoppedPod());

    assert.deepEqual(cluster.reads, LOOKS);
    assert.deepEqual(cluster.writes, [`replace Lease/${LEASE}`]);
    assert.equal(holder(), '');
    assert.deepEqual(freedAfterMs, [0]);
  });

  test('leaves a Lease that client-go takes for a release, transitions as they were', async () => {
    const { cluster, put } = await aLedWorld();

    await put(stoppedPod());

    const spec = record(cluster.object('Lease', LEASE)?.spec);
    assert.equal(spec.leaseDurationSeconds, 1);
    assert.equal(spec.leaseTransitions, 3);
    assert.match(String(spec.renewTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(spec.acquireTime, spec.renewTime);
  });

  test('is told in an event, and in history once a successor leads', async () => {
    const { changes, clock, deliver, events, failover, hold, put, woken } = await aLedWorld();
    await put(stoppedPod());
    await deliver();
    await clock.advance(700);
    woken.length = 0;

    await hold(identityOf('apisix-icha-1-b'));

    assert.deepEqual(
      events.map(({ reason }) => reason),
      ['LeaseFreed', 'Failover'],
    );
    assert.equal(changes.length, 1);
    assert.equal(changes[0]?.assist, 'Cleared');
    assert.deepEqual(failover.states.view(KEY).failovers, changes);
    assert.deepEqual(woken, ['apisix']);
  });

  test('is not looked at again when its pod goes and the write echoes', async () => {
    const { cluster, deliver, put } = await aLedWorld();
    await put(stoppedPod());

    cluster.remove('Pod', 'apisix-icha-1-a');
    await deliver();

    assert.equal(cluster.reads.length, LOOKS.length);
    assert.equal(cluster.writes.length, 1);
  });
});

describe('a leader that crashed', () => {
  test('is looked at only when the Lease has been quiet', async () => {
    const { clock, cluster, holder, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    await clock.advance(QUIET_MS - 301);
    const early = cluster.reads.length;

    await clock.advance(1);

    assert.equal(early, 0);
    assert.deepEqual(cluster.reads, LOOKS);
    assert.equal(holder(), '');
  });

  test('that renews during the look is left alone', async () => {
    const { clock, cluster, hold, holder, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    cluster.before(`get Lease/${LEASE}`, () => void hold(identityOf('apisix-icha-1-a')));

    await clock.advance(QUIET_MS - 300);

    assert.equal(holder(), identityOf('apisix-icha-1-a'));
    assert.deepEqual(cluster.writes, []);
  });

  test('that renews between the look and the write meets a conflict, and is thought about anew', async () => {
    const { clock, cluster, holder, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    cluster.before(`replace Lease/${LEASE}`, () => {
      cluster.put({
        ...(cluster.object('Lease', LEASE) as KubeObject),
        spec: { ...record(cluster.object('Lease', LEASE)?.spec), renewTime: 'later' },
      });
    });
    await clock.advance(QUIET_MS - 300);
    const afterTheConflict = holder();

    await clock.advance(250); // the next look sees the renewal, and waits anew
    await clock.advance(QUIET_MS - 1);
    const whileNotQuiet = holder();
    await clock.advance(1);

    assert.equal(afterTheConflict, identityOf('apisix-icha-1-a'));
    assert.equal(whileNotQuiet, identityOf('apisix-icha-1-a'));
    assert.equal(holder(), '');
    assert.equal(cluster.writes.length, 1);
  });

  test('in vain, since it renews twice more, keeps its Lease, however late the next renewal is', async () => {
    const { clock, cluster, hold, put, refused } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    for (let renewal = 0; renewal < 2; renewal += 1) {
      await hold(identityOf('apisix-icha-1-a'));
      await clock.advance(RETRY_PERIOD_MS);
    }

    await clock.advance(60_000);

    assert.deepEqual([cluster.writes, refused], [[], ['death-contradicted']]);
  });

  test('in a cluster that was restored is left alone while the caches show another version', async () => {
    const { clock, cluster, holder, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    const { get } = cluster.client;
    const older = { ...(cluster.object('Lease', LEASE) as KubeObject) };
    Object.assign(cluster.client, {
      get: async (ref: ObjectRef) =>
        ref.kind === 'Lease'
          ? { ...older, metadata: { ...older.metadata, resourceVersion: '1' } }
          : get(ref),
    });

    await clock.advance(QUIET_MS + 10_000);

    assert.deepEqual([cluster.writes, holder()], [[], identityOf('apisix-icha-1-a')]);
  });

  test('is not acted upon while its node is not Ready, by the live look alone', async () => {
    const { clock, cluster, put, ready, refused } = await aLedWorld();
    await ready('Unknown');
    await clock.advance(300);

    await put(crashedPod());
    await clock.advance(QUIET_MS);

    assert.deepEqual(cluster.writes, []);
    assert.deepEqual(refused, ['node-not-ready']);
  });

  test('stays dead although its kubelet tells another story later', async () => {
    const { clock, cluster, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    cluster.put(aPod('a', { manager: endedManager('a', { reason: 'Unknown', exitCode: 255 }) }));

    await clock.advance(QUIET_MS);

    assert.equal(cluster.writes.length, 1);
  });

  test('is freed although its pod is gone by the time of the look', async () => {
    const { clock, cluster, holder, put } = await aLedWorld();
    await clock.advance(300);
    await put(crashedPod());
    cluster.remove('Pod', 'apisix-icha-1-a');

    await clock.advance(QUIET_MS);

    assert.equal(holder(), '');
  });
});

describe('a look that fails', () => {
  test('is tried again soon, with growing pauses', async () => {
    const { clock, cluster, holder, put } = await aLedWorld();
    cluster.failNext('get Pod', { kind: 'unreachable', message: 'no answer' });
    cluster.failNext('get Pod', { kind: 'server-error', message: 'etcd' });

    await put(stoppedPod());
    await clock.advance(250);
    const afterTwo = holder();
    await clock.advance(500);

    assert.equal(afterTwo, identityOf('apisix-icha-1-a'));
    assert.equal(holder(), '');
  });

  test('is told in the log once for each holder, however often it fails', async () => {
    const { clock, cluster, put, trouble } = await aLedWorld();
    for (let count = 0; count < 5; count += 1) {
      cluster.failNext('replace Lease', { kind: 'server-error', message: 'etcd' });
    }

    await put(stoppedPod());
    await clock.advance(20_000);

    assert.equal(cluster.writes.length, 1);
    assert.equal(trouble.filter((line) => line === 'Failover attempt failed').length, 1);
  });

  for (const [right, call] of [
    ['get pods', 'get Pod'],
    ['get leases', 'get Lease'],
    ['get nodes', 'get Node'],
    ['update leases', 'replace Lease'],
  ] as const) {
    test(`for lack of the right to ${right} says so, and is tried again`, async () => {
      const { clock, cluster, failover, holder, put, refused } = await aLedWorld();
      cluster.failNext(call, { kind: 'forbidden', cause: 'rights', message: 'no' });

      await put(stoppedPod());
      const { assist } = failover.states.view(KEY);
      await clock.advance(250);

      assert.equal(assist?.reason, 'PermissionDenied');
      assert.match(assist.message, new RegExp(right));
      assert.deepEqual(failover.missingRights.all(), [{ namespace: 'ns', right }]);
      assert.deepEqual(refused, ['permission-denied']);
      assert.equal(holder(), '');
    });
  }
});

describe('without leadership', () => {
  test('an operator binds holders and writes nothing', async () => {
    const { clock, cluster, hold, put } = await aWorld();
    await hold(identityOf('apisix-icha-1-a'));
    await clock.advance(RETRY_PERIOD_MS);
    await hold(identityOf('apisix-icha-1-a'));

    await put(stoppedPod());
    await clock.advance(60_000);

    assert.deepEqual([cluster.reads, cluster.writes], [[], []]);
  });

  test('a death that was watched is acted upon as soon as it leads', async () => {
    const { clock, hold, holder, lead, put } = await aWorld();
    await hold(identityOf('apisix-icha-1-a'));
    await clock.advance(RETRY_PERIOD_MS);
    await hold(identityOf('apisix-icha-1-a'));
    await put(stoppedPod());

    await lead();

    assert.equal(holder(), '');
  });

  test('lost between the look and the write nothing is written', async () => {
    const { cluster, lose, put } = await aLedWorld();
    cluster.before('get Node', lose);

    await put(stoppedPod());

    assert.deepEqual(cluster.writes, []);
  });

  test('a term ends when its attempts are over, and no timer of it is left', async () => {
    const { clock, cluster, put, stop } = await aLedWorld();
    await put(crashedPod());

    await stop();
    await clock.advance(60_000);

    assert.deepEqual([cluster.reads, cluster.writes], [[], []]);
  });

  test('until the first lists are there nothing is concluded from half a picture', async () => {
    const world = await aWorld();
    world.setSynced(false);
    await world.lead();
    await world.hold(identityOf('apisix-icha-9-z'));
    const before = [...world.refused];

    world.setSynced(true);
    world.failover.onSynced('ns');

    assert.deepEqual(before, []);
    assert.deepEqual(world.refused, ['holder-unknown']);
  });
});

describe('modes', () => {
  test('Observe writes nothing, and says how much it would have saved', async () => {
    const { changes, clock, cluster, hold, put } = await aLedWorld({
      failover: { mode: 'Observe' },
    });
    await put(stoppedPod());
    await clock.advance(30_000);

    await hold(identityOf('apisix-icha-1-b'));

    assert.deepEqual(cluster.writes, []);
    assert.equal(changes[0]?.assist, 'Observed');
    assert.match(changes[0]?.assistReason ?? '', /30000 ms/);
  });

  test('Disabled neither looks nor writes', async () => {
    const world = await aLedWorld({ failover: { mode: 'Disabled' } });

    await world.put(stoppedPod());
    await world.clock.advance(30_000);

    assert.deepEqual([world.cluster.reads, world.cluster.writes], [[], []]);
  });

  test('a resource that is being deleted gets no writes', async () => {
    const world = await aLedWorld();
    const resource = world.cluster.object(RESOURCE_KIND, 'apisix');
    assert.ok(resource);
    await world.put({
      ...resource,
      metadata: { ...resource.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    });

    await world.put(stoppedPod());

    assert.deepEqual([world.cluster.reads, world.cluster.writes], [[], []]);
  });

  test('clearDelay lets late pushes end', async () => {
    const { clock, holder, put } = await aLedWorld({ failover: { clearDelay: '3s' } });
    await put(stoppedPod());
    await clock.advance(2_999);
    const early = holder();

    await clock.advance(1);

    assert.equal(early, identityOf('apisix-icha-1-a'));
    assert.equal(holder(), '');
  });
});

describe('a silent watch', () => {
  test('of pods does not keep a dead leader: the poll sees it', async () => {
    const { clock, cluster, holder } = await aLedWorld();
    cluster.put(crashedPod()); // and no watch tells

    await clock.advance(2 * RETRY_PERIOD_MS);

    assert.equal(holder(), '');
  });

  test('of Leases does not make a living leader look dead', async () => {
    const { clock, cluster, holder } = await aLedWorld();
    for (let number = 0; number < 10; number += 1) {
      const lease = cluster.object('Lease', LEASE) as KubeObject;
      cluster.put({ ...lease, spec: { ...record(lease.spec), renewTime: `later ${number}` } });
      await clock.advance(RETRY_PERIOD_MS);
    }

    assert.deepEqual(cluster.writes, []);
    assert.equal(holder(), identityOf('apisix-icha-1-a'));
  });

  test('costs few looks while nothing changes', async () => {
    const { clock, cluster } = await aLedWorld();

    await clock.advance(300_000);

    const reads = cluster.reads.filter((read) => read.startsWith('get Lease')).length;
    assert.ok(reads >= 5 && reads <= 12, `${reads} looks in 5 minutes`);
  });

  test('of a leader that renews there is none', async () => {
    const { clock, cluster, hold } = await aLedWorld();
    for (let number = 0; number < 30; number += 1) {
      await clock.advance(RETRY_PERIOD_MS);
      await hold(identityOf('apisix-icha-1-a'));
    }

    assert.deepEqual(cluster.reads, []);
  });
});

describe('a rehearsal', () => {
  const rehearse = (world: Awaited<ReturnType<typeof aLedWorld>>) =>
    rehearseFailover(
      {
        client: world.cluster.client,
        failover: world.failover,
        namespaces: ['ns'],
        clock: world.clock,
      },
      world.term.signal,
    );

  test('asks for all that a clear needs, and writes nothing', async () => {
    const world = await aLedWorld();
    const ended = rehearse(world);
    await world.clock.settle();
    const first = [...world.cluster.reads];
    await world.clock.advance(1_000);
    const soon = world.cluster.reads.length;
    world.term.abort();
    await ended;

    assert.deepEqual(first, LOOKS);
    assert.equal(soon, LOOKS.length);
    assert.deepEqual(world.cluster.writes, []);
    assert.deepEqual(world.failover.missingRights.all(), []);
  });

  test('finds a right that is missing, and that it has come back', async () => {
    const world = await aLedWorld();
    const failure = { kind: 'forbidden', cause: 'rights', message: 'no' } as const;
    world.cluster.failNext('dry replace Lease', failure);
    const ended = rehearse(world);
    await world.clock.settle();
    const lacking = world.failover.states.view(KEY).assist;
    await world.clock.advance(15_000);
    const healed = world.failover.states.view(KEY).assist;
    world.term.abort();
    await ended;

    assert.equal(lacking?.reason, 'PermissionDenied');
    assert.match(lacking.message, /update leases/);
    assert.equal(healed?.reason, 'Watching');
  });

  test('comes sooner after an attempt has found that a right is missing', async () => {
    const world = await aLedWorld();
    const ended = rehearse(world);
    await world.clock.settle();
    world.failover.noteRights('ns', 'get pods');
    await world.clock.advance(15_000);
    const healed = world.failover.missingRights.all();
    world.term.abort();
    await ended;

    assert.deepEqual(healed, []);
  });

  test('that gets no answer concludes nothing', async () => {
    const world = await aLedWorld();
    world.cluster.failNext('get Pod', { kind: 'unreachable', message: 'no answer' });
    const ended = rehearse(world);
    await world.clock.settle();
    world.term.abort();
    await ended;

    assert.deepEqual(world.failover.missingRights.all(), []);
  });
});

test('a Lease that nobody takes ends the claim that somebody is watched', async () => {
  const { clock, failover, hold } = await aLedWorld();
  await hold('');
  const atFirst = failover.states.view(KEY).assist?.reason;

  await clock.advance(60_000);

  assert.deepEqual(
    [atFirst, failover.states.view(KEY).assist?.reason],
    ['Watching', 'HolderUnbound'],
  );
  assert.equal(clock.pendingTimers(), 0);
});

test('a refusal is told by the operator that leads, also when it was decided before', async () => {
  const world = await aWorld();
  await world.hold(identityOf('apisix-icha-9-z'));
  const before = [...world.refused];

  await world.lead();

  assert.deepEqual([before, world.refused], [[], ['holder-unknown']]);
});

describe('a bug in the loop', () => {
  test('in a look is told, counted, and tried again: nothing stays unhandled', async () => {
    const world = await aLedWorld();
    const { children } = world.caches;
    let isBroken = true;
    world.caches.children = (key) => {
      if (isBroken) throw new TypeError('cannot read this');
      return children.call(world.caches, key);
    };

    await world.put(crashedPod());
    const told = [...world.bugs];
    isBroken = false;
    await world.clock.advance(250);
    await world.clock.advance(QUIET_MS);

    assert.deepEqual([told, world.trouble], [['apisix'], ['Failover loop failed']]);
    assert.equal(world.holder(), '');
  });

  test('in an attempt is told, counted, and tried again: nothing stays unhandled', async () => {
    const world = await aLedWorld();
    const { wrote } = world.caches;
    let isBroken = true;
    world.caches.wrote = (kind, object) => {
      if (isBroken) throw new TypeError('cannot keep this');
      wrote.call(world.caches, kind, object);
    };

    await world.put(crashedPod());
    await world.clock.advance(QUIET_MS);
    const told = [...world.bugs];
    isBroken = false;
    await world.clock.advance(250);

    assert.deepEqual([told, world.trouble], [['apisix'], ['Failover loop failed']]);
    assert.equal(world.holder(), '');
  });
});

test('a resource that is gone is forgotten', async () => {
  const world = await aLedWorld();

  world.cluster.remove(RESOURCE_KIND, 'apisix');
  await world.deliver();

  assert.deepEqual(world.failover.states.leaders(), []);
});

test('who leads is known for each resource', async () => {
  const { failover, hold } = await aLedWorld();
  const before = failover.states.leaders();

  await hold('');

  assert.deepEqual(before, [{ key: KEY, pod: 'apisix-icha-1-a' }]);
  assert.deepEqual(failover.states.leaders(), [{ key: KEY, pod: '' }]);
});
