/** What drills send over the wire: each call hits one pod by its uid, and a refusal is told at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podPagePath } from '../../../operator/kube/paths.ts';
import { failureFrom, httpFixture } from '../../support/http-fixture.ts';
import { json, status } from '../../support/scripted-server.ts';

const POD = { namespace: 'prod', name: 'edge-1', uid: 'uid-1' };
const PATH = '/api/v1/namespaces/prod/pods/edge-1';

test('an eviction names the pod and its uid', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json({ kind: 'Status', status: 'Success' }));

  await client.evict(POD);

  const [request] = server.requests;
  assert.deepEqual([request?.method, request?.path], ['POST', `${PATH}/eviction`]);
  assert.deepEqual(JSON.parse(request?.body ?? ''), {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace: 'prod', name: 'edge-1' },
    deleteOptions: { preconditions: { uid: 'uid-1' } },
  });
});

test('an eviction that a budget refuses is not tried again', async (t) => {
  const { server, client } = await httpFixture(t);
  const refusal = 'Cannot evict pod as it would violate the pod’s disruption budget.';
  server.answer(status(429, 'TooManyRequests', refusal));

  const failure = await failureFrom(client.evict(POD));

  assert.equal(failure.kind, 'throttled');
  assert.match(failure.message, /^Cannot evict Pod "prod\/edge-1": Cannot evict pod as it would/);
  assert.equal(server.requests.length, 1);
});

test('an ephemeral container is added to exactly that pod', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json({}));

  await client.addEphemeralContainer(POD, { name: 'drill-1', image: 'example/adc:1' });

  const [request] = server.requests;
  assert.deepEqual([request?.method, request?.path], ['PATCH', `${PATH}/ephemeralcontainers`]);
  assert.equal(request?.headers['content-type'], 'application/strategic-merge-patch+json');
  assert.deepEqual(JSON.parse(request?.body ?? ''), {
    metadata: { uid: 'uid-1' },
    spec: { ephemeralContainers: [{ name: 'drill-1', image: 'example/adc:1' }] },
  });
});

test('an apply may be somebody else’s', async (t) => {
  const { server, client } = await httpFixture(t);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'edge-1', namespace: 'prod' } };
  server.answer(json(pod));

  await client.apply(pod, { conflicts: 'force', fieldManager: 'somebody-else' });

  assert.equal(server.requests[0]?.query.fieldManager, 'somebody-else');
});

test('a page of a pod is behind the proxy of the API server', () => {
  const path = podPagePath({ namespace: 'prod', name: 'edge-1' }, { port: 8080, page: '/metrics' });

  assert.equal(path, '/api/v1/namespaces/prod/pods/edge-1%3A8080/proxy/metrics');
});
