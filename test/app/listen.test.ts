import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { close, listen } from '../../operator/app/listen.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

test('gives the address that was bound where any port would do', async (t) => {
  const server = createServer();
  t.after(() => close(server));

  const bound = await listen(server, LOOPBACK);

  assert.equal(bound.address, '127.0.0.1');
  assert.ok(bound.port > 0);
});

test('rejects with the error of the system when the port is taken', async (t) => {
  const [first, second] = [createServer(), createServer()];
  t.after(() => close(first));
  const { port } = await listen(first, LOOPBACK);

  await assert.rejects(listen(second, { ...LOOPBACK, port }), { code: 'EADDRINUSE' });
});

test('closing ends connections that are open, however long they have been silent', async () => {
  const server = createServer();
  const { port } = await listen(server, LOOPBACK);
  const accepted = once(server, 'connection');
  const socket = connect(port, '127.0.0.1');
  const ended = once(socket, 'close');
  await accepted;

  await close(server);

  await ended;
  assert.equal(server.listening, false);
});
