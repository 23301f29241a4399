/** Pages of the API server that are no objects: how they are asked for, and how a refusal is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureFrom, httpFixture } from '../../support/http-fixture.ts';
import { status } from '../../support/scripted-server.ts';

const PAGE = { path: '/api/v1/namespaces/a/pods/b/log?tailLines=2', what: 'log of Pod "a/b"' };

test('a page is the text as it was answered', async (t) => {
  const { client, server, observed } = await httpFixture(t);
  server.answer((response) => response.end('one\ntwo\n'));

  const text = await client.page(PAGE);

  assert.equal(text, 'one\ntwo\n');
  const [request] = server.requests;
  assert.deepEqual(
    [request?.method, request?.path, request?.query.tailLines],
    ['GET', '/api/v1/namespaces/a/pods/b/log', '2'],
  );
  assert.match(request?.headers.accept ?? '', /^text\/plain/);
  assert.deepEqual(
    observed.map(({ verb, resource }) => [verb, resource]),
    [['get', 'pages']],
  );
});

test('a refusal names the page', async (t) => {
  const { client, server } = await httpFixture(t);
  server.answer(
    status(403, 'Forbidden', 'pods "b" is forbidden: User "x" cannot get resource "pods/log"'),
  );

  const failure = await failureFrom(client.page(PAGE));

  assert.equal(failure.kind, 'forbidden');
  assert.match(failure.message, /^Cannot get log of Pod "a\/b": /);
});
