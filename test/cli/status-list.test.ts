/** `ingress-ha status` without a name, and its formats for programs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { KubeFailure } from '../../operator/base/failure.ts';
import { runCommand } from '../support/run-command.ts';
import { createShownCluster, type ShownCluster } from '../support/shown-cluster.ts';
import { assertGolden, terminal, WIDTHS } from './golden.ts';
import { scene } from './scenes.ts';

const FORBIDDEN: KubeFailure = {
  kind: 'forbidden',
  cause: 'rights',
  message: 'Cannot list it: User "jane" is not allowed',
};

for (const detail of ['some', 'all'] as const) {
  test(`lists resources, ${detail} of what is known, as wide as the terminal`, async () => {
    const args = ['status', '-A', ...(detail === 'all' ? ['-o', 'wide'] : [])];

    const shown = await Promise.all(
      WIDTHS.map(async (columns) => {
        const end = await runCommand(args, three().client, { terminal: terminal(columns) });
        assert.deepEqual([end.exitCode, end.stderr], [1, '']);
        const tooWide = end.stdout.split('\n').filter((line) => line.length > columns);
        assert.deepEqual(tooWide, []);
        return `[${columns} columns]\n${end.stdout}`;
      }),
    );

    const piped = await runCommand(args, three().client);
    assertGolden(`list-${detail}`, [...shown, `[a pipe]\n${piped.stdout}`].join('\n'));
  });
}

test('lists a namespace with one request a kind, and is content when all are Ready', async () => {
  const cluster = three();

  const end = await runCommand(['status', '-n', 'prod'], cluster.client);

  assert.deepEqual(
    end.stdout.split('\n').map((line) => line.split(' ')[0]),
    ['NAME', 'edge', 'inner', ''],
  );
  assert.equal(end.exitCode, 0);
  assert.deepEqual(cluster.asked.toSorted(), [
    'list deployments',
    'list ingresscontrollerhas',
    'list leases',
    'list poddisruptionbudgets',
    'list pods',
  ]);
});

test('what may not be listed is unknown, and told on stderr', async () => {
  const cluster = three();
  cluster.fail('list leases', FORBIDDEN);
  cluster.fail('list pods', FORBIDDEN);

  const end = await runCommand(['status'], cluster.client);

  assert.match(end.stdout, /\nedge +2\/2 +True +<unknown> +<unknown> +AsSpecified\n/);
  assert.deepEqual(end.stderr.split('\n'), [
    'leases in "prod" could not be read: Cannot list it: User "jane" is not allowed',
    'pods in "prod" could not be read: Cannot list it: User "jane" is not allowed',
    '',
  ]);
  assert.equal(end.exitCode, 0);
});

test('says where to look when there is none', async () => {
  const here = await runCommand(['status'], createShownCluster().client);
  const anywhere = await runCommand(['status', '-A'], createShownCluster().client);

  assert.equal(
    here.stderr,
    'There is no IngressControllerHA in namespace "prod": -n names another one, -A means all.\n',
  );
  assert.equal(anywhere.stderr, 'There is no IngressControllerHA in any namespace.\n');
  assert.deepEqual([here.exitCode, here.stdout, anywhere.exitCode], [0, '', 0]);
});

test('a list for programs is a list even when it is empty', async () => {
  const end = await runCommand(['status', '-o', 'json'], createShownCluster().client);

  assert.deepEqual(JSON.parse(end.stdout), {
    apiVersion: 'cli.ingressha.dev/v1alpha1',
    kind: 'StatusReportList',
    items: [],
  });
  assert.deepEqual([end.exitCode, end.stderr], [0, '']);
});

const untold: Record<string, { args: readonly string[]; failure: KubeFailure; stderr: RegExp }> = {
  'a namespace may not be listed': {
    args: [],
    failure: FORBIDDEN,
    stderr: /Grant "list" on ingresscontrollerhas\.ingressha\.dev in namespace "prod"\.\n$/,
  },
  'all namespaces may not be listed': {
    args: ['-A'],
    failure: FORBIDDEN,
    stderr: /Grant "list" on ingress.* in all namespaces, or name one by -n\.\n$/,
  },
  'the kind is unknown': {
    args: [],
    failure: { kind: 'not-found', message: 'Cannot list X: the server could not find it' },
    stderr:
      /^This API server does not know IngressControllerHA: install its CRD by: ingress-ha crds/,
  },
  'the credentials have expired': {
    args: [],
    failure: { kind: 'unauthorized', message: 'Cannot list X: Unauthorized' },
    stderr: /^Cannot list X: Unauthorized\. Check --kubeconfig and --context, or log in again\.\n$/,
  },
};

for (const [what, { args, failure, stderr }] of Object.entries(untold)) {
  test(`can not tell, in a sentence, when ${what}`, async () => {
    const cluster = three();
    cluster.fail('list ingresscontrollerhas', failure);

    const end = await runCommand(['status', ...args], cluster.client);

    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.stdout, end.stderr.split('\n').length], [2, '', 2]);
  });
}

test('-o json and -o yaml are the same versioned report', async () => {
  const cluster = createShownCluster(...scene({ leader: 1, failovers: 2 }));
  cluster.fail('get poddisruptionbudgets', FORBIDDEN);

  const json = await runCommand(['status', 'edge', '-o', 'json'], cluster.client);
  const yaml = await runCommand(['status', 'edge', '-o=yaml'], cluster.client);

  const report = JSON.parse(json.stdout);
  assert.deepEqual(parse(yaml.stdout), report);
  assert.deepEqual(
    [report.apiVersion, report.kind, report.namespace, report.name],
    ['cli.ingressha.dev/v1alpha1', 'StatusReport', 'prod', 'edge'],
  );
  assert.deepEqual(report.leader, {
    identity: 'edge-icha-6b6fb6b765-bbbbb_00000000-0000-0000-0000-000000000003',
    podName: 'edge-icha-6b6fb6b765-bbbbb',
    nodeName: 'node-1',
    sinceMs: 270_000,
  });
  assert.deepEqual(
    [report.lease.ageMs, report.lease.expiresInMs, report.failovers.length],
    [1_200, 28_800, 2],
  );
  assert.deepEqual(report.gaps, [
    {
      what: 'poddisruptionbudgets',
      message:
        'poddisruptionbudgets in "prod" could not be read: Cannot list it: User "jane" is not allowed',
    },
  ]);
  assert.deepEqual([json.exitCode, json.stderr], [0, '']);
});

const read: Record<string, { args: readonly string[]; stdout: string }> = {
  'the name of the leading pod': {
    args: ['edge', '-o', 'jsonpath={.leader.podName}'],
    stdout: 'edge-icha-6b6fb6b765-aaaaa',
  },
  'one of a list': { args: ['edge', '-ojsonpath={.pods[1].role}'], stdout: 'standby' },
  'what is no text as JSON': {
    args: ['edge', '-o', "jsonpath={['replicas']}"],
    stdout: '{"wanted":2,"ready":2}',
  },
  'all of a list': { args: ['-o', 'jsonpath={.items[*].name}'], stdout: 'edge inner' },
  'nothing where there is nothing': { args: ['edge', '-o', 'jsonpath={.no.such[7]}'], stdout: '' },
  'names alone': {
    args: ['-o', 'name'],
    stdout: 'ingresscontrollerha.ingressha.dev/edge\ningresscontrollerha.ingressha.dev/inner\n',
  },
};

for (const [what, { args, stdout }] of Object.entries(read)) {
  test(`prints ${what} for ${args.join(' ')}`, async () => {
    const end = await runCommand(['status', ...args], three().client);

    assert.deepEqual(end, { stdout, stderr: '', exitCode: 0, tookMs: 0 });
  });
}

for (const path of [
  '{.items[*]',
  '{.a}{.b}',
  '{range .items[*]}',
  '{.a[?(@.b)]}',
  '',
  '{}',
  'a b',
]) {
  test(`refuses ${JSON.stringify(path)} rather than to read it differently`, async () => {
    const end = await runCommand(['status', '-o', `jsonpath=${path}`]);

    assert.match(end.stderr, /^error: .*A path must read one place, such as .*-o json and jq/);
    assert.equal(end.exitCode, 2);
  });
}

/** Two in "prod", where the connection looks, and a stalled one with a long name elsewhere. */
function three(): ShownCluster {
  const told = [
    'Ready=False ImageRefused: No such image',
    'Stalled=True ImageRefused: No such image',
    'FailoverAssistReady=False HolderUnbound: Unseen',
  ];
  return createShownCluster(
    ...scene({ name: 'inner', leader: 0 }),
    ...scene({ name: 'a-rather-long-name-of-a-resource', namespace: 'staging', replicas: 3, told }),
    ...scene({ leader: 0 }),
  );
}
