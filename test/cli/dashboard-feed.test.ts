/** What the page is told: everything once, then changes only, with times that no other clock can spoil. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { IngressControllerHAKind, LeaseKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { createFeed, type Feed } from '../../operator/cli/dashboard/feed/feed.ts';
import type { FeedEvent, InstanceChange } from '../../operator/cli/dashboard/message.ts';
import { NAME_LABEL } from '../../operator/desired/naming.ts';
import { ofReplicaSet } from '../support/an-observation.ts';
import { createLiveCluster, type LiveCluster } from '../support/live-cluster.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

const A = 'edge-1_04a638ba-02af-4619-bd68-7b2bce213b60';
const B = 'edge-2_14a638ba-02af-4619-bd68-7b2bce213b60';

test('it tells everything as it is now, and then only the fields that change', async (t) => {
  const { cluster, clock, feed, told } = await watching(t);

  const [instance] = feed.state().instances;
  assert.equal(instance?.key, 'prod/edge');
  assert.equal(instance?.leader?.podName, 'edge-1');
  assert.deepEqual(
    instance?.pods.map(({ name, role }) => `${name} ${role}`),
    ['edge-1 leader', 'edge-2 standby'],
  );

  cluster.put(pod('edge-2', { ready: false }));
  await clock.settle();

  assert.deepEqual(
    told.map(({ event }) => event),
    ['change'],
  );
  const [change] = changes(told);
  assert.deepEqual(Object.keys(change?.set ?? {}), ['pods']);
});

test('a renewal is told as the Lease alone', async (t) => {
  const { cluster, clock, told } = await watching(t);
  await clock.advance(2_000);

  cluster.put(lease(A, '2026-01-01T00:00:02.000000Z'));
  await clock.settle();

  assert.deepEqual(
    changes(told).map(({ set }) => Object.keys(set)),
    [['lease']],
  );
  assert.equal(changes(told)[0]?.set.lease?.expiresInMs, 15_000);
});

test('the countdown begins at the renewal that was seen, whatever the clock of the holder says', async (t) => {
  const { cluster, clock, feed } = await watching(t);
  await clock.advance(2_000);
  cluster.put(lease(A, '2031-05-05T05:05:05.000000Z'));
  await clock.settle();

  await clock.advance(4_000);

  assert.equal(feed.state().instances[0]?.lease?.expiresInMs, 11_000);
});

test('before a renewal was seen it goes by the calendar, and never beyond the duration', async (t) => {
  const { feed } = await watching(t, { renewTime: '2031-05-05T05:05:05.000000Z' });

  assert.equal(feed.state().instances[0]?.lease?.expiresInMs, 15_000);
});

test('a Lease without holder counts from the last sign of whoever held it', async (t) => {
  const { cluster, clock, feed } = await watching(t);
  await clock.advance(2_000);
  cluster.put(lease(A, '2026-01-01T00:00:02.000000Z'));
  await clock.advance(1_000);
  cluster.put(lease('', '2026-01-01T00:00:03.000000Z'));
  await clock.advance(500);

  const { lease: now, leader } = feed.state().instances[0] ?? {};
  assert.deepEqual(now?.vacant, { after: A, forMs: 1_500 });
  assert.equal(leader, undefined);
});

test('a Lease that was empty when it was first looked at has no time without a leader', async (t) => {
  const { feed } = await watching(t, { holder: '' });

  assert.deepEqual(feed.state().instances[0]?.lease?.vacant, {});
});

test('a change of leader is told when it is seen, and in the words of the operator afterwards', async (t) => {
  const { cluster, clock, feed } = await watching(t);
  await clock.advance(2_000);
  cluster.put(lease(A, '2026-01-01T00:00:02.000000Z'));
  await clock.advance(3_000);
  cluster.put(lease(B, '2026-01-01T00:00:05.000000Z'));
  await clock.settle();

  const seen = { fromIdentity: A, toIdentity: B, leaderlessMilliseconds: 3_000 };
  const time = '2026-01-01T00:00:05.000Z';
  assert.deepEqual(feed.state().instances[0]?.handovers, [{ time, ...seen }]);

  const record = {
    ...seen,
    ...{
      time,
      leaderlessMilliseconds: 2_900,
      cause: 'Crash',
      winner: 'Standby',
      assist: 'Cleared',
    },
  };
  cluster.put(resource({ failovers: [record] }));
  await clock.settle();

  assert.deepEqual(feed.state().instances[0]?.handovers, [record]);
});

test('what comes and goes is told', async (t) => {
  const { cluster, clock, feed, told } = await watching(t);

  cluster.put({ ...resource(), metadata: { name: 'other', namespace: 'prod' } });
  await clock.settle();
  cluster.remove(resource());
  await clock.settle();

  assert.deepEqual(
    told.map(({ event, data }) => `${event} ${'key' in data ? data.key : ''}`),
    ['change prod/other', 'gone prod/edge'],
  );
  assert.deepEqual(
    feed.state().instances.map(({ key }) => key),
    ['prod/other'],
  );
});

test('nothing is told after listening has ended', async (t) => {
  const { cluster, clock, feed } = await watching(t);
  const told: FeedEvent[] = [];
  feed.listen((event) => told.push(event))();

  cluster.put(lease(B, '2026-01-01T00:00:09.000000Z'));
  await clock.settle();

  assert.deepEqual(told, []);
});

test('a missing right is told with the right to grant, and what may be read is shown', async (t) => {
  const message = 'Cannot list pods: User "jane" cannot list resource "pods"';
  const failure: KubeFailure = { kind: 'forbidden', cause: 'rights', message };
  const { feed } = await watching(t, { before: (cluster) => cluster.fail(PodKind, failure) });

  assert.deepEqual(feed.state().problems, [
    { what: 'pods', kind: 'rights', text: `${message}. Grant "list" and "watch" on pods.` },
  ]);
  assert.equal(feed.state().instances[0]?.leader?.identity, A);
});

test('a cluster that is away is told, what was known stays, and its return is told too', async (t) => {
  const { cluster, clock, feed, told } = await watching(t);
  const failure: KubeFailure = { kind: 'unreachable', message: 'connect ECONNREFUSED' };

  for (const kind of [IngressControllerHAKind, LeaseKind, PodKind]) cluster.fail(kind, failure);
  await clock.advance(5_000);

  const kinds = feed.state().problems.map(({ what, kind }) => `${what} ${kind}`);
  assert.deepEqual(kinds, ['ingresscontrollerhas lost', 'leases lost', 'pods lost']);
  assert.equal(feed.state().instances.length, 1);

  for (const kind of [IngressControllerHAKind, LeaseKind, PodKind]) cluster.fail(kind, undefined);
  await clock.advance(10_000);

  assert.deepEqual(feed.state().problems, []);
  assert.deepEqual(told.at(-1), { event: 'health', data: { synced: true, problems: [] } });
});

interface Start {
  readonly holder?: string;
  readonly renewTime?: string;
  readonly before?: (cluster: LiveCluster) => void;
}

/** One resource with a leader, a standby and a Lease of 15 s, and a feed that has seen all of it. */
async function watching(
  t: TestContext,
  { holder = A, renewTime = '2026-01-01T00:00:00.000000Z', before }: Start = {},
): Promise<{ cluster: LiveCluster; clock: ManualClock; feed: Feed; told: FeedEvent[] }> {
  const cluster = createLiveCluster();
  const clock = createManualClock();
  for (const object of [resource(), pod('edge-1'), pod('edge-2'), lease(holder, renewTime)]) {
    cluster.put(object);
  }
  before?.(cluster);
  const { client } = cluster;
  const server = 'https://api.example:6443';
  const feed = createFeed({ client, clock, random: () => 0, namespace: 'prod', server });
  t.after(() => feed.stop());
  feed.start();
  await feed.synced;
  await clock.settle();
  const told: FeedEvent[] = [];
  feed.listen((event) => told.push(event));
  return { cluster, clock, feed, told };
}

function changes(told: readonly FeedEvent[]): readonly InstanceChange[] {
  return told.flatMap((one) => (one.event === 'change' ? [one.data] : []));
}

function resource(status: Readonly<Record<string, unknown>> = {}): KubeObject {
  return {
    apiVersion: IngressControllerHAKind.apiVersion,
    kind: IngressControllerHAKind.kind,
    metadata: { name: 'edge', namespace: 'prod', generation: 1 },
    spec: { replicas: 2, leaderElection: { leaseName: 'edge-leader' } },
    status: { observedGeneration: 1, ...status },
  };
}

function pod(name: string, { ready = true } = {}): KubeObject {
  const labels = { [NAME_LABEL]: 'edge' };
  const ownerReferences = ofReplicaSet('edge');
  const metadata = { name, namespace: 'prod', labels, ownerReferences };
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { conditions } };
}

function lease(holderIdentity: string, renewTime: string): KubeObject {
  const { apiVersion, kind } = LeaseKind;
  const metadata = { name: 'edge-leader', namespace: 'prod', labels: { [NAME_LABEL]: 'edge' } };
  const spec = { holderIdentity, renewTime, leaseDurationSeconds: 15, leaseTransitions: 1 };
  return { apiVersion, kind, metadata, spec };
}
