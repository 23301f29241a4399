/** Which files `ingress-ha validate` reads, what clashes between them, and how it ends. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { validate as validateIn } from './validate-support.ts';

function resource(name: string, spec = ''): string {
  return `apiVersion: ingressha.dev/v1alpha1\nkind: IngressControllerHA\nmetadata:\n  name: ${name}\n  namespace: prod\n${spec}`;
}

/** An own Lease, so that resources do not clash by it. */
function leased(name: string): string {
  return resource(name, `spec: {leaderElection: {leaseName: ${name}}}\n`);
}

test('reads the manifests of a folder, and those in it only with -R', async (t) => {
  const { validate } = await folderWith(t, {
    'a.yaml': leased('a'),
    'b.yml': leased('b'),
    'c.json': '{"apiVersion": "v1", "kind": "ConfigMap"}',
    'README.md': 'a: [',
    'deep/er/d.yaml': leased('d'),
  });

  const flat = await validate(['-f', '.']);
  const recursive = await validate(['-R', '-f', '.']);

  assert.equal(
    flat.stderr,
    '3 files, 2 resources: 0 errors, 0 warnings (1 object of other kinds skipped)\n',
  );
  assert.match(recursive.stderr, /^4 files, 3 resources: 0 errors/);
  assert.deepEqual([flat.exitCode, recursive.exitCode], [0, 0]);
});

test('reads a named file whatever it is called, and each file once', async (t) => {
  const { validate } = await folderWith(t, { 'edge.txt': leased('a'), 'b.yaml': leased('b') });

  const result = await validate(['-f', 'edge.txt', 'b.yaml', '-f', '.', '-f', './b.yaml']);

  assert.equal(result.stderr, '2 files, 2 resources: 0 errors, 0 warnings\n');
  assert.equal(result.exitCode, 0);
});

test('finds the second of two resources of one name in another file', async (t) => {
  const { validate, path } = await folderWith(t, {
    'a.yaml': resource('edge'),
    'b.yaml': `---\n${resource('edge')}`,
    'c.yaml': resource('edge').replace('prod', 'test'),
  });

  const { exitCode, stdout } = await validate(['-f', '.']);

  assert.equal(
    stdout,
    `${path('b.yaml')}:5:3: error: metadata.name: "prod/edge" is there already, at ${path('a.yaml')}:4:3: the one that is applied later replaces the other\n`,
  );
  assert.equal(exitCode, 1);
});

test('takes a resource without namespace for one of -n', async (t) => {
  const { validate } = await folderWith(t, {
    'a.yaml': resource('edge'),
    'b.yaml': resource('edge').replace('  namespace: prod\n', ''),
  });

  const apart = await validate(['-f', '.']);
  const together = await validate(['-f', '.', '-n', 'prod']);

  assert.equal(apart.exitCode, 0);
  assert.match(
    together.stdout,
    /b\.yaml:4:3: error: metadata\.name: "prod\/edge" is there already/,
  );
});

test('warns of two resources that would elect by one Lease', async (t) => {
  const named = 'spec: {leaderElection: {leaseName: apisix-ingress-controller-leader}}';
  const { validate, path } = await folderWith(t, {
    'a.yaml': resource('a'),
    'b.yaml': resource('b', named),
    'c.yaml': resource('c', 'spec: {replicas: 1, leaderElection: {mode: Disabled}}'),
    'd.yaml': resource('d').replace('prod', 'test'),
  });

  const { exitCode, stdout } = await validate(['-f', '.']);

  const [warning = '', ...others] = stdout.trimEnd().split('\n');
  assert.ok(warning.startsWith(`${path('b.yaml')}:6:25: warning: spec.leaderElection.leaseName: `));
  assert.ok(warning.includes(`also that of "a" at ${path('a.yaml')}:4:3`));
  assert.deepEqual(others, []);
  assert.equal(exitCode, 0);
});

test('reads the rest when a file can not be read, and ends with 2', async (t) => {
  const { validate, path, link } = await folderWith(t, { 'z.yaml': resource('z', 'x: 1') });
  await link('nowhere', 'broken.yaml');
  await link('loop.yaml', 'loop.yaml');

  const { exitCode, stdout, stderr } = await validate(['-f', '.', 'missing.yaml']);

  assert.match(stdout, /z\.yaml:6:1: error: x: /);
  assert.equal(
    stderr,
    [
      `Cannot read ${path('broken.yaml')}: there is no such file.`,
      `Cannot read ${path('loop.yaml')}: its links lead in a circle.`,
      `Cannot read ${path('missing.yaml')}: there is no such file.`,
      '1 file, 1 resource: 1 error, 0 warnings\n',
    ].join('\n'),
  );
  assert.equal(exitCode, 2);
});

test('follows links to files, and a link to a folder only where it is named', async (t) => {
  const { validate, link } = await folderWith(t, {
    '..data/a.yaml': leased('a'),
    'other/b.yaml': leased('b'),
  });
  await link('..data/a.yaml', 'a.yaml');
  await link('.', 'back');
  await link('other', 'named');

  const recursive = await validate(['-R', '-f', '.']);
  const named = await validate(['-f', 'named']);

  assert.equal(recursive.stderr, '2 files, 2 resources: 0 errors, 0 warnings\n');
  assert.equal(named.stderr, '1 file, 1 resource: 0 errors, 0 warnings\n');
});

test('ends with 2 when there is nothing to check, and names the flag when none is given', async (t) => {
  const { validate } = await folderWith(t, { 'a.yaml': 'apiVersion: v1\nkind: A\n', 'b.yaml': '' });

  const others = await validate(['-f', '.']);
  const none = await validate([]);
  const wrong = await validate(['-f', '.', '-o', 'xml']);

  assert.equal(
    others.stderr,
    '2 files, 0 resources: 0 errors, 0 warnings (1 object of other kinds skipped)\nThere is no IngressControllerHA in any of them.\n',
  );
  assert.match(none.stderr, /^Name what to check: -f FILE/);
  assert.deepEqual([others.exitCode, none.exitCode, wrong.exitCode], [2, 2, 2]);
});

test('lists what it could not read in the report', async (t) => {
  const { validate, path } = await folderWith(t, { 'a.yaml': 'a: [' });

  const { exitCode, stdout } = await validate(['-f', 'missing', '-f', '.', '-o', 'json']);

  const { unread, findings, summary } = JSON.parse(stdout);
  assert.deepEqual(unread, [{ file: path('missing'), message: 'there is no such file' }]);
  assert.equal(findings[0].file, path('a.yaml'));
  assert.equal(summary.files, 1);
  assert.equal(exitCode, 2);
});

/** Names in arguments and files are relative to a folder of the test's own. */
async function folderWith(t: TestContext, files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'validate-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const path = (name: string) => join(root, name);
  const isName = (argument: string, at: number, all: readonly string[]) =>
    !argument.startsWith('-') && !['-n', '-o'].includes(all[at - 1] ?? '');
  return {
    path,
    validate: (args: readonly string[]) =>
      validateIn(args.map((arg, at) => (isName(arg, at, args) ? path(arg) : arg))),
    link: (target: string, name: string) => symlink(target, path(name)),
  };
}
