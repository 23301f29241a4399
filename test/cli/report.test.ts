/** `ingress-ha report`: what is in it, what must never be, and how it ends. */
import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { KubeFailure } from '../../operator/base/failure.ts';
import { readOnlyCluster } from '../support/read-only-cluster.ts';
import { runCommand } from '../support/run-command.ts';
import { CANARY, RISKY_PAGES, riskyObjects, runReport } from './report-support.ts';

const PRINT = ['--output', '-', '--operator-namespace', 'ops'];
const FORBIDDEN: KubeFailure = {
  kind: 'forbidden',
  cause: 'rights',
  message: 'Cannot list it: forbidden.',
};

function cluster() {
  return readOnlyCluster(riskyObjects(), RISKY_PAGES);
}

test('holds what belongs to the resource and the operator, in a fixed order', async () => {
  const { stdout, stderr, exitCode } = await runReport(['edge', ...PRINT], cluster());

  assert.deepEqual(titlesIn(stdout), [
    'README',
    'ingresscontrollerha/prod/edge',
    'deployment/prod/edge-icha',
    'pod/prod/edge-icha-5d9c7b6f88-abcde',
    'pod/prod/edge-icha-5d9c7b6f88-fghij',
    'configmap/prod/edge-icha-0123456789',
    'role/prod/edge-icha',
    'lease/prod/apisix-ingress-controller-leader',
    'node/node-a',
    'lease/ops/ingress-controller-ha',
    'deployment/ops/operator',
    'pod/ops/operator-1',
    'logs/ops/operator-1.previous',
    'logs/ops/operator-1',
    'metrics/ops/operator-1',
    'event/prod/edge.1',
    'versions/server',
  ]);
  assert.deepEqual([stderr, exitCode], ['', 0]);
});

test('is the same text when nothing has changed', async () => {
  const first = await runReport(PRINT, cluster());
  const second = await runReport(PRINT, readOnlyCluster(riskyObjects().toReversed(), RISKY_PAGES));

  assert.equal(first.stdout, second.stdout);
});

test('holds no value that may be a secret, wherever it stood', async () => {
  const planted = JSON.stringify([riskyObjects(), RISKY_PAGES]).match(/c4n4ry-[a-z-]+/g) ?? [];
  assert.ok(new Set(planted).size >= 20, `only ${new Set(planted).size} canaries are planted`);

  const { stdout } = await runReport(PRINT, cluster());

  const found = stdout.match(new RegExp(`${CANARY}\\S*`, 'g'));
  assert.equal(found, null);
});

test('asks for no Secret, and for nothing that it does not show', async () => {
  const { reads, ...rest } = cluster();

  await runReport(PRINT, { reads, ...rest });

  assert.deepEqual(
    reads.filter((call) => /secret/i.test(call)),
    [],
  );
  assert.ok(reads.includes('list configmaps'));
});

test('keeps what helps: names, references, known settings, our annotations', async () => {
  const { stdout } = await runReport(PRINT, cluster());

  for (const kept of [
    'lease_duration: 30s',
    'log_level: info',
    'type: apisix',
    'ingressha.dev/applied-hash: abc',
    'secretName: tls-of-edge',
    'name: adc-token',
    '- --namespaces=prod',
    '"msg":"Leadership acquired"',
    'ingressha_up 1',
    'v1.37.2',
    'path: /healthz',
    'The value <hidden> is refused',
  ]) {
    assert.ok(stdout.includes(kept), kept);
  }
});

test('every section of objects is YAML', async () => {
  const { stdout } = await runReport(PRINT, cluster());

  const sections = stdout
    .split(/^# ===== .* =====$/m)
    .filter((text) => /^\s*apiVersion:/.test(text));
  assert.ok(sections.length > 10);
  for (const text of sections) {
    const [document] = parseAllDocuments(text);
    assert.deepEqual(document && 'errors' in document && document.errors, []);
  }
});

test('an object keeps its values, also those that would steer a terminal', async () => {
  const message = 'It said \u001B[2J\u202E\u{E0067}';
  const objects = riskyObjects().map((object) =>
    object.kind === 'Event' ? { ...object, message } : object,
  );

  const { stdout } = await runReport(['edge', ...PRINT], readOnlyCluster(objects, RISKY_PAGES));

  const [, after = ''] = stdout.split('# ===== event/prod/edge.1 =====\n');
  const [section = ''] = after.split('# =====');
  const [document] = parseAllDocuments(section);
  assert.equal(document && 'get' in document && document.get('message'), message);
});

test('is written to a file that only its owner may read, and says so', async (t) => {
  const file = join(folderOf(t), 'report.txt');

  const end = await runReport(['--output', file, '--operator-namespace', 'ops'], cluster());

  assert.match(end.stdout, new RegExp(`^${file} \\(\\d+ KiB\\)\\n$`));
  assert.equal(end.stderr, 'Look through it before you send it to anybody.\n');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, 'utf8'), /^# ===== README =====\nReport of ingress-ha /);
});

test('is called after the time when no name is given', async (t) => {
  const folder = folderOf(t);
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));

  const { stdout } = await runReport(['--operator-namespace', 'ops'], cluster());

  assert.match(stdout, /^ingress-ha-report-20260101T000000Z\.txt /);
});

test('ends with 1 and names each gap, in the report too', async () => {
  const target = cluster();
  target.fail('list pods', FORBIDDEN);
  target.fail('page /version', { kind: 'unreachable', message: 'Cannot get /version: refused' });

  const { stdout, stderr, exitCode } = await runReport(PRINT, target);

  assert.equal(exitCode, 1);
  assert.match(stderr, /^Gap: Cannot list it: forbidden\.\n/);
  assert.match(stdout, /Gaps: what could not be read\n- Cannot list it: forbidden\n/);
  assert.match(stdout, /- Cannot get \/version: refused\n/);
});

test('says where to look when no operator is found', async () => {
  const { stderr, exitCode } = await runReport(['--output', '-'], cluster());

  assert.equal(exitCode, 1);
  assert.match(
    stderr,
    /No Deployment of the operator .* "ingress-ha-system": name its namespace by --operator-namespace\./,
  );
});

test('--since leaves out older events, and asks for newer lines', async () => {
  const target = cluster();

  const { stdout } = await runReport([...PRINT, '--since', '30m'], target);

  assert.ok(!titlesIn(stdout).includes('event/prod/edge.1'));
  assert.ok(
    target.reads.some((call) => /^page .*\/log\?.*tailLines=2000.*sinceSeconds=1800/.test(call)),
  );
});

test('-A takes the resources of all namespaces', async () => {
  const objects = riskyObjects();
  const [first] = objects;
  assert.ok(first);
  const other = { ...first, metadata: { ...first.metadata, namespace: 'staging', uid: 'other' } };

  const { stdout } = await runReport(
    ['-A', ...PRINT],
    readOnlyCluster([...objects, other], RISKY_PAGES),
  );

  const resources = titlesIn(stdout).filter((title) => title.startsWith('ingresscontrollerha/'));
  assert.deepEqual(resources, [
    'ingresscontrollerha/prod/edge',
    'ingresscontrollerha/staging/edge',
  ]);
  assert.match(stdout, /^About all namespaces, and the operator in namespace ops$/m);
});

const nothing: Record<string, { failure: KubeFailure; stderr: RegExp }> = {
  'there is no such resource': {
    failure: { kind: 'not-found', message: 'Cannot get X: not found' },
    stderr: /^IngressControllerHA "edge" is not in namespace "prod"/,
  },
  'the right is missing': {
    failure: FORBIDDEN,
    stderr: /Grant "get" on ingresscontrollerhas/,
  },
};

for (const [what, { failure, stderr }] of Object.entries(nothing)) {
  test(`writes nothing when ${what}`, async () => {
    const target = cluster();
    target.fail('get IngressControllerHA', failure);

    const end = await runReport(['edge', ...PRINT], target);

    assert.match(end.stderr, stderr);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
}

test('writes nothing where it may not, and says what to do', async (t) => {
  const end = await runReport(
    ['--output', join(folderOf(t), 'no', 'such'), '--operator-namespace', 'ops'],
    cluster(),
  );

  assert.match(
    end.stderr,
    /^Cannot write the report to ".*such": no such file or directory\. Name another file by /,
  );
  assert.deepEqual([end.exitCode, end.stdout], [2, '']);
});

test('nobody else can read what it writes over a file that others could read', async (t) => {
  const folder = folderOf(t);
  const [file, link] = [join(folder, 'report.txt'), join(folder, 'link')];
  writeFileSync(file, 'old', { mode: 0o644 });
  symlinkSync(file, link);

  const end = await runReport(['--output', link, '--operator-namespace', 'ops'], cluster());

  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(readFileSync(file, 'utf8'), /^# ===== README =====$/m);
  assert.deepEqual(readdirSync(folder).toSorted(), ['link', 'report.txt']);
});

for (const args of [
  ['report', 'a/b'],
  ['report', 'edge', '-A'],
  ['report', '--since', 'ever'],
  ['report', '--since', '0s'],
]) {
  test(`${JSON.stringify(args)} is wrong usage, told without a cluster`, async () => {
    const end = await runCommand(args);

    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.match(end.stderr, /^error: /);
  });
}

test('the help tells the exit codes', async () => {
  const { stdout } = await runCommand(['report', '--help']);

  assert.match(stdout, /Exit codes: 0 written, 1 written with gaps[\s\S]*2 nothing\s+written/);
});

function titlesIn(report: string): readonly string[] {
  return [...report.matchAll(/^# ===== (.*) =====$/gm)].map(([, title = '']) => title);
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
