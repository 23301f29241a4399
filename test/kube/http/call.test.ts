/** Retries and the renewal of credentials. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpClient } from '../../../operator/kube/http/http-client.ts';
import {
  clientOf,
  failureFrom,
  fixedCredentials,
  httpFixture,
} from '../../support/http-fixture.ts';
import { createManualClock, until } from '../../support/manual-clock.ts';
import {
  json,
  reset,
  silence,
  startScriptedServer,
  status,
} from '../../support/scripted-server.ts';

const edge = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'edge', namespace: 'prod' },
};
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge', namespace: 'prod' };

test('a GET without an answer is sent again, at once and then after a second', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.answer(reset, reset, json(edge));

  const found = client.get(ref);
  await until(() => server.requests.length === 2 && clock.pendingTimers() === 2);
  await clock.advance(1_000);

  assert.equal((await found).metadata.name, 'edge');
});

test('a GET that never gets an answer fails after three', async (t) => {
  const { server, client, clock, observed } = await httpFixture(t);
  server.otherwise(reset);

  const ending = failureFrom(client.get(ref));
  await until(() => server.requests.length === 2 && clock.pendingTimers() === 2);
  await clock.advance(1_000);

  assert.equal((await ending).kind, 'unreachable');
  assert.equal(server.requests.length, 3);
  assert.deepEqual(
    observed.map(({ code }) => code),
    ['<error>', '<error>', '<error>'],
  );
});

test('a write without an answer is never sent again', async (t) => {
  const { server, client } = await httpFixture(t);
  server.otherwise(reset);

  assert.equal((await failureFrom(client.create(edge))).kind, 'unreachable');
  assert.equal(server.requests.length, 1);
});

test('where a proxy is named that is not used, whoever waits in vain is told', async (t) => {
  const server = await startScriptedServer();
  t.after(() => server.close());
  server.otherwise(silence);
  const clock = createManualClock();
  const credentials = fixedCredentials(server.url);
  const client = createHttpClient({
    ...{ credentials, clock, version: '1.2.3', ignoredProxy: 'HTTPS_PROXY' },
  });
  t.after(() => client.close());

  const ending = failureFrom(client.get(ref, { timeoutMs: 5_000, retry: 'never' }));
  await until(() => server.requests.length === 1);
  await clock.advance(5_000);

  const { kind, message } = await ending;
  assert.equal(kind, 'timeout');
  assert.match(message, /^Cannot get .* \(HTTPS_PROXY is set, and is not used\)$/);
});

test('a server that cannot be reached is unreachable', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  await server.close();

  const ending = failureFrom(client.get(ref));
  await until(() => clock.pendingTimers() === 2);
  await clock.advance(1_000);

  const { kind, message } = await ending;
  assert.equal(kind, 'unreachable');
  assert.match(message, /^Cannot get Deployment "prod\/edge": connect ECONNREFUSED 127\.0\.0\.1:/);
});

for (const code of [429, 503]) {
  test(`${code} with Retry-After is obeyed, for writes too`, async (t) => {
    const { server, client, clock } = await httpFixture(t);
    server.answer(status(code, 'X', 'busy', { headers: { 'retry-after': '3' } }), json(edge));

    const written = client.apply(edge, { conflicts: 'force' });
    await until(() => server.requests.length === 1 && clock.pendingTimers() === 2);
    await clock.advance(2_999);
    assert.equal(server.requests.length, 1);
    await clock.advance(1);

    assert.equal((await written).metadata.name, 'edge');
    assert.equal(server.requests.length, 2);
  });
}

test('"Retry-After: 0" means a second, and four requests are enough', async (t) => {
  const { server, client, clock } = await httpFixture(t);
  server.otherwise(status(429, 'X', 'busy', { headers: { 'retry-after': '0' } }));

  const ending = failureFrom(client.get(ref));
  for (let sent = 1; sent <= 3; sent += 1) {
    await until(() => server.requests.length === sent && clock.nextTimerInMs() === 1_000);
    await clock.advance(1_000);
  }

  assert.deepEqual(await ending, {
    kind: 'throttled',
    message: 'Cannot get Deployment "prod/edge": busy',
    retryAfterMs: 0,
  });
  assert.equal(server.requests.length, 4);
});

for (const [sentence, options, after] of [
  ['a Retry-After beyond the deadline is left to the caller', { timeoutMs: 2_000 }, '2'],
  ['a long Retry-After is left to the caller', {}, '11'],
  ['a call that wants no retry gets the first answer', { retry: 'never' }, '1'],
] as const) {
  test(sentence, async (t) => {
    const { server, client } = await httpFixture(t);
    server.answer(status(429, 'X', 'busy', { headers: { 'retry-after': after } }));

    const failure = await failureFrom(client.get(ref, options));

    assert.deepEqual(
      { ...failure, message: '' },
      { kind: 'throttled', message: '', retryAfterMs: Number(after) * 1000 },
    );
    assert.equal(server.requests.length, 1);
  });
}

test('after a 401 the credentials are renewed and the same request is sent once more', async (t) => {
  const { server, clock } = await httpFixture(t);
  const renewal = { headers: { authorization: 'Bearer second' } };
  const client = clientOf({ credentials: fixedCredentials(server.url, [renewal]), clock });
  t.after(() => client.close());
  server.answer(status(401, 'Unauthorized', 'no'), json(edge));

  await client.create(edge);

  const sent = server.requests.map(({ headers, body }) => [
    headers.authorization,
    JSON.parse(body),
  ]);
  assert.deepEqual(sent, [
    ['Bearer first', edge],
    ['Bearer second', edge],
  ]);
  assert.equal(server.connections(), 1);
});

test('a second 401 is final', async (t) => {
  const { server, client } = await httpFixture(t);
  server.otherwise(status(401, 'Unauthorized', 'no'));

  assert.equal((await failureFrom(client.get(ref))).kind, 'unauthorized');
  assert.equal(server.requests.length, 2);
});

test('a new certificate gets a new pool, and the old connections end', async (t) => {
  const { server, clock } = await httpFixture(t);
  const renewal = { poolKey: 'rotated' };
  const client = clientOf({ credentials: fixedCredentials(server.url, [renewal]), clock });
  t.after(() => client.close());
  server.answer(json(edge), status(401, 'Unauthorized', 'no'));
  server.otherwise(json(edge));

  await client.get(ref);
  await client.get(ref);
  await client.get(ref);

  assert.deepEqual(
    server.requests.map(({ connection }) => connection),
    [1, 1, 2, 2],
  );
  await until(() => server.openConnections() === 1, 'the old connection to end');
});

test('the path of the server is kept in front of ours', async (t) => {
  const server = await startScriptedServer();
  const { clock } = await httpFixture(t);
  const client = clientOf({ credentials: fixedCredentials(`${server.url}/k8s/c-1/`), clock });
  t.after(async () => {
    client.close();
    await server.close();
  });
  server.answer(json(edge));

  await client.get(ref);

  assert.equal(server.requests[0]?.path, '/k8s/c-1/apis/apps/v1/namespaces/prod/deployments/edge');
});
