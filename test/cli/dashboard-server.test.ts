/** Who is answered by the server of the page, and with what: over real connections. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { Feed } from '../../operator/cli/dashboard/feed/feed.ts';
import { hostsOf } from '../../operator/cli/dashboard/http/access.ts';
import { createSecrets, type RunSecrets } from '../../operator/cli/dashboard/http/secrets.ts';
import { type PageServer, startPageServer } from '../../operator/cli/dashboard/http/server.ts';
import type { FeedEvent, PageState } from '../../operator/cli/dashboard/message.ts';
import { createManualClock } from '../support/manual-clock.ts';

const SECRET_OF_CLUSTER = 'kept-from-strangers';
const STATE: PageState = {
  nowMs: 0,
  scope: { namespace: SECRET_OF_CLUSTER, server: 'api.example' },
  synced: true,
  problems: [],
  instances: [],
};
const ASSETS = {
  '/': { contentType: 'text/html; charset=utf-8', body: '<p>the page</p>' },
  '/main.ts': { contentType: 'text/javascript; charset=utf-8', body: 'let answer = 42;' },
};

describe('the token', () => {
  test('is exchanged for a cookie that no page can read or send', async (t) => {
    const { get, secrets } = await started(t);

    const { status, headers, body } = await get(`/?token=${secrets.token}`);

    assert.deepEqual([status, headers.location, body], [303, `/#key=${secrets.key}`, '']);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    assert.match(cookie, /^ingress-ha-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.ok(!cookie.includes(secrets.token) && !cookie.includes(secrets.key));
  });

  test('opens the page again in another browser', async (t) => {
    const { get, secrets } = await started(t);
    const first = await get(`/?token=${secrets.token}`);
    const second = await get(`/?token=${secrets.token}`);
    assert.deepEqual([first.status, second.status], [303, 303]);
  });

  test('that a browser is started with is good for one visit', async (t) => {
    const { get, secrets } = await started(t);
    const first = await get(`/?token=${secrets.openingToken}`);
    const second = await get(`/?token=${secrets.openingToken}`);
    assert.deepEqual([first.status, second.status], [303, 403]);
  });

  test('of another run is refused, however near it is', async (t) => {
    const { get, secrets } = await started(t);
    const { token } = secrets;
    const near = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of ['', 'x', near, `${token}A`, token.toLowerCase(), 'ü'.repeat(43)]) {
      const { status, body } = await get(`/?token=${encodeURIComponent(wrong)}`);
      assert.deepEqual([status, body.includes('the page')], [403, false], wrong);
    }
  });

  test('is new in each run, and has 256 bits', () => {
    const [one, other] = [createSecrets(), createSecrets()];
    const all = [one, other].flatMap(({ token, session, key, openingToken }) => [
      ...[token, session, key, openingToken],
    ]);
    assert.equal(new Set(all).size, 8);
    for (const secret of all) assert.equal(Buffer.from(secret, 'base64url').length, 32);
  });
});

test('a browser may leave out the port that http means anyway, and no other', () => {
  assert.deepEqual(hostsOf('[::1]', 80), ['[::1]:80', 'localhost:80', '[::1]', 'localhost']);
  assert.deepEqual(hostsOf('127.0.0.1', 3100), ['127.0.0.1:3100', 'localhost:3100']);
});

describe('before the token was shown', () => {
  for (const path of ['/', '/main.ts', '/events', '/nothing', '/?token', '/events?token=x']) {
    test(`${path} tells nothing`, async (t) => {
      const { get } = await started(t);
      const { status, body } = await get(path);
      assert.ok(status === 401 || status === 403, String(status));
      assert.ok(!body.includes(SECRET_OF_CLUSTER) && !body.includes('page>'));
    });
  }

  test('a wrong cookie is refused', async (t) => {
    const { get, port } = await started(t);
    const { status } = await get('/events', { cookie: `ingress-ha-${port}=${'A'.repeat(43)}` });
    assert.equal(status, 403);
  });
});

describe('the cookie, which goes to every port of this machine', () => {
  test('does not show anything of the cluster by itself', async (t) => {
    const { get, cookie } = await started(t);
    const { status, body } = await get('/events', { cookie });
    assert.deepEqual([status, body.includes(SECRET_OF_CLUSTER)], [401, false]);
  });

  test('and a wrong key, the token or the cookie’s own value do not either', async (t) => {
    const { get, cookie, secrets } = await started(t);
    const near = `${secrets.key.slice(0, -1)}${secrets.key.endsWith('A') ? 'B' : 'A'}`;
    for (const key of ['x', near, `${secrets.key}A`, secrets.token, secrets.session]) {
      const { status, body } = await get('/events', { cookie, authorization: `Bearer ${key}` });
      assert.deepEqual([status, body.includes(SECRET_OF_CLUSTER)], [403, false]);
    }
    for (const authorization of ['', 'Bearer', 'Bearer ', secrets.key, `Basic ${secrets.key}`]) {
      assert.equal((await get('/events', { cookie, authorization })).status, 401, authorization);
    }
  });

  test('cannot be left out beside the key', async (t) => {
    const { get, secrets } = await started(t);
    const authorization = `Bearer ${secrets.key}`;
    assert.equal((await get('/events', { authorization })).status, 401);
  });

  test('gets nobody the key: that is in no file and no header but that of the token', async (t) => {
    const { get, cookie, secrets } = await started(t);
    for (const path of ['/', '/main.ts', '/events', '/nothing', '/?token=x', `/?key=${cookie}`]) {
      const { headers, body } = await get(path, { cookie });
      assert.ok(!`${JSON.stringify(headers)}${body}`.includes(secrets.key), path);
    }
  });
});

describe('with the cookie', () => {
  test('the files of the page are served, and no browser may keep or misread them', async (t) => {
    const { get, cookie } = await started(t);

    const { status, headers, body } = await get('/', { cookie: `other=1; ${cookie}; last=2` });

    assert.deepEqual([status, body], [200, '<p>the page</p>']);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-frame-options'], 'DENY');
    const policy = String(headers['content-security-policy']).split('; ');
    assert.deepEqual(
      policy.filter((rule) => !rule.endsWith(" 'self'")),
      [
        "default-src 'none'",
        ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
        "require-trusted-types-for 'script'",
      ],
    );
    assert.ok(!policy.join().includes('unsafe'));
  });

  for (const path of [
    '/../main.ts',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/main.ts/',
    '/__proto__',
    '/constructor',
    '/index.html',
    '/tsconfig.json',
  ]) {
    test(`${path} is not found`, async (t) => {
      const { get, cookie } = await started(t);
      assert.equal((await get(path, { cookie })).status, 404);
    });
  }

  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
    test(`${method} is not answered`, async (t) => {
      const { get, cookie } = await started(t);
      const { status, headers } = await get('/', { cookie }, method);
      assert.deepEqual([status, headers.allow], [405, 'GET']);
    });
  }

  test('a name that a stranger points at loopback is misdirected', async (t) => {
    const { get, cookie, port } = await started(t);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1']) {
      assert.equal((await get('/', { cookie, host })).status, 421, host);
    }
    assert.equal((await get('/', { cookie, host: `localhost:${port}` })).status, 200);
  });

  test('another page may not ask, be it of another port of this machine', async (t) => {
    const { get, cookie, port } = await started(t);
    const own = `http://127.0.0.1:${port}`;
    const foreign = [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1:1',
    ];
    for (const origin of foreign) {
      assert.equal((await get('/events', { cookie, origin })).status, 403, origin);
    }
    for (const site of ['cross-site', 'same-site']) {
      assert.equal((await get('/', { cookie, 'sec-fetch-site': site })).status, 403, site);
    }
    const asked = { cookie, origin: own, 'sec-fetch-site': 'same-origin' };
    assert.equal((await get('/', asked)).status, 200);
  });
});

describe('the stream of events', () => {
  test('begins with everything and goes on with what changes', async (t) => {
    const { open, tell } = await started(t);
    const response = await open('/events');

    assert.equal(response.headers['content-type'], 'text/event-stream');
    assert.match(await next(response), /^event: state\ndata: \{"nowMs":0,.*\}\n\n$/);
    tell({ event: 'gone', data: { key: 'prod/edge' } });
    assert.equal(await next(response), 'event: gone\ndata: {"key":"prod/edge"}\n\n');
  });

  test('shows that it lives every 15 s', async (t) => {
    const { open, clock } = await started(t);
    const response = await open('/events');
    await next(response);
    const beat = next(response);
    await clock.advance(15_000);
    assert.equal(await beat, ': alive\n\n');
  });

  test('ends its listening when the reader goes', async (t) => {
    const { open, listeners, clock } = await started(t);
    const response = await open('/events');
    await next(response);
    assert.equal(listeners.size, 1);
    response.destroy();
    while (listeners.size > 0) await clock.settle();
    assert.equal(clock.pendingTimers(), 0);
  });

  test('cuts off who does not read, while others get every event', async (t) => {
    const { open, tell, listeners } = await started(t);
    const slow = await open('/events');
    slow.pause();
    const quick = await open('/events');
    let got = 0;
    quick.setEncoding('utf8').on('data', (chunk: string) => {
      got += chunk.split('event: gone').length - 1;
    });
    const key = 'x'.repeat(100_000);
    let told = 0;
    while (listeners.size === 2 && told < 1_000) {
      tell({ event: 'gone', data: { key } });
      told += 1;
      while (got < told) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(listeners.size, 1);
  });

  test('is given to 16 readers at most', async (t) => {
    const { open } = await started(t);
    const responses: IncomingMessage[] = [];
    for (let count = 0; count < 17; count += 1) responses.push(await open('/events'));
    const statuses = responses.map(({ statusCode }) => statusCode);
    assert.deepEqual(statuses, [...Array<number>(16).fill(200), 503]);
  });
});

test('connections that say nothing keep nobody waiting', async (t) => {
  const { get, cookie, port } = await started(t);
  const silent = Array.from({ length: 30 }, () => connect(port, '127.0.0.1'));
  t.after(() => {
    for (const socket of silent) socket.destroy();
  });
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  silent[0]?.write('GET / HTTP/1.1\r\nHost:');

  assert.equal((await get('/', { cookie })).status, 200);
});

test('a port that is taken is told in a sentence', async (t) => {
  const { options, port } = await started(t);
  await assert.rejects(startPageServer({ ...options, port }), {
    message: `Cannot listen on 127.0.0.1:${port}: something else listens there`,
  });
});

interface Started {
  readonly options: Parameters<typeof startPageServer>[0];
  readonly secrets: RunSecrets;
  readonly port: number;
  /** What a browser sends once the token was shown. */
  readonly cookie: string;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly listeners: ReadonlySet<(event: FeedEvent) => void>;
  tell(event: FeedEvent): void;
  get(path: string, headers?: Headers, method?: string): Promise<Answer>;
  /** GET with cookie and key; the body is still to be read. */
  open(path: string): Promise<IncomingMessage>;
}

type Headers = Readonly<Record<string, string>>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function started(t: TestContext): Promise<Started> {
  const secrets = createSecrets();
  const clock = createManualClock();
  const listeners = new Set<(event: FeedEvent) => void>();
  const feed: Pick<Feed, 'state' | 'listen'> = {
    state: () => STATE,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const options = { address: '127.0.0.1', port: 0, secrets, assets: ASSETS, feed, clock };
  const server: PageServer = await startPageServer(options);
  t.after(() => server.close());
  const port = Number(new URL(server.origin).port);
  const cookie = `ingress-ha-${port}=${secrets.session}`;

  const authorization = `Bearer ${secrets.key}`;

  function open(path: string, headers: Headers = { cookie, authorization }, method = 'GET') {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const target = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const request = httpRequest(target, resolve).on('error', reject);
    t.after(() => void request.destroy());
    request.end();
    return promise;
  }

  return {
    ...{ options, secrets, port, cookie, clock, listeners, open },
    tell(event) {
      for (const listener of listeners) listener(event);
    },
    async get(path, headers = {}, method = 'GET') {
      const response = await open(path, headers, method);
      const { statusCode: status = 0, headers: got } = response;
      if (got['content-type'] !== 'text/event-stream') {
        return { status, headers: got, body: await readText(response) };
      }
      response.destroy();
      return { status, headers: got, body: 'an open stream' };
    },
  };
}

async function next(response: IncomingMessage): Promise<string> {
  const [chunk] = await once(response, 'data');
  return String(chunk);
}
