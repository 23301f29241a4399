/** One watch connection: its request, its events and each way in which it ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PodKind } from '../../../operator/base/resource-kinds.ts';
import type { KubeClient, WatchEvent } from '../../../operator/kube/client.ts';
import {
  clientOf,
  failureFrom,
  fixedCredentials,
  httpFixture,
} from '../../support/http-fixture.ts';
import { until } from '../../support/manual-clock.ts';
import { json, status, statusObject, stream } from '../../support/scripted-server.ts';

const pod = (resourceVersion: string, note = '') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'prod', uid: 'u', resourceVersion },
  note,
});

/** Collects the events of a watch; `ended` settles with it. */
function follow(client: KubeClient, signal = new AbortController().signal) {
  const events: WatchEvent[] = [];
  let heard = 0;
  const run = async () => {
    const watch = client.watch(PodKind, 'prod', {
      resourceVersion: '5',
      labelSelector: 'app=edge',
      timeoutSeconds: 300,
      inactivityLimitMs: 90_000,
      signal,
      onActivity: () => {
        heard += 1;
      },
    });
    for await (const event of watch) events.push(event);
  };
  return { events, ended: run(), heard: () => heard };
}

test('a watch asks for bookmarks from its version and tells each event', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);

  const watch = follow(client);
  const request = await live.opened;
  live.event('ADDED', pod('6'));
  live.event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '8' } });
  live.event('DELETED', pod('9'));
  live.end();
  await watch.ended;

  assert.equal(request.path, '/api/v1/namespaces/prod/pods');
  assert.equal(request.headers['accept-encoding'], undefined);
  assert.deepEqual(request.query, {
    watch: 'true',
    allowWatchBookmarks: 'true',
    labelSelector: 'app=edge',
    resourceVersion: '5',
    timeoutSeconds: '300',
  });
  assert.deepEqual(watch.events, [
    { type: 'ADDED', object: pod('6') },
    { type: 'BOOKMARK', resourceVersion: '8' },
    { type: 'DELETED', object: pod('9') },
  ]);
  assert.equal(clock.pendingTimers(), 0);
});

test('characters split over chunks arrive whole', async (t) => {
  const { server, client } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);
  const object = pod('6', '日本\u2028🙂');

  const watch = follow(client);
  await live.opened;
  for (const byte of Buffer.from(`${JSON.stringify({ type: 'ADDED', object })}\n`)) {
    await live.bytes(Buffer.from([byte]));
  }
  live.end();
  await watch.ended;

  assert.deepEqual(watch.events, [{ type: 'ADDED', object }]);
});

test('an ERROR event is the last one, and closes the connection', async (t) => {
  const { server, client } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);

  const watch = follow(client);
  await live.opened;
  live.event('ERROR', statusObject(410, 'Expired', 'too old resource version: 5 (9)'));
  live.event('ADDED', pod('6'));
  await watch.ended;

  assert.deepEqual(watch.events, [
    {
      type: 'ERROR',
      failure: {
        kind: 'expired',
        message: 'Cannot watch pods in namespace "prod": too old resource version: 5 (9)',
      },
    },
  ]);
  await until(() => live.isClosed());
});

for (const [sentence, answer, kind] of [
  ['410', status(410, 'Expired', 'old'), 'expired'],
  ['403', status(403, 'Forbidden', 'no'), 'denied'],
  ['429', status(429, 'X', 'busy', { headers: { 'retry-after': '9' } }), 'throttled'],
  ['500', status(500, 'X', 'broken'), 'server-error'],
] as const) {
  test(`a watch that is refused with ${sentence} throws, and is not repeated`, async (t) => {
    const { server, client, clock } = await httpFixture(t);
    server.answer(answer);

    assert.equal((await failureFrom(follow(client).ended)).kind, kind);
    assert.equal(server.requests.length, 1);
    assert.equal(clock.pendingTimers(), 0);
  });
}

test('a watch renews its credentials as well', async (t) => {
  const { server, clock } = await httpFixture(t);
  const renewal = { headers: { authorization: 'Bearer second' } };
  const client = clientOf({ credentials: fixedCredentials(server.url, [renewal]), clock });
  t.after(() => client.close());
  const live = stream();
  server.answer(status(401, 'Unauthorized', 'no'), live.answer);

  const watch = follow(client);
  const { headers } = await live.opened;
  live.end();
  await watch.ended;

  assert.equal(headers.authorization, 'Bearer second');
});

test('a reset and a stream cut within an event throw', async (t) => {
  const { server, client } = await httpFixture(t);
  const [first, second] = [stream(), stream()];
  server.answer(first.answer, second.answer);

  const broken = follow(client);
  await first.opened;
  first.reset();
  const resetFailure = await failureFrom(broken.ended);
  const cut = follow(client);
  await second.opened;
  await second.bytes('{"type":"ADDED","obj');
  second.end();
  const cutFailure = await failureFrom(cut.ended);

  assert.equal(resetFailure.kind, 'unreachable');
  assert.deepEqual(cutFailure, {
    kind: 'server-error',
    message: 'Cannot watch pods in namespace "prod": the stream ended in the middle of an event',
  });
});

test('silence ends a watch as unreachable; every byte starts the wait anew', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);

  const watch = follow(client);
  await live.opened;
  await until(() => watch.heard() === 1);
  await clock.advance(80_000);
  await live.bytes('\n');
  await until(() => watch.heard() === 2);
  await clock.advance(89_999);
  const ending = failureFrom(watch.ended);
  await clock.advance(1);

  assert.deepEqual(await ending, {
    kind: 'unreachable',
    message: 'Cannot watch pods in namespace "prod": no sign of life for 90 s',
  });
});

test('a server that never ends a watch is left 30 s after its time', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);

  const watch = follow(client);
  await live.opened;
  await until(() => watch.heard() === 1);
  for (let heard = 2; heard <= 6; heard += 1) {
    await clock.advance(60_000);
    await live.bytes('\n');
    await until(() => watch.heard() === heard);
  }
  await clock.advance(30_000);

  await watch.ended;
  assert.equal(clock.nowMs(), 330_000);
});

test('the signal ends a watch quietly, before, during and after its start', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer, () => {});
  const [before, during, after] = [1, 2, 3].map(() => new AbortController());
  before?.abort();

  await follow(client, before?.signal).ended;
  const open = follow(client, after?.signal);
  await live.opened;
  after?.abort();
  await open.ended;
  const starting = follow(client, during?.signal);
  await until(() => server.requests.length === 2);
  during?.abort();
  await starting.ended;

  await until(() => live.isClosed());
  assert.equal(clock.pendingTimers(), 0);
});

test('a consumer that walks away closes the connection', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer);
  void live.opened.then(() => live.event('ADDED', pod('6')));

  const { signal } = new AbortController();
  const options = { resourceVersion: '5', timeoutSeconds: 300, inactivityLimitMs: 90_000, signal };
  for await (const _ of client.watch(PodKind, 'prod', options)) break;

  await until(() => live.isClosed());
  assert.equal(clock.pendingTimers(), 0);
});

test('a watch that the server ends gives its connection back', async (t) => {
  const { server, client } = await httpFixture(t);
  const live = stream();
  server.answer(live.answer, json(pod('7')));

  const watch = follow(client);
  await live.opened;
  live.end();
  await watch.ended;
  await client.get({ apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'prod' });

  assert.equal(server.connections(), 1);
});
