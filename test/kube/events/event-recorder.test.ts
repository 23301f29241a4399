/** What the API server gets to hear of what is recorded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError, type KubeFailure } from '../../../operator/base/failure.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import type { ApplyOptions } from '../../../operator/kube/client.ts';
import type { EventRecord } from '../../../operator/kube/events/event.ts';
import { createEventRecorder } from '../../../operator/kube/events/event-recorder.ts';
import { createLru } from '../../../operator/kube/lru.ts';
import { silentLog } from '../../../operator/telemetry/log.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const edge: KubeObject = {
  apiVersion: 'ingressha.dev/v1alpha1',
  kind: 'IngressControllerHA',
  metadata: { name: 'edge', namespace: 'prod', uid: 'u1' },
};
const elected: EventRecord = {
  regarding: edge,
  type: 'Normal',
  reason: 'LeaderElected',
  message: 'edge-1 leads',
};

function fixture(failures: KubeFailure[] = []) {
  const clock = createManualClock();
  const stored = new Map<string, KubeObject>();
  const hanging = new Set<string | undefined>();
  let requests = 0;
  const client = {
    async apply(object: KubeObject, options: ApplyOptions) {
      requests += 1;
      await clock.sleep(hanging.has(object.metadata.namespace) ? 10_000 : 1, options.signal);
      const failure = failures.shift();
      if (failure !== undefined) throw new KubeError(failure);
      stored.set(`${object.metadata.namespace}/${object.metadata.name}`, object);
      return object;
    },
  };
  const recorder = createEventRecorder({ client, clock, log: silentLog });
  const counts = () => [...stored.values()].map((event) => event.count);
  const hang = (namespace: string) => hanging.add(namespace);
  return { clock, stored, recorder, counts, hang, requests: () => requests };
}

test('an event lies in the namespace of its object and says who reports it', async () => {
  const { clock, stored, recorder } = fixture();

  recorder.record({ ...elected, action: 'Elect' });
  await clock.advance(1);

  const [[key, event] = []] = stored;
  assert.match(key ?? '', /^prod\/edge\.[0-9a-f]+$/);
  assert.deepEqual(event, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: event?.metadata,
    involvedObject: {
      apiVersion: 'ingressha.dev/v1alpha1',
      kind: 'IngressControllerHA',
      name: 'edge',
      namespace: 'prod',
      uid: 'u1',
    },
    type: 'Normal',
    reason: 'LeaderElected',
    message: 'edge-1 leads',
    action: 'Elect',
    count: 1,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    source: { component: 'ingress-controller-ha' },
    reportingComponent: 'ingress-controller-ha',
  });
});

test('the same event again within ten minutes counts, later it is a new one', async () => {
  const { clock, recorder, counts, stored } = fixture();

  recorder.record(elected);
  await clock.advance(9 * 60_000);
  recorder.record(elected);
  await clock.advance(1_000);
  assert.deepEqual(counts(), [2]);
  const [event] = stored.values();
  assert.equal(event?.lastTimestamp, '2026-01-01T00:09:00Z');

  await clock.advance(10 * 60_000);
  recorder.record(elected);
  await clock.advance(1_000);
  assert.deepEqual(counts(), [2, 1]);
});

test('another message, reason or object is another event', async () => {
  const { clock, recorder, counts } = fixture();

  recorder.record(elected);
  recorder.record({ ...elected, message: 'edge-2 leads' });
  recorder.record({ ...elected, reason: 'LeaderLost' });
  recorder.record({
    ...elected,
    regarding: { ...edge, metadata: { ...edge.metadata, uid: 'u2' } },
  });
  await clock.advance(10);

  assert.deepEqual(counts(), [1, 1, 1, 1]);
});

test('repetitions of a queued event need one request', async () => {
  const { clock, recorder, counts, requests } = fixture();

  recorder.record({ ...elected, reason: 'First' });
  for (let time = 0; time < 10; time += 1) recorder.record(elected);
  await clock.advance(10);

  assert.deepEqual(counts(), [1, 10]);
  assert.equal(requests(), 2);
});

test('an object has 25 events at once, then one in five minutes; others have theirs', async () => {
  const { clock, recorder, stored } = fixture();
  const storm = () => {
    for (let n = 0; n < 100; n += 1)
      recorder.record({ ...elected, message: `${n} ${clock.nowMs()}` });
  };

  storm();
  await clock.advance(1_000);
  assert.equal(stored.size, 25);
  recorder.record({
    ...elected,
    regarding: { ...edge, metadata: { ...edge.metadata, name: 'b' } },
  });
  await clock.advance(5 * 60_000);
  assert.equal(stored.size, 26);
  storm();
  await clock.advance(1_000);
  assert.equal(stored.size, 27);
});

test('the queue holds a thousand and drops what comes then', async () => {
  const { clock, recorder, stored } = fixture();

  for (let n = 0; n < 2_000; n += 1) {
    recorder.record({
      ...elected,
      regarding: { ...edge, metadata: { ...edge.metadata, uid: `${n}` } },
    });
  }
  await clock.advance(3_000);

  assert.equal(stored.size, 1_001); // one was on its way already
});

test('a failure is tried six times, further and further apart', async () => {
  const gone = { kind: 'unreachable', message: 'reset' } as const;
  const { clock, recorder, requests } = fixture(Array.from({ length: 10 }, () => gone));
  const triedAtS: number[] = [];

  recorder.record(elected);
  for (; clock.nowMs() < 20 * 60_000; await clock.advance(1_000)) {
    if (requests() > triedAtS.length) triedAtS.push(clock.nowMs() / 1_000);
  }

  assert.deepEqual(
    triedAtS.slice(1).map((atS, index) => Math.floor((atS - (triedAtS[index] ?? 0)) / 10) * 10),
    [10, 20, 40, 80, 160],
  );
});

test('an event that fails holds up no other one, of its namespace or another', async () => {
  const gone = { kind: 'unreachable', message: 'reset' } as const;
  const { clock, recorder, stored } = fixture([gone]);

  recorder.record(elected);
  recorder.record({ ...elected, reason: 'Next' });
  recorder.record({
    ...elected,
    regarding: { ...edge, metadata: { ...edge.metadata, namespace: 'b' } },
  });
  await clock.advance(10);
  assert.deepEqual([...stored.values()].map(({ reason }) => reason).toSorted(), [
    'LeaderElected',
    'Next',
  ]);

  await clock.advance(10_000);
  assert.equal(stored.size, 3);
});

test('a namespace in which no request ends leaves all others their events', async () => {
  const { clock, recorder, stored, hang } = fixture();
  hang('prod');
  for (let n = 0; n < 20; n += 1) recorder.record({ ...elected, message: `${n}` });
  for (let n = 0; n < 10; n += 1) {
    const metadata = { ...edge.metadata, namespace: `other-${n}` };
    recorder.record({ ...elected, regarding: { ...edge, metadata } });
  }

  await clock.advance(10);

  assert.equal(stored.size, 10);
});

test('what happens again while it is sent is counted by one more request', async () => {
  const { clock, recorder, counts, requests } = fixture();

  recorder.record(elected);
  recorder.record(elected);
  recorder.record(elected);
  await clock.advance(10);

  assert.deepEqual([counts(), requests()], [[3], 2]);
});

test('a refusal is not repeated, and the next event goes out', async () => {
  const refusal = { kind: 'forbidden', message: 'no', cause: 'rights' } as const;
  const { clock, recorder, counts, requests } = fixture([refusal]);

  recorder.record(elected);
  recorder.record({ ...elected, reason: 'Next' });
  await clock.advance(10);

  assert.deepEqual(counts(), [1]);
  assert.equal(requests(), 2);
});

test('a stop sends what is queued until its deadline, and is final', async () => {
  const { clock, recorder, stored } = fixture();
  for (let n = 0; n < 20; n += 1) recorder.record({ ...elected, message: `${n}` });

  const stopped = recorder.stop(10);
  recorder.record({ ...elected, reason: 'TooLate' });
  await clock.advance(10);
  await stopped;
  await clock.advance(1_000);

  assert.ok(stored.size >= 9 && stored.size <= 11, `${stored.size}`);
  assert.equal(clock.pendingTimers(), 0);
});

test('a stop with nothing to send is over at once', async () => {
  const { clock, recorder } = fixture();

  await recorder.stop();

  assert.equal(clock.pendingTimers(), 0);
});

test('the cache forgets what was used longest ago', () => {
  const lru = createLru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  lru.set('c', 3);

  assert.deepEqual([lru.get('a'), lru.get('b'), lru.get('c')], [1, undefined, 3]);
});
