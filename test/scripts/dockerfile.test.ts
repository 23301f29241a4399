/** scripts/Dockerfile, which needs an engine and a network to be built: what can be told without. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { ENTRYPOINT, PORTS, USER } from '../../scripts/container-image/build.ts';
import { run } from '../testbed/run.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const [build = [], final = [], ...others] = stages();

test('has one stage that builds and one that runs', () => {
  assert.equal(others.length, 0);
  assert.match(theOnly(build, 'FROM'), /^--platform=\$BUILDPLATFORM \$\{BUILD_IMAGE\} AS build$/);
  assert.match(theOnly(final, 'FROM'), /^\$\{BASE_IMAGE\}$/);
});

test('runs the same as the image that is built without an engine', () => {
  assert.deepEqual(JSON.parse(theOnly(final, 'ENTRYPOINT')), ENTRYPOINT);
  assert.equal(theOnly(final, 'USER'), USER);
  assert.equal(theOnly(final, 'WORKDIR'), '/');
  assert.equal(theOnly(final, 'EXPOSE'), PORTS.join(' '));
  assert.deepEqual(
    final.filter(({ name }) => name === 'CMD'),
    [],
  );
  const labels = theOnly(final, 'LABEL');
  for (const word of [packageJson.name, packageJson.description, packageJson.license]) {
    assert.ok(labels.includes(`="${word}"`), word);
  }
});

test('runs nothing in the last stage, so that no platform has to be emulated', () => {
  assert.deepEqual(
    final.filter(({ name }) => name === 'RUN'),
    [],
  );
});

test('gets from the checkout what it copies, and nothing else', () => {
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));

  assert.deepEqual(allowed.toSorted(), copied().toSorted());
});

test('is given all its arguments by the release workflow', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  const text = readFileSync(join(ROOT, 'scripts/Dockerfile'), 'utf8');
  const declared = [...text.matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
  const block = /build-args: \|\n((?: {12}\w+=.*\n)+)/.exec(workflow)?.[1] ?? '';
  const given = [...block.matchAll(/^ +(\w+)=/gm)].map(([, name]) => name);

  assert.deepEqual(given.toSorted(), declared.toSorted());
});

test('copies all that the bundle and the licences are made from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-dockerfile-'));
  try {
    for (const path of copied())
      await cp(join(ROOT, path), join(folder, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await run(process.execPath, ['scripts/bundle.ts'], { cwd: folder });
    await run(process.execPath, ['scripts/container-image/licenses.ts', 'licenses'], {
      cwd: folder,
    });

    const version = await run(process.execPath, [join(folder, 'dist/ingress-ha.js'), '--version']);

    assert.equal(version, `${packageJson.version}\n`);
    assert.deepEqual(await readdir(join(folder, 'licenses')), ['LICENSE', 'THIRD-PARTY.txt']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** What the stage that builds takes from the checkout. */
function copied(): readonly string[] {
  return build
    .filter(({ name }) => name === 'COPY')
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
}

function stages(): readonly (readonly Instruction[])[] {
  const text = readFileSync(join(ROOT, 'scripts/Dockerfile'), 'utf8');
  const instructions = text
    .replace(/^#.*$/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line): readonly Instruction[] => {
      const [, name, rest] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
      return name && rest ? [{ name, rest: rest.trim() }] : [];
    });
  const starts = instructions.flatMap(({ name }, at) => (name === 'FROM' ? at : []));
  return starts.map((start, at) => instructions.slice(start, starts[at + 1]));
}

function theOnly(stage: readonly Instruction[], name: string): string {
  const found = stage.filter((instruction) => instruction.name === name);
  assert.equal(found.length, 1, `one ${name}`);
  return found[0]?.rest ?? '';
}
