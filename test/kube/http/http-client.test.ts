/** What goes over the wire for each verb, and what comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  CustomResourceDefinitionKind,
  DeploymentKind,
  PodKind,
} from '../../../operator/base/resource-kinds.ts';
import { failureFrom, httpFixture } from '../../support/http-fixture.ts';
import { json, status, truncated } from '../../support/scripted-server.ts';

const edge = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'edge', namespace: 'prod' },
};
const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge', namespace: 'prod' };
const path = '/apis/apps/v1/namespaces/prod/deployments';

test('get reads one object, says who we are and identifies itself', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json({ ...edge, unknownField: 'kept' }));

  const found = await client.get(ref);

  const [request] = server.requests;
  assert.equal(found.unknownField, 'kept');
  assert.equal(request?.method, 'GET');
  assert.equal(request?.path, `${path}/edge`);
  assert.equal(request?.headers.authorization, 'Bearer first');
  assert.match(
    request?.headers['user-agent'] ?? '',
    /^ingress-controller-ha\/1\.2\.3 \(\w+\/\w+\)$/,
  );
});

test('names with capitals and colons reach the server as they are', async (t) => {
  const { server, client } = await httpFixture(t);
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', name: 'System:Edge' };
  server.answer(json({ ...role, metadata: { name: role.name } }));

  await client.get({ ...role, namespace: 'prod' });

  const base = '/apis/rbac.authorization.k8s.io/v1/namespaces/prod/roles';
  assert.equal(server.requests[0]?.path, `${base}/System%3AEdge`);
});

test('a list asks for gzip, passes its options and fills in the kind of its items', async (t) => {
  const { server, client } = await httpFixture(t);
  const body = {
    metadata: { resourceVersion: '7', continue: 'more' },
    items: [{ metadata: { name: 'p' } }],
  };
  server.answer((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(body)));
  });

  const list = await client.list(PodKind, 'prod', {
    labelSelector: 'app=edge,tier in (a)',
    resourceVersion: '0',
    limit: 500,
  });

  assert.deepEqual(list, {
    items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }],
    resourceVersion: '7',
    continueToken: 'more',
  });
  assert.equal(server.requests[0]?.path, '/api/v1/namespaces/prod/pods');
  assert.equal(server.requests[0]?.headers['accept-encoding'], 'gzip');
  assert.deepEqual(server.requests[0]?.query, {
    labelSelector: 'app=edge,tier in (a)',
    resourceVersion: '0',
    limit: '500',
  });
});

test('a list of a cluster-scoped kind has no namespace, and null items are none', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json({ metadata: { resourceVersion: '7' }, items: null }));

  const list = await client.list(CustomResourceDefinitionKind, '');

  assert.deepEqual(list, { items: [], resourceVersion: '7' });
  assert.equal(server.requests[0]?.path, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
});

test('apply is a strict server-side apply under our name', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json(edge), json(edge), json(edge));

  await client.apply(edge, { conflicts: 'force' });
  await client.apply(edge, { conflicts: 'yield', dryRun: true });
  await client.apply(edge, { conflicts: 'force', subresource: 'status' });

  const [forced, rehearsed, onStatus] = server.requests;
  const strict = { fieldManager: 'ingress-controller-ha', fieldValidation: 'Strict' };
  assert.equal(forced?.method, 'PATCH');
  assert.equal(forced?.path, `${path}/edge`);
  assert.equal(forced?.headers['content-type'], 'application/apply-patch+yaml');
  assert.deepEqual(forced?.query, { ...strict, force: 'true' });
  assert.deepEqual(JSON.parse(forced?.body ?? ''), edge);
  assert.deepEqual(rehearsed?.query, { ...strict, force: 'false', dryRun: 'All' });
  assert.equal(onStatus?.path, `${path}/edge/status`);
});

test('create posts to the collection, replace puts the object', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json(edge, { code: 201 }), json(edge));

  await client.create(edge);
  await client.replace(edge);

  const strict = { fieldManager: 'ingress-controller-ha', fieldValidation: 'Strict' };
  const seen = server.requests.map(({ method, path: at, query }) => ({ method, at, query }));
  assert.deepEqual(seen, [
    { method: 'POST', at: path, query: strict },
    { method: 'PUT', at: `${path}/edge`, query: strict },
  ]);
  assert.equal(server.requests[0]?.headers['content-type'], 'application/json');
});

test('delete names the uid and the version that must still be live', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(json({ kind: 'Status', status: 'Success' }));

  await client.delete(ref, { uid: 'u1', resourceVersion: '5' });

  assert.equal(server.requests[0]?.method, 'DELETE');
  assert.deepEqual(JSON.parse(server.requests[0]?.body ?? ''), {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    preconditions: { uid: 'u1', resourceVersion: '5' },
  });
});

test('text outside ASCII survives in both directions', async (t) => {
  const { server, client } = await httpFixture(t);
  const spoken = { ...edge, note: 'grüß dich \u2028 日本 🙂' };
  server.answer((response, request) => json(JSON.parse(request.body))(response, request));

  const echoed = await client.create(spoken);

  assert.deepEqual(echoed, spoken);
});

test('a success without a Kubernetes object is a server error', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(
    (response) => response.end('<html>log in first</html>'),
    json({ kind: 'Deployment' }),
    (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end('no gzip at all');
    },
  );

  const messages = [
    await failureFrom(client.get(ref)),
    await failureFrom(client.get(ref)),
    await failureFrom(client.list(DeploymentKind, 'prod')),
  ];

  assert.deepEqual(messages, [
    { kind: 'server-error', message: 'Cannot get Deployment "prod/edge": the answer is not JSON' },
    {
      kind: 'server-error',
      message: 'Cannot get Deployment "prod/edge": the answer is not a Kubernetes object',
    },
    {
      kind: 'server-error',
      message: 'Cannot list deployments in namespace "prod": the compressed answer cannot be read',
    },
  ]);
});

test('JSON that breaks off is unreachable, and a write is not repeated', async (t) => {
  const { server, client } = await httpFixture(t);
  server.answer(truncated('{"apiVersion":"apps/v1",'));

  const failure = await failureFrom(client.create(edge));

  assert.equal(failure.kind, 'unreachable');
  assert.equal(server.requests.length, 1);
});

test('a compressed answer that unpacks without end is refused', async (t) => {
  const { server, client } = await httpFixture(t);
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
  server.answer((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(bomb);
  });

  const failure = await failureFrom(client.list(PodKind, 'prod'));

  assert.equal(failure.kind, 'server-error');
});

for (const [code, kind] of [
  [403, 'denied'],
  [404, 'not-found'],
  [409, 'conflict'],
  [410, 'expired'],
  [422, 'invalid'],
  [500, 'server-error'],
] as const) {
  test(`${code} is thrown as ${kind}, after one request`, async (t) => {
    const { server, client } = await httpFixture(t);
    server.answer(status(code, 'X', 'why'));

    const failure = await failureFrom(client.get(ref));

    assert.equal(failure.kind, kind);
    assert.equal(failure.message, 'Cannot get Deployment "prod/edge": why');
    assert.equal(server.requests.length, 1);
  });
}

test('every request on the wire is observed', async (t) => {
  const { server, client, observed } = await httpFixture(t);
  server.answer(json(edge), status(404, 'NotFound', 'gone'));

  await client.get(ref);
  await failureFrom(client.get(ref));

  const host = new URL(server.url).host;
  const seen = { method: 'GET', verb: 'get', resource: 'deployments', host, durationMs: 0 };
  assert.deepEqual(observed, [
    { ...seen, code: '200' },
    { ...seen, code: '404' },
  ]);
});
