import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  type Checks,
  metricsPages,
  parseListenAddress,
  probePages,
  type RunningServer,
  startServer,
} from '../../operator/app/server.ts';

const LOOPBACK = { kind: 'listen', host: '127.0.0.1', port: 0 } as const;

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** `path` travels as it stands: fetch would tidy it up. */
function ask(server: RunningServer, path: string, method = 'GET'): Promise<Answer> {
  const [host, port] = server.address.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ host, port: Number(port), path, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('probes', () => {
  let synced = false;
  const readyz: Checks = {
    caches: () =>
      synced ? { kind: 'passed' } : { kind: 'failed', because: 'pods are not synced' },
    credentials: () => ({ kind: 'passed' }),
  };
  const broken: Checks = {
    broken() {
      throw new Error('secret detail');
    },
  };
  let server: RunningServer;
  let brokenServer: RunningServer;
  before(async () => {
    const pages = probePages({ healthz: {}, readyz });
    server = await startServer({ name: 'probes', address: LOOPBACK, pages });
    const brokenPages = probePages({ healthz: broken, readyz: {} });
    brokenServer = await startServer({ name: 'probes', address: LOOPBACK, pages: brokenPages });
  });
  after(() => Promise.all([server.close(), brokenServer.close()]));

  test('healthz passes without checks', async () => {
    const { status, body } = await ask(server, '/healthz');
    assert.deepEqual([status, body], [200, 'ok\n']);
  });

  test('readyz fails with a list while one check fails, and says ok once none does', async () => {
    synced = false;
    const failing = await ask(server, '/readyz');
    assert.equal(failing.status, 503);
    assert.equal(
      failing.body,
      '[-]caches failed: pods are not synced\n[+]credentials ok\nreadyz check failed\n',
    );

    synced = true;
    const passing = await ask(server, '/readyz');
    assert.deepEqual([passing.status, passing.body], [200, 'ok\n']);
  });

  test('lists the checks with ?verbose', async () => {
    synced = true;
    const { status, body } = await ask(server, '/readyz?verbose');
    assert.equal(status, 200);
    assert.equal(body, '[+]caches ok\n[+]credentials ok\nreadyz check passed\n');
  });

  test('a check that throws has failed, and its error stays inside', async () => {
    const { status, body } = await ask(brokenServer, '/healthz');
    assert.equal(status, 503);
    assert.match(body, /^\[-\]broken failed: the check itself failed\n/);
    assert.doesNotMatch(body, /secret/);
  });

  for (const path of ['/', '/metrics', '/healthz/', '//healthz', '/__proto__', '/toString', '/%']) {
    test(`knows no page ${path}`, async () => {
      assert.equal((await ask(server, path)).status, 404);
    });
  }
});

describe('metrics', () => {
  let text = () => 'up 1\n';
  let server: RunningServer;
  before(async () => {
    const pages = metricsPages(() => text());
    server = await startServer({ name: 'metrics', address: LOOPBACK, pages });
  });
  after(() => server.close());

  test('are the text of that moment, in the format that Prometheus reads', async () => {
    text = () => 'up 2\n';
    const { status, headers, body } = await ask(server, '/metrics');
    assert.deepEqual([status, body], [200, 'up 2\n']);
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(headers['content-length'], '5');
  });

  test('a HEAD gets the headers alone', async () => {
    text = () => 'up 1\n';
    const { status, headers, body } = await ask(server, '/metrics', 'HEAD');
    assert.deepEqual([status, headers['content-length'], body], [200, '5', '']);
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    test(`a ${method} is refused`, async () => {
      const { status, headers } = await ask(server, '/metrics', method);
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
    });
  }

  test('no header tells what answers, and nothing is cached', async () => {
    const { headers } = await ask(server, '/metrics');
    assert.deepEqual(Object.keys(headers).toSorted(), [
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'date',
      'x-content-type-options',
    ]);
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('a text that throws gives 500 and keeps the server alive', async () => {
    text = () => {
      throw new Error('secret detail');
    };
    const { status, body } = await ask(server, '/metrics');
    assert.deepEqual([status, body], [500, 'Internal error\n']);
    text = () => 'up 1\n';
    assert.equal((await ask(server, '/metrics')).status, 200);
  });

  test('headers beyond 8 KiB are refused', async () => {
    assert.equal((await ask(server, `/metrics?${'x'.repeat(9000)}`)).status, 431);
  });
});

test('close does not wait for a connection that says nothing', async () => {
  const server = await startServer({ name: 'metrics', address: LOOPBACK, pages: {} });
  const [host, port] = server.address.split(':');
  const socket = connect({ host: host ?? '', port: Number(port) });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('connect', resolve));
  socket.on('error', () => {});
  socket.write('GET /metrics HTTP/1.1\r\n');

  await server.close();
  await closed;
});

test('an address that is taken is told in one sentence', async () => {
  const first = await startServer({ name: 'metrics', address: LOOPBACK, pages: {} });
  const port = Number(first.address.split(':')[1]);

  await assert.rejects(
    startServer({ name: 'probes', address: { ...LOOPBACK, port }, pages: {} }),
    new RegExp(`^Error: Cannot listen on "127.0.0.1:${port}" for probes: .*EADDRINUSE`),
  );
  await first.close();
});

test('a server that is off listens nowhere', async () => {
  const server = await startServer({ name: 'metrics', address: { kind: 'off' }, pages: {} });
  assert.equal(server.address, 'off');
  await server.close();
});

describe('addresses', () => {
  const good: Record<string, unknown> = {
    '0': { kind: 'off' },
    ':8080': { kind: 'listen', port: 8080 },
    '127.0.0.1:0': { kind: 'listen', host: '127.0.0.1', port: 0 },
    'localhost:65535': { kind: 'listen', host: 'localhost', port: 65_535 },
    '[::1]:8080': { kind: 'listen', host: '::1', port: 8080 },
    '[::]:8080': { kind: 'listen', host: '::', port: 8080 },
  };
  for (const [text, expected] of Object.entries(good)) {
    test(`reads ${text}`, () => assert.deepEqual(parseListenAddress(text), expected));
  }

  for (const text of [
    '',
    '8080',
    ':',
    ':65536',
    ':-1',
    '::1:8080',
    '[::1]',
    'a b:1',
    'http://x:1',
    ':80 ',
  ]) {
    test(`refuses "${text}"`, () => assert.equal(parseListenAddress(text), undefined));
  }
});
