/**
 * Spin searches the model in `spin/free-lease.pml`: every state of it, or until it finds how a living
 * leader is cleared. What the model says and leaves out is told at its head.
 *
 * Where a proof is expected, the search must have been complete. Where a mutant is, its counterexample
 * must be the one that is asked for.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../testbed/run.ts';

const MODEL = fileURLToPath(new URL('spin/free-lease.pml', import.meta.url));

/** Compiler and verifier flags by what is searched for. Fairness: whoever can go on, will. */
const SEARCHES = {
  safety: { gcc: ['-DSAFETY', '-DNOFAIR'], pan: [] },
  liveness: { gcc: ['-DNFAIR=4'], pan: ['-a', '-f'] }, // NFAIR=4 is room for 14 processes
} as const;

/**
 * NOREDUCE: all steps share their variables, so a reduction removes nothing and doubles the time.
 * MEMLIM, in MB: the largest search needs 170; one that reached this limit would be incomplete.
 */
const GCC = ['-O1', '-DNOREDUCE', '-DMEMLIM=1000'];
/** 2^22 slots of hash table, 32 MB, and a depth limit, which the deepest search stays far below. */
const PAN = ['-w22', '-m2000'];

const UNSAFE = 'assertion violated  !(alive[holder])';
const NOBODY_EVER = 'acceptance cycle';

interface Verdict {
  readonly errors: number;
  readonly states: string;
  /** All that the verifier printed. */
  readonly report: string;
  /** Steps of the model, by line, that never happen. */
  readonly idleSteps: readonly string[];
}

test('no living leader is ever cleared', async (t) => {
  const verdict = await search(t, 'safety', []);

  assertProven(verdict);
  assert.deepEqual(verdict.idleSteps, [], 'the proof is about less than the model says');
});

describe('either witness is enough', () => {
  test('an exit that the kubelet saw, however slow the leaders are', async (t) => {
    assertProven(await search(t, 'safety', ['NO_QUIET_CHECK']));
  });

  test('a Lease at rest, whatever the kubelet says, if leaders renew in time', async (t) => {
    assertProven(await search(t, 'safety', ['KUBELET_ERRS']));
  });

  test('with neither a living leader can be cleared', async (t) => {
    assertRefuted(await search(t, 'safety', ['KUBELET_ERRS', 'NO_QUIET_CHECK']), UNSAFE);
  });
});

describe('a living leader can be cleared', () => {
  const mutants: Record<string, string> = {
    'without the precondition': 'NO_RESOURCE_VERSION',
    'if whoever holds the Lease by now is taken for the one that died': 'NO_HOLDER_CHECK',
    'by the exit of another run of its container': 'NO_CONTAINER_ID',
    'if a container that the kubelet has lost counts as one that exited': 'NO_REASON_FILTER',
    'if a pod without an object counts as dead': 'ABSENCE_IS_DEATH',
    'if it is bound to a container that started after it took the Lease': 'NO_START_TIME',
    'by an exit that was before it took the Lease': 'NO_EXIT_TIME',
  };
  for (const [sentence, mutant] of Object.entries(mutants)) {
    test(sentence, async (t) => assertRefuted(await search(t, 'safety', [mutant]), UNSAFE));
  }
});

describe('a dead leader is followed by a living one', () => {
  test('with the operator', async (t) => {
    // One restart shows all that matters here. With two it holds as well, and takes 40 s.
    assertProven(await search(t, 'liveness', ['LIVENESS', 'INCARNATIONS=2']));
  });

  test('without the operator', async (t) => {
    assertProven(await search(t, 'liveness', ['LIVENESS', 'NO_OPERATOR']));
  });

  test('but not without expiry, even with the operator', async (t) => {
    assertRefuted(await search(t, 'liveness', ['LIVENESS', 'NO_EXPIRY']), NOBODY_EVER);
  });
});

/** Builds the verifier of the model with these definitions, and lets it search. */
async function search(
  t: TestContext,
  kind: keyof typeof SEARCHES,
  definitions: readonly string[],
): Promise<Verdict> {
  const cwd = await mkdtemp(join(tmpdir(), 'spin-'));
  try {
    const flags = SEARCHES[kind];
    await run('spin', [...definitions.map((name) => `-D${name}`), '-a', MODEL], { cwd });
    await run('gcc', [...GCC, ...flags.gcc, '-o', 'pan', 'pan.c'], { cwd });
    const verdict = parseReport(await run(join(cwd, 'pan'), [...PAN, ...flags.pan], { cwd }));
    t.diagnostic(`${verdict.states} states`);
    return verdict;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function parseReport(report: string): Verdict {
  const errors = /errors: (\d+)$/m.exec(report)?.[1];
  const states = /([\d.e+]+) states, stored/.exec(report)?.[1];
  assert.ok(errors !== undefined && states !== undefined, `Spin gave no verdict:\n${report}`);
  const unreached = report.matchAll(/^\t\S+:(\d+), state \d+, "(.*)"$/gm);
  const idleSteps = [...unreached].flatMap(([, line, step]) =>
    step === '-end-' ? [] : [`line ${line}: ${step}`],
  );
  return { errors: Number(errors), states, report, idleSteps };
}

/** There is no counterexample, and nothing was left unsearched. */
function assertProven({ errors, report }: Verdict): void {
  assert.equal(errors, 0, report);
  assert.match(report, /^Full statespace search/m);
  assert.doesNotMatch(report, /not completed|depth too small|out of memory|MEMLIM/i);
}

function assertRefuted({ errors, report }: Verdict, how: string): void {
  assert.equal(errors, 1, report);
  assert.ok(report.includes(how), report);
}
