/**
 * `ingress-ha status NAME`: its headline, how it ends, and that `--wait` only ever gets the one
 * resource. What else it shows is in the other files called status-….
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { runProgram } from '../../operator/cli/program.ts';
import { createFakeCluster, type FakeCluster } from '../support/fake-cluster.ts';
import { type CommandEnd, runCommand, startCommand } from '../support/run-command.ts';
import { json, startScriptedServer, status } from '../support/scripted-server.ts';
import { createShownCluster } from '../support/shown-cluster.ts';

const READY = 'Ready=True AsSpecified: 2 replicas are ready and one of them leads';
const ROLLING = 'Ready=False RollingOut: The Deployment is rolling out';
const STALLED = [
  'Ready=False ImageRefused: No such image',
  'Stalled=True ImageRefused: No such image',
];
const WAIT = ['status', 'edge', '--wait'];

const once: Record<string, { told: readonly string[]; stdout: string; exitCode: number }> = {
  'is Ready': { told: [READY], stdout: `prod/edge: ${READY}\n`, exitCode: 0 },
  'is not Ready': { told: [ROLLING], stdout: `prod/edge: ${ROLLING}\n`, exitCode: 1 },
  'is stalled': {
    told: STALLED,
    stdout: 'prod/edge: Ready=False Stalled=True ImageRefused: No such image\n',
    exitCode: 1,
  },
};

for (const [what, { told, stdout, exitCode }] of Object.entries(once)) {
  test(`begins with the line that a resource ${what}`, async () => {
    const end = await runCommand(['status', 'edge'], createShownCluster(aResource(told)).client);

    assert.ok(end.stdout.startsWith(`${stdout}\n`), end.stdout);
    assert.deepEqual([end.exitCode, end.stderr, end.tookMs], [exitCode, '', 0]);
  });
}

test('says who might be missing when no operator has looked yet', async () => {
  const end = await runCommand(['status', 'edge'], createShownCluster(unseen()).client);

  assert.match(
    end.stdout.replaceAll(/\s+/g, ' '),
    /^prod\/edge: No operator has looked at it yet: perhaps none serves namespace "prod" \(ingress-ha run --namespaces\) /,
  );
  assert.equal(end.exitCode, 1);
});

test('looks in the namespace of -n, and else in that of the connection', async () => {
  const elsewhere = createShownCluster(aResource([READY], { namespace: 'other' }));

  assert.match(
    (await runCommand(['status', 'edge', '-n', 'other'], elsewhere.client)).stdout,
    /^other\/edge: /,
  );
  assert.equal((await runCommand(['status', 'edge'], elsewhere.client)).exitCode, 2);
});

test('--wait can not tell, at once and in a sentence, when there is no such resource', async () => {
  const end = await runCommand(WAIT, createShownCluster().client);

  assert.match(
    end.stderr,
    /^Cannot get .*s "edge" not found\. Check its name and -n; .*apply\.\n$/,
  );
  assert.deepEqual([end.exitCode, end.stdout, end.tookMs], [2, '', 0]);
});

const untold: Record<string, { failure: KubeFailure; stderr: RegExp }> = {
  'the right to get it is missing': {
    failure: { kind: 'forbidden', message: 'Cannot get X: forbidden.', cause: 'rights' },
    stderr:
      /^Cannot get X: forbidden\. Grant "get" on ingresscontrollerhas\.ingressha\.dev in namespace "prod"\.\n$/,
  },
  'the API server does not answer': {
    failure: { kind: 'unreachable', message: 'Cannot get X: connect ECONNREFUSED' },
    stderr:
      /^Cannot get X: .*REFUSED\. The API server is https:\/\/api\.example:6443: check --kube/,
  },
  'it is our own mistake': {
    failure: { kind: 'bug', message: 'TypeError: oh\n    at a (b.ts:1:1)' },
    stderr: /^TypeError: oh\. This is a mistake in ingress-ha: please report it\.\n$/,
  },
};

for (const [what, { failure, stderr }] of Object.entries(untold)) {
  for (const args of [['status', 'edge'], WAIT]) {
    test(`${args.join(' ')} can not tell, at once and in a sentence, when ${what}`, async () => {
      const cluster = clusterWith(aResource([READY]));
      cluster.failNext('get', failure);

      const end = await runCommand(args, cluster.client);

      assert.match(end.stderr, stderr);
      assert.deepEqual([end.exitCode, end.stdout, end.tookMs], [2, '', 0]);
    });
  }
}

test('can not tell without credentials', async () => {
  const message = 'Cannot read the credentials of the API server: no kubeconfig found at /nowhere';

  const end = await runCommand(
    ['status', 'edge'],
    new KubeError({ kind: 'unauthorized', message }),
  );

  assert.equal(end.stderr, `${message}. Check --kubeconfig and --context, or log in again.\n`);
  assert.equal(end.exitCode, 2);
});

test('--wait prints a line a change, and ends as soon as the resource is Ready', async () => {
  const { end, cluster } = await waitThrough([
    aResource([ROLLING]),
    aResource([ROLLING]),
    aResource([READY, 'Reconciling=True Retrying: Once more']),
    aResource([READY]),
  ]);

  assert.deepEqual(end.stdout.split('\n'), [
    `prod/edge: ${ROLLING}`,
    `prod/edge: ${READY}; Reconciling=True Retrying: Once more`,
    `prod/edge: ${READY}`,
    '',
  ]);
  assert.deepEqual([end.exitCode, end.stderr, end.tookMs], [0, '', 3_000]);
  assert.deepEqual(new Set(cluster.reads), new Set(['get IngressControllerHA/edge']));
});

test('--wait ends at once when only a person can help', async () => {
  const { end } = await waitThrough([aResource(STALLED)]);

  assert.deepEqual([end.exitCode, end.tookMs], [1, 0]);
});

test('--wait believes no Stalled that is older than the resource', async () => {
  const { end } = await waitThrough([aResource(STALLED, { observed: 0 }), aResource([READY])]);

  assert.match(end.stdout, /^prod\/edge: The operator has not seen generation 1 yet, only 0\n/);
  assert.equal(end.exitCode, 0);
});

test('--wait ends at its timeout with what was last seen', async () => {
  const end = await runCommand(
    [...WAIT, '--timeout', '1m30s'],
    clusterWith(aResource([ROLLING])).client,
  );

  assert.equal(end.stdout, `prod/edge: ${ROLLING}\n`);
  assert.equal(
    end.stderr,
    'IngressControllerHA "prod/edge" is not Ready after 1m30s: see the last line.\n',
  );
  assert.deepEqual([end.exitCode, end.tookMs], [1, 90_000]);
});

test('--wait wonders after 10 s who serves the namespace', async () => {
  const command = startCommand(WAIT, clusterWith(unseen()).client);

  await command.clock.advance(9_000);
  assert.equal(command.printed.stdout, 'prod/edge: No operator has looked at it yet\n');

  await command.clock.advance(1_000);
  assert.match(command.printed.stdout, /\n.*: perhaps none serves namespace "prod" .*\n$/);
  command.interrupt();
  assert.equal((await command.end()).exitCode, 2);
});

test('--wait does not mind an API server that is away for a moment', async () => {
  const cluster = clusterWith(aResource([ROLLING]));
  const command = startCommand(WAIT, cluster.client);
  await command.clock.settle();
  for (let second = 0; second < 5; second += 1) cluster.failNext('get', AWAY);
  cluster.put(aResource([READY]));

  const end = await command.end();

  assert.deepEqual([end.exitCode, end.stderr, end.tookMs], [0, '', 6_000]);
});

test('--wait can not tell when the API server is still away at the end', async () => {
  const cluster = clusterWith(aResource([ROLLING]));
  const command = startCommand([...WAIT, '--timeout', '5s'], cluster.client);
  await command.clock.settle();
  for (let second = 0; second < 5; second += 1) cluster.failNext('get', AWAY);

  const end = await command.end();

  assert.match(
    end.stderr,
    /^Cannot tell after 5s whether .*edge" is Ready: Cannot get X: reset\. The API/,
  );
  assert.equal(end.exitCode, 2);
});

test('--wait ends when the resource is being deleted, and when it is gone', async () => {
  const deleted = aResource([READY]);
  const metadata = { ...deleted.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
  const { end } = await waitThrough([aResource([ROLLING]), { ...deleted, metadata }]);
  const cluster = clusterWith(aResource([ROLLING]));
  const gone = startCommand(WAIT, cluster.client);
  await gone.clock.settle();
  cluster.remove(RESOURCE_KIND, 'edge');

  assert.deepEqual([end.exitCode, end.tookMs], [1, 1_000]);
  assert.match(end.stdout, /\nprod\/edge: It is being deleted\n$/);
  const { exitCode, tookMs } = await gone.end();
  assert.deepEqual([exitCode, tookMs], [2, 1_000]);
});

test('--wait ends when it is interrupted', async () => {
  const command = startCommand(WAIT, clusterWith(aResource([ROLLING])).client);
  await command.clock.settle();

  command.interrupt();

  const end = await command.end();
  assert.equal(end.stderr, 'Interrupted while waiting for IngressControllerHA "prod/edge".\n');
  assert.deepEqual([end.exitCode, end.tookMs], [2, 0]);
});

test('--wait ends when it is interrupted in the middle of a request', async () => {
  const { client } = clusterWith(aResource([ROLLING]));
  const aborted = new KubeError({ kind: 'aborted', message: 'Cannot get X: the call was aborted' });
  const get: typeof client.get = (_, { signal } = {}) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(aborted)));
  const command = startCommand(WAIT, { ...client, get });
  await command.clock.settle();

  command.interrupt();

  const end = await command.end();
  assert.match(end.stderr, /^Interrupted while waiting for /);
  assert.equal(end.exitCode, 2);
});

const misused: readonly (readonly string[])[] = [
  ['status', 'a', 'b'],
  ['status', '--wait'],
  ['status', 'edge', '-A'],
  ['status', 'edge', '--wait', '-w'],
  ['status', 'edge', '--wait', '-o', 'json'],
  ['status', '-o', 'xml'],
  ['status', '-o', 'jsonpath={range .items[*]}'],
  ['status', '--as', ''],
  ['statsu', 'edge'],
  ['status', '--wathc'],
  ['status', 'a/b'],
  ['status', '..'],
  ['status', ''],
  ['status', 'edge', '-n', 'a.b'],
  ['status', 'edge', '--timeout', '1m'],
  ['status', 'edge', '--wait', '--timeout', '0s'],
  ['status', 'edge', '--request-timeout', '5'],
];

for (const args of misused) {
  test(`${JSON.stringify(args)} is wrong usage, told without a cluster`, async () => {
    const end = await runCommand(args);

    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.match(end.stderr, /^error: /);
  });
}

test('what was mistyped is answered with what is near', async () => {
  const [command, flag] = await Promise.all([
    runCommand(['statsu', 'edge']),
    runCommand(['status', '--wathc']),
  ]);

  assert.match(command.stderr, /unknown command 'statsu'\n\(Did you mean status\?\)/);
  assert.match(flag.stderr, /unknown option '--wathc'\n\(Did you mean --watch\?\)/);
});

test('the help tells the exit codes', async () => {
  const { stdout, exitCode } = await runCommand(['status', '--help']);

  assert.match(
    stdout.replaceAll(/\s+/g, ' '),
    /Exit codes: 0 it is Ready, 1 it is not .* 2 wrong usage.*Rights: --wait needs get on the one /,
  );
  assert.equal(exitCode, 0);
});

test('finds cluster, user and namespace in the context that was named, and acts as --as', async (t) => {
  const server = await startScriptedServer();
  t.after(() => server.close());
  server.answer(json(aResource([READY], { namespace: 'staging' })));
  server.otherwise(status(403, 'Forbidden', 'not for you'));
  const printed = { stdout: '', stderr: '' };

  const exitCode = await runProgram(
    [
      ...['status', 'edge', '--kubeconfig', kubeconfig(t, server.url)],
      ...['--context', 'second', '--as', 'jane'],
    ],
    {
      stdout: { write: (text) => (printed.stdout += text) },
      stderr: { write: (text) => (printed.stderr += text) },
      readText: () => Promise.reject(new Error('not read')),
      interrupted: new AbortController().signal,
    },
  );

  assert.ok(printed.stdout.startsWith(`staging/edge: ${READY}\n`));
  assert.deepEqual([exitCode, printed.stderr], [0, '']);
  assert.deepEqual(
    server.requests.slice(0, 1).map(({ method, path }) => [method, path]),
    [['GET', '/apis/ingressha.dev/v1alpha1/namespaces/staging/ingresscontrollerhas/edge']],
  );
  for (const { headers } of server.requests) {
    assert.deepEqual(
      [headers.authorization, headers['impersonate-user']],
      ['Bearer secret', 'jane'],
    );
  }
});

const AWAY: KubeFailure = { kind: 'unreachable', message: 'Cannot get X: reset' };

/** Waits while the resource changes as given, one second after the other. */
async function waitThrough(
  stages: readonly KubeObject[],
): Promise<{ readonly end: CommandEnd; readonly cluster: FakeCluster }> {
  const [first = unseen(), ...later] = stages;
  const cluster = clusterWith(first);
  const command = startCommand(WAIT, cluster.client);
  await command.clock.settle();
  for (const stage of later) {
    cluster.put(stage);
    await command.clock.advance(1_000);
  }
  return { end: await command.end(), cluster };
}

function clusterWith(resource: KubeObject): FakeCluster {
  const cluster = createFakeCluster();
  cluster.put(resource);
  return cluster;
}

/** Its generation is 1, as the fake cluster has it; conditions are `Type=Status Reason: Message`. */
function aResource(told: readonly string[], { namespace = 'prod', observed = 1 } = {}): KubeObject {
  const conditions = told.map((text) => {
    const [, type, status, reason, message] = /^(\w+)=(\w+) (\w+): (.*)$/.exec(text) ?? [];
    return { type, status, reason, message };
  });
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { name: 'edge', namespace, generation: 1 },
    status: { observedGeneration: observed, conditions },
  };
}

function unseen(): KubeObject {
  return aResource([], { observed: -1 });
}

/** Two contexts; the second is not the current one. */
function kubeconfig(t: TestContext, server: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'status-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config');
  const content = {
    'current-context': 'first',
    contexts: [
      { name: 'first', context: { cluster: 'none', user: 'one', namespace: 'prod' } },
      { name: 'second', context: { cluster: 'one', user: 'one', namespace: 'staging' } },
    ],
    clusters: [
      { name: 'none', cluster: { server: 'http://127.0.0.1:1' } },
      { name: 'one', cluster: { server } },
    ],
    users: [{ name: 'one', user: { token: 'secret' } }],
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}
