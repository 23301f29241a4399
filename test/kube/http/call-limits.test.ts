/** Connections, deadlines and aborts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOf, failureFrom, httpFixture } from '../../support/http-fixture.ts';
import { until } from '../../support/manual-clock.ts';
import { json, silence, status } from '../../support/scripted-server.ts';

const edge = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'edge', namespace: 'prod' },
};
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge', namespace: 'prod' };

test('a thousand calls use one connection', async (t) => {
  const { server, client } = await httpFixture(t);
  server.otherwise(json(edge));

  for (let call = 0; call < 1000; call += 1) await client.get(ref);

  assert.equal(server.requests.length, 1000);
  assert.equal(server.connections(), 1);
});

test('a call without an answer ends at its deadline', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.answer(silence);

  const ending = failureFrom(client.create(edge, { timeoutMs: 5_000 }));
  await until(() => server.requests.length === 1);
  await clock.advance(5_000);

  assert.deepEqual(await ending, {
    kind: 'timeout',
    message: 'Cannot create Deployment "prod/edge": no answer within 5 s',
  });
  assert.equal(clock.pendingTimers(), 0);
});

test('the deadline is 30 s unless it is given', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.answer(silence);

  const ending = failureFrom(client.get(ref));
  await until(() => server.requests.length === 1);

  assert.equal(clock.nextTimerInMs(), 30_000);
  await clock.advance(30_000);
  assert.equal((await ending).kind, 'timeout');
});

test('an aborted call ends at once, whatever it waits for', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.answer(
    silence,
    status(429, 'TooManyRequests', 'later', { headers: { 'retry-after': '5' } }),
  );
  const [first, second, third] = [1, 2, 3].map(() => new AbortController());

  const answer = failureFrom(client.get(ref, { signal: first?.signal ?? fail() }));
  await until(() => server.requests.length === 1);
  first?.abort();
  assert.equal((await answer).kind, 'aborted');
  const pause = failureFrom(client.get(ref, { signal: second?.signal ?? fail() }));
  await until(() => clock.nextTimerInMs() === 5_000);
  second?.abort();
  third?.abort();
  const nothing = failureFrom(client.get(ref, { signal: third?.signal ?? fail() }));

  assert.equal((await pause).kind, 'aborted');
  assert.equal((await nothing).kind, 'aborted');
  assert.equal(server.requests.length, 2);
  assert.equal(clock.pendingTimers(), 0);
});

test('an aborted call does not wait for credentials', async (t) => {
  const { server, clock } = await httpFixture(t);
  const never = new Promise<never>(() => {});
  const client = clientOf({
    credentials: { current: () => never, renewed: () => never },
    clock,
  });

  const ending = failureFrom(client.get(ref, { timeoutMs: 1_000 }));
  await clock.advance(1_000);

  assert.equal((await ending).kind, 'timeout');
  assert.equal(server.requests.length, 0);
});

test('a frozen connection costs one deadline, and the next call gets a new one', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.otherwise(json(edge));
  await Promise.all([client.get(ref), client.get(ref), client.get(ref)]);
  assert.equal(server.connections(), 3);
  server.freeze();

  const ending = failureFrom(client.get(ref, { timeoutMs: 2_000 }));
  await clock.advance(2_000);

  assert.equal((await ending).kind, 'timeout');
  assert.equal((await client.get(ref)).metadata.name, 'edge');
  assert.equal(server.requests.at(-1)?.connection, 4);
});

function fail(): never {
  throw new Error('unreachable');
}
