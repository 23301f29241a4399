/** `ingress-ha explain`: what it prints, how it ends, and that it only reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleText } from 'node:util';
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import { NO_TERMINAL } from '../../operator/cli/io.ts';
import { REFUSALS } from '../../operator/decide/failover/refusals.ts';
import { anInstallation, IDENTITY, type InstallationOptions } from '../support/an-installation.ts';
import { readOnlyCluster } from '../support/read-only-cluster.ts';
import { runCommand } from '../support/run-command.ts';
import { FREED, LEFT_TO_EXPIRE, NOBODY_LEADS } from './explain-golden.ts';

/** Where the calendar of the manual clock stands. */
const now = '2026-01-01T00:00:00Z';
const EXPLAIN = ['explain', 'edge', '--operator-namespace', 'ops'];
const SUSPENDED = { status: 'False', reason: 'Suspended', message: REFUSALS.suspended };

const FORCED = { validateStream: false } as const;

function cluster(options: Partial<InstallationOptions> = {}) {
  return readOnlyCluster(anInstallation({ now, ...options }));
}

test('tells first that the Lease would be freed, and then rule by rule why', async () => {
  const end = await runCommand(EXPLAIN, cluster().client);

  assert.equal(end.stdout, FREED);
  assert.deepEqual([end.exitCode, end.stderr], [0, '']);
});

test('tells first that it would not, and by which rule', async () => {
  const end = await runCommand(EXPLAIN, cluster({ assist: SUSPENDED }).client);

  assert.equal(end.stdout, LEFT_TO_EXPIRE);
  assert.deepEqual([end.exitCode, end.stderr], [1, '']);
});

test('tells why nobody leads, and what comes next', async () => {
  const end = await runCommand(EXPLAIN, cluster({ lease: { holderIdentity: '' } }).client);

  assert.equal(end.stdout, NOBODY_LEADS);
  assert.deepEqual([end.exitCode, end.stderr], [1, '']);
});

test('stays within 80 columns, and within 40 but for names', async () => {
  for (const columns of [80, 40]) {
    const stage = { terminal: { ...NO_TERMINAL, columns } };

    const { stdout } = await runCommand(EXPLAIN, cluster({ assist: SUSPENDED }).client, stage);

    const tooLong = stdout.split('\n').filter((line) => [...line].length > columns);
    assert.deepEqual(
      tooLong.filter((line) => line.trim().includes(' ')),
      [],
    );
  }
});

test('paints its marks only where a terminal wants colour', async () => {
  const stage = { terminal: { ...NO_TERMINAL, colour: true } };

  const { stdout } = await runCommand(EXPLAIN, cluster({ assist: SUSPENDED }).client, stage);

  assert.ok(stdout.includes(`${styleText('green', '✓', FORCED)} Leader election is on`));
  assert.ok(stdout.includes(`${styleText('red', '✗', FORCED)} Leaders do not crash`));
});

test('-o json tells the same under a version', async () => {
  const { stdout, exitCode } = await runCommand([...EXPLAIN, '-o', 'json'], cluster().client);

  const report = JSON.parse(stdout);
  assert.equal(exitCode, 0);
  assert.equal(report.kind, 'FailoverExplanation');
  assert.equal(report.apiVersion, 'cli.ingressha.dev/v1alpha1');
  assert.deepEqual(report.metadata, { namespace: 'prod', name: 'edge' });
  assert.equal(report.conclusion.kind, 'freed');
  assert.equal(report.leader.identity, IDENTITY);
  assert.equal(report.leader.nodeName, 'node-a');
  assert.deepEqual(report.times, { assistedMs: 6_900, expectedMs: 32_350, worstCaseMs: 38_800 });
  assert.deepEqual(Object.keys(report.rules[0]), ['id', 'rule', 'source', 'holds', 'found']);
});

test('reads the resource, what belongs to it, one Node and one Lease of the operator', async () => {
  const { client, reads } = cluster();

  await runCommand(EXPLAIN, client);

  assert.deepEqual(reads.toSorted(), [
    'get Deployment/edge-icha',
    'get IngressControllerHA/edge',
    'get Lease/apisix-ingress-controller-leader',
    'get Lease/ingress-controller-ha',
    'get Node/node-a',
    'get PodDisruptionBudget/edge-icha',
    'list leases',
    'list pods',
  ]);
});

const outcomes: Record<
  string,
  { options: Partial<InstallationOptions>; exitCode: number; text: RegExp }
> = {
  'mode Observe': {
    options: { spec: { failover: { mode: 'Observe' } } },
    exitCode: 1,
    text: /NOT be freed: `failover\.mode` is Observe/,
  },
  'a node that is not Ready': {
    options: { nodeReady: 'Unknown' },
    exitCode: 1,
    text: /NOT be freed: node node-a is not Ready/,
  },
  'a holder that is a stranger': {
    options: { lease: { holderIdentity: 'somebody-else' } },
    exitCode: 1,
    text: /"somebody-else" is no pod of this resource/,
  },
  'no election': {
    options: { spec: { replicas: 1, leaderElection: { mode: 'Disabled' } } },
    exitCode: 1,
    text: /^Nobody is elected/,
  },
};

for (const [what, { options, exitCode, text }] of Object.entries(outcomes)) {
  test(`ends with ${exitCode} for ${what}`, async () => {
    const end = await runCommand(EXPLAIN, cluster(options).client);

    assert.match(unwrapped(end.stdout), text);
    assert.deepEqual([end.exitCode, end.stderr], [exitCode, '']);
  });
}

const FORBIDDEN: KubeFailure = {
  kind: 'forbidden',
  cause: 'rights',
  message: 'Cannot do that: forbidden.',
};

for (const call of [
  'get Lease/apisix',
  'get Lease/ingress-controller-ha',
  'list pods',
  'get Node',
]) {
  test(`ends with 2 when "${call}" is forbidden, and says so`, async () => {
    const { client, fail } = cluster();
    fail(call, FORBIDDEN);

    const end = await runCommand(EXPLAIN, client);

    assert.match(
      unwrapped(end.stdout),
      /^(Whether|Who leads) .*could not .*Cannot do that: forbidden/,
    );
    assert.equal(end.exitCode, 2);
  });
}

test('an operator elsewhere is asked for by name', async () => {
  const end = await runCommand(['explain', 'edge'], cluster().client);

  assert.equal(end.exitCode, 2);
  assert.match(
    unwrapped(end.stdout),
    /There is no Lease "ingress-ha-system\/ingress-controller-ha": name the operator's by --operator-namespace and --operator-lease/,
  );
});

test('settings that the operator cannot use leave nothing to free', async () => {
  const leaderElection = { leaseDuration: '5s', renewDeadline: '9s', retryPeriod: '1s' };

  const end = await runCommand(EXPLAIN, cluster({ spec: { leaderElection } }).client);

  assert.match(
    end.stdout,
    /^The operator cannot use the settings of this resource, so it frees no/,
  );
  assert.match(unwrapped(end.stdout), /✗ The settings are valid: spec\.leaderElection/);
  assert.deepEqual([end.exitCode, end.stderr], [1, '']);
});

const untold: Record<string, { failure: KubeFailure; stderr: RegExp }> = {
  'there is no such resource': {
    failure: { kind: 'not-found', message: 'Cannot get X: not found' },
    stderr: /^IngressControllerHA "edge" is not in namespace "prod"/,
  },
  'the right to get it is missing': {
    failure: FORBIDDEN,
    stderr: /Grant "get" on ingresscontrollerhas/,
  },
  'the API server does not answer': {
    failure: { kind: 'unreachable', message: 'Cannot get X: refused' },
    stderr: /The API server is https:\/\/api\.example:6443: check/,
  },
};

for (const [what, { failure, stderr }] of Object.entries(untold)) {
  test(`can not tell, in a sentence, when ${what}`, async () => {
    const { client, fail } = cluster();
    fail('get IngressControllerHA', failure);

    const end = await runCommand(EXPLAIN, client);

    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
}

test('can not tell without credentials', async () => {
  const end = await runCommand(
    EXPLAIN,
    new KubeError({ kind: 'unauthorized', message: 'No kubeconfig' }),
  );

  assert.deepEqual(
    [end.exitCode, end.stderr],
    [2, 'No kubeconfig. Check --kubeconfig and --context, or log in again.\n'],
  );
});

for (const args of [
  ['explain'],
  ['explain', 'a/b'],
  ['explain', 'a', '-o', 'yaml'],
  ['explain', 'a', '--operator-lease', ''],
]) {
  test(`${JSON.stringify(args)} is wrong usage, told without a cluster`, async () => {
    const end = await runCommand(args);

    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.match(end.stderr, /^error: /);
  });
}

test('the help tells the exit codes', async () => {
  const { stdout } = await runCommand(['explain', '--help']);

  assert.match(unwrapped(stdout), /Exit codes: 0 the Lease would be freed, 1 it .* 2 wrong usage/);
});

function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}
