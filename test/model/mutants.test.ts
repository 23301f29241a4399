/**
 * The guards of failover are guarded themselves: without any one of them a named test fails. Mutants are
 * made in a copy of the sources, one after the other, and only their test runs.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type GuardTest, MUTANTS } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['operator', 'test/control', 'test/decide', 'test/model', 'test/support'];
/** Far more than it takes to find each mutant that the simulation has to find. */
const SCHEDULES = 20_000;

describe('a mutant', () => {
  let copy: string;

  before(async () => {
    copy = await mkdtemp(join(tmpdir(), 'ingress-ha-mutants-'));
    await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const folder of COPIED) {
      await cp(join(ROOT, folder), join(copy, folder), { recursive: true });
    }
  });
  after(() => rm(copy, { recursive: true, force: true }));

  test('is what makes these tests fail: on the sources as they are they pass', async () => {
    for (const [file, sentences] of testsByFile()) {
      const { passed, failed, output } = await runTests(copy, file, sentences);

      assert.deepEqual({ passed, failed }, { passed: sentences.length, failed: 0 }, output);
    }
  });

  for (const [name, { file, changes, caughtBy }] of Object.entries(MUTANTS)) {
    test(`that ${name} fails "${caughtBy.sentence}"`, async () => {
      const path = join(copy, file);
      const source = await readFile(path, 'utf8');
      await writeFile(path, changes.reduce(replaceOnce, source));

      const { file: testFile, sentence, invariant } = caughtBy;
      const { failed, output } = await runTests(copy, testFile, [sentence], invariant);
      await writeFile(path, source);

      assert.equal(failed, 1, output);
      assert.match(
        output,
        /ERR_ASSERTION/,
        'it must fail by what it asserts, not because it broke',
      );
    });
  }
});

function testsByFile(): ReadonlyMap<string, readonly string[]> {
  const guards = Object.values(MUTANTS).map(({ caughtBy }) => caughtBy);
  const byFile = Map.groupBy(guards, ({ file }: GuardTest) => file);
  return new Map(
    [...byFile].map(([file, all]) => [file, [...new Set(all.map(({ sentence }) => sentence))]]),
  );
}

function replaceOnce(source: string, [from, to]: readonly [string, string]): string {
  const parts = source.split(from);
  assert.equal(parts.length, 2, `stands there ${parts.length - 1} times, not once: ${from}`);
  return parts.join(to);
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** Only the tests of these full names, in a process of its own. */
async function runTests(
  cwd: string,
  file: string,
  sentences: readonly string[],
  invariant?: string,
): Promise<Outcome> {
  const patterns = sentences.map((it) => `--test-name-pattern=^${RegExp.escape(it)}$`);
  // A process that believes to be a part of this run would report to it instead.
  const { NODE_TEST_CONTEXT: _, MODEL_SEED: __, MODEL_INVARIANT: ___, ...env } = process.env;
  const modelled = {
    MODEL_SCHEDULES: String(SCHEDULES),
    ...(invariant !== undefined && { MODEL_INVARIANT: invariant }),
  };
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['--test-reporter=tap', ...patterns, file],
      { cwd, env: { ...env, ...modelled }, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    );
  });
  return { passed: count(output, 'pass'), failed: count(output, 'fail'), output };
}

function count(output: string, what: string): number {
  return Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN);
}
