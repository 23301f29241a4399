/** `ingress-ha dashboard`: how it begins, what it prints, and how it ends. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import { IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { createLiveCluster } from '../support/live-cluster.ts';
import { until } from '../support/manual-clock.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/run-command.ts';

const ADDRESS = /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/;

test('it prints the address alone on standard output, serves it, and ends with 0 by Ctrl-C', async () => {
  const { client } = createLiveCluster();
  const command = startCommand(['dashboard', '--port', '0'], client);
  await printed(command);

  const url = command.printed.stdout.trim();
  const { status, headers } = await fetch(url, { redirect: 'manual' });
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(new URL('/', url), { headers: { cookie } });

  assert.deepEqual([status, page.status], [303, 200]);
  assert.match(await page.text(), /<title>Ingress controllers<\/title>/);
  command.interrupt();
  const end = await command.end();
  assert.equal(end.exitCode, 0);
  assert.match(end.stdout, ADDRESS);
  assert.equal(end.stderr, 'Shows namespace "prod" of https://api.example:6443. Ctrl-C ends it.\n');
  await assert.rejects(fetch(url));
});

test('it serves the IPv6 loopback too, where there is one', async () => {
  const { client } = createLiveCluster();
  if (!(await canListen('::1'))) {
    const end = await runCommand(['dashboard', '--port', '0', '--address', '::1'], client);
    assert.equal(end.exitCode, 1);
    assert.match(end.stderr, /^Cannot listen on \[::1\]:0: /);
    return;
  }
  const command = startCommand(['dashboard', '--port', '0', '--address', '::1'], client);
  await printed(command);
  const { status } = await fetch(command.printed.stdout.trim(), { redirect: 'manual' });
  command.interrupt();
  assert.deepEqual([status, (await command.end()).exitCode], [303, 0]);
});

test('it reads one namespace, or all of them', async () => {
  assert.match(await scopeOf(['-n', 'team-a']), /^Shows namespace "team-a" of /);
  assert.match(await scopeOf(['-A', '-n', 'team-a']), /^Shows all namespaces of /);
});

test('an address that other machines can reach is wrong usage', async () => {
  for (const address of ['0.0.0.0', '::', '192.0.2.7', 'localhost']) {
    const end = await runCommand(['dashboard', '--address', address]);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.match(end.stderr, /Allowed choices are 127\.0\.0\.1, ::1\./);
  }
});

test('a port that is none is wrong usage', async () => {
  for (const port of ['-1', '65536', 'http', '3100.5']) {
    const end = await runCommand(['dashboard', `--port=${port}`]);
    assert.equal(end.exitCode, 2);
    assert.match(end.stderr, /It must be a number from 0 to 65535\./);
  }
});

test('a port that is taken ends it with 1, and says what to do', async (t) => {
  const port = await takenPort(t);
  const { client } = createLiveCluster();

  const end = await runCommand(['dashboard', '--port', String(port)], client);

  assert.deepEqual([end.exitCode, end.stdout], [1, '']);
  assert.equal(
    end.stderr,
    `Cannot listen on 127.0.0.1:${port}: something else listens there. Choose another port by --port, or any free one by --port 0.\n`,
  );
});

test('no credentials end it with 1', async () => {
  const failure: KubeFailure = { kind: 'unauthorized', message: 'The token has expired' };
  const end = await runCommand(['dashboard'], new KubeError(failure));
  assert.deepEqual([end.exitCode, end.stdout], [1, '']);
  assert.match(end.stderr, /^The token has expired\. Check --kubeconfig and --context, or log in/);
});

const FAILURES: readonly (readonly [KubeFailure, RegExp])[] = [
  [
    { kind: 'unreachable', message: 'ECONNREFUSED' },
    /The API server is https:.*check --kubeconfig/,
  ],
  [{ kind: 'forbidden', cause: 'rights', message: 'No' }, /Grant "list" and "watch" on ingress/],
  [{ kind: 'not-found', message: 'No such path' }, /install its CRD by: ingress-ha crds apply/],
];
for (const [failure, wanted] of FAILURES) {
  test(`a cluster that answers ${failure.kind} ends it with 1, before anything is served`, async () => {
    const cluster = createLiveCluster();
    cluster.fail(IngressControllerHAKind, failure);
    const end = await runCommand(['dashboard', '--port', '0'], cluster.client);
    assert.deepEqual([end.exitCode, end.stdout], [1, '']);
    assert.match(end.stderr, wanted);
    assert.equal(end.stderr.trimEnd().split('\n').length, 1);
  });
}

function printed(command: RunningCommand): Promise<void> {
  return until(() => command.printed.stderr.includes('Ctrl-C'), 'the address');
}

async function scopeOf(flags: readonly string[]): Promise<string> {
  const { client } = createLiveCluster();
  const command = startCommand(['dashboard', '--port', '0', ...flags], client);
  await printed(command);
  command.interrupt();
  return (await command.end()).stderr;
}

async function takenPort(t: TestContext): Promise<number> {
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function canListen(host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, host, () => server.close(() => resolve(true)));
  });
}
