/** What somebody sees first whose Node is too old for our sources, or who has installed nothing yet: one sentence. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..', '..');
const SYSTEM_PATH = '/usr/bin:/bin';

interface Machine {
  /** What `node --version` says; undefined: the PATH has none. */
  readonly node?: string;
  readonly packages?: true;
}

/** A checkout with nothing in it but scripts, on a machine with that Node. */
function checkout(t: TestContext, { node, packages }: Machine) {
  const folder = mkdtempSync(join(tmpdir(), 'old-node-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // As the first one on the PATH it hides whatever this machine has.
  const says = node === undefined ? 'exit 127' : `echo ${node}`;
  writeFileSync(join(bin, 'node'), `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  if (packages) {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}');
  }
  return {
    run(script: string) {
      const env = { PATH: `${bin}:${SYSTEM_PATH}` };
      const { status, stdout, stderr } = spawnSync(script, { cwd: folder, env, encoding: 'utf8' });
      return { status, stdout, stderr };
    },
  };
}

const old: readonly (readonly [version: string, told: RegExp])[] = [
  [
    'v20.19.2',
    /^Node 22\.19 or newer is needed, and npm finds 20\.19\.2 \(.*\/node\): run npm ci,/,
  ],
  ['v22.18.0', /npm finds 22\.18\.0 /],
  ['v9.0.0', /npm finds 9\.0\.0 /],
];
for (const [node, told] of old) {
  test(`an npm script says what is needed, what was found and what to do: ${node}`, (t) => {
    const { status, stdout, stderr } = checkout(t, { node, packages: true }).run('scripts/ready');

    assert.match(stderr, told);
    assert.match(stderr, /^[^\n]+\n$/, 'it is one line');
    assert.deepEqual([status, stdout], [1, '']);
  });
}

test('an npm script says so where there is no Node at all', (t) => {
  const { status, stderr } = checkout(t, {}).run('scripts/ready');

  assert.match(stderr, /^Node 22\.19 or newer is needed, and npm finds none: run npm ci,.*\n$/);
  assert.equal(status, 1);
});

test('an npm script says so where no packages are installed', (t) => {
  const { status, stderr } = checkout(t, { node: 'v24.0.0' }).run('scripts/ready');

  assert.equal(
    stderr,
    'The packages of package-lock.json are needed, and none are installed: run npm ci.\n',
  );
  assert.equal(status, 1);
});

for (const node of ['v22.19.0', 'v24.21.0', 'v100.0.0']) {
  test(`an npm script goes on with ${node}`, (t) => {
    const end = checkout(t, { node, packages: true }).run('scripts/ready');

    assert.deepEqual(end, { status: 0, stdout: '', stderr: '' });
  });
}

for (const script of ['test', 'demo', 'cluster', 'image']) {
  test(`scripts/${script} says so where the packages bring no Node`, (t) => {
    const machine = checkout(t, { node: 'v20.19.2', packages: true });

    const { status, stderr } = machine.run(`scripts/${script}`);

    assert.match(
      stderr,
      /^Node 22\.19 or newer is needed, and the PATH has 20\.19\.2 .*: install .*\n$/,
    );
    assert.equal(status, 1);
  });
}

test('every npm script looks first', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  for (const [name, command] of Object.entries(scripts)) {
    assert.match(String(command), /^scripts\/ready && /, name);
  }
});
