/** Strangers who hold connections open: the kubelet's probes are answered all the same. */
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import {
  metricsPages,
  type Pages,
  probePages,
  type RunningServer,
  startServer,
} from '../../operator/app/server.ts';
import { type Flood, startFlood } from '../support/half-open.ts';
import { ANSWER_HANG_MS } from '../support/hang-limits.ts';
import { until } from '../support/manual-clock.ts';

const HOST = '127.0.0.1';
/** As many as a server holds at the same time. */
const HELD = 256;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function serve(pages: Pages): Promise<{ server: RunningServer; port: number }> {
  const address = { kind: 'listen', host: HOST, port: 0 } as const;
  const server = await startServer({ name: 'probe', address, pages });
  ends.push(() => server.close());
  return { server, port: Number(server.address.split(':')[1]) };
}

function flood(options: Omit<Parameters<typeof startFlood>[0], 'host'>): Flood {
  const strangers = startFlood({ host: HOST, ...options });
  ends.push(() => strangers.stop());
  return strangers;
}

/** One probe, on a connection of its own as a kubelet does it. */
function probe(port: number, localAddress = HOST): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: HOST, port, path: '/healthz', agent: false, localAddress };
    const asked = get({ ...options, timeout: ANSWER_HANG_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', reject);
  });
}

/** A connection that has said `text`, and reads nothing unless told to. */
async function say(port: number, text: string): Promise<Socket> {
  const socket = connect({ host: HOST, port });
  ends.push(() => socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return socket;
}

const healthy = probePages({ healthz: {}, readyz: {} });

describe('a port that strangers flood with half-sent requests', () => {
  for (const connections of [96, 500, 1_000]) {
    test(`answers every probe while there are ${connections}`, async () => {
      const { port } = await serve(healthy);
      const strangers = flood({ port, connections });
      await until(() => strangers.opened() >= connections, 'the flood');

      for (let asked = 0; asked < 20; asked += 1) assert.equal(await probe(port), 200);
    });
  }

  test('answers every probe while they trickle', async () => {
    const { port } = await serve(healthy);
    const strangers = flood({ port, connections: HELD, trickleEveryMs: 1 });
    await until(() => strangers.opened() >= HELD, 'the flood');

    for (let asked = 0; asked < 20; asked += 1) assert.equal(await probe(port), 200);
  });

  test('gives up the oldest of whoever has the most, and nobody else', async () => {
    const { port } = await serve(healthy);
    const patient = await say(port, 'GET /healthz HTTP/1.1\r\n');
    let answer = '';
    patient.on('data', (chunk) => {
      answer += chunk;
    });
    const strangers = flood({ port, connections: 2 * HELD, localAddress: '127.0.0.2' });
    await until(() => strangers.opened() >= 2 * HELD, 'the flood');

    patient.write('Host: x\r\n\r\n');

    await until(() => answer !== '', 'an answer');
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  });

  test('ends a request that is half sent after two seconds, even one that trickles', async () => {
    const { port } = await serve(healthy);
    const slow = await say(port, 'GET /healthz HTTP/1.1\r\nX-Slow: ');
    const trickle = setInterval(() => slow.write('x'), 50);
    ends.push(() => clearInterval(trickle));
    slow.resume();

    await until(() => slow.closed, 'its end');
  });

  test('ends a connection that says nothing, too', async () => {
    const { port } = await serve(healthy);
    const silent = await say(port, '');
    silent.resume();

    await until(() => silent.closed, 'its end');
  });
});

describe('a port that strangers ask without reading', () => {
  const BODY = 'x'.repeat(8 * 1024 * 1024);

  test('holds no more than sixteen answers in memory, the newest, and answers who comes then', async () => {
    let renders = 0;
    const body = () => {
      renders += 1;
      return BODY;
    };
    const { port } = await serve({ ...healthy, ...metricsPages(body) });
    const read: number[] = [];
    const greedy: Socket[] = [];
    for (let asked = 0; asked < 40; asked += 1) {
      const socket = await say(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
      greedy.push(socket.pause());
      await until(() => renders === asked + 1, 'the answer');
    }

    assert.equal(await probe(port), 200);
    for (const [index, socket] of greedy.entries()) {
      read[index] = 0;
      socket.on('data', (chunk) => {
        read[index] = (read[index] ?? 0) + chunk.length;
      });
      socket.resume();
    }
    await until(() => greedy.every(({ closed }) => closed), 'the end of all');

    const whole = [...read.entries()].filter(([, bytes]) => bytes > BODY.length);
    // The probe's was one of the sixteen for a moment.
    assert.deepEqual(
      whole.map(([index]) => index),
      Array.from({ length: 15 }, (_, index) => 25 + index),
    );
  });

  test('answers one request a connection, however many come in one piece', async () => {
    let renders = 0;
    const { port } = await serve(
      metricsPages(() => {
        renders += 1;
        return 'up 1\n';
      }),
    );
    const many = await say(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1_000));
    many.resume();

    await until(() => many.closed, 'its end');

    assert.equal(renders, 1);
  });
});
