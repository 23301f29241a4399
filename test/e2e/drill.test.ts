/**
 * What a drill measures, held against the journals of the candidates themselves, and what it leaves in
 * the system: one entry of history a trial, and nothing else.
 *
 * DRILL_TRIALS=30 node --test test/e2e/drill.test.ts runs the trials that docs/drills.md tells of.
 */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { systemClock } from '../../operator/base/time.ts';
import type { Method } from '../../operator/cli/drill/decide/drill-snapshot.ts';
import { CAUSE_ANNOTATION } from '../../operator/decide/observed/pod.ts';
import { monotonicNs } from '../bench/support/container-process.ts';
import { longestLatenessMs } from '../support/lateness.ts';
import { processLives } from '../testbed/record.ts';
import { statusOf } from './support/an-object.ts';
import { podsOf } from './support/children.ts';
import { runBundle } from './support/command.ts';
import { compare, type DrillReport, drill } from './support/drill.ts';
import { aLed, EXPIRING, type Subject, startScene } from './support/failover-scene.ts';
import { assertNoOverlap } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** Of both methods together. */
const TRIALS = Number(process.env.DRILL_TRIALS || 4);
/** On a busy machine a failover may take longer than a limit that a user sets. */
const PATIENT = ['--max-leaderless', '30s'];
/** Beside all other tests a busy machine delays both words on it, that of the journal and ours. */
const END_ERROR_MS = process.env.DRILL_TRIALS ? 100 : 500;
/** How exactly the end of a process is known that cannot tell it. */
const LOOK_EVERY_MS = 5;

const e2e = await startHarness();
const scene = await startScene(e2e, await e2e.startOperator());
const { kubeconfig } = e2e.testbed;

describe('a drill measures what the journals say', { concurrency: true }, () => {
  for (const method of ['delete', 'evict'] as const) {
    test(`${TRIALS / 2} times by ${method}`, async (t) => {
      const subject = await aLed(scene, EXPIRING);

      const report = await drill([
        ...['drill', ...nameOf(subject), '--method', method, '--yes', ...PATIENT],
        ...['--trials', String(TRIALS / 2)],
      ]);

      assert.equal(report.exitCode, 0, report.stderr);
      await assertMeasured(t, subject, report);
      assertTold(report, method);
      await assertClean(subject);
    });
  }

  test('and a crash by an ephemeral container, which stays until the pod goes', async (t) => {
    const subject = await aLed(scene, EXPIRING);
    const args = ['drill', ...nameOf(subject), '--method', 'crash', '--yes', ...PATIENT];

    const running = drill([...args, '--allow-ephemeral-container']);
    await noteEnd(subject);
    const report = await running;

    assert.equal(report.exitCode, 0, report.stderr);
    assert.match(report.stderr, /ephemeral container that has ended stays in the spec of Pod "/);
    await assertMeasured(t, subject, report);
    assertTold(report, 'crash');
    await assertClean(subject);
  });
});

test('a switchover tells who leads now, and history why', async () => {
  const subject = await aLed(scene);

  const end = await runBundle(['switchover', ...nameOf(subject), '--yes']);

  assert.equal(end.exitCode, 0, end.stderr);
  assert.match(end.stdout, /^\S+: \S+ -> \S+ in [\d.]+-[\d.]+ s\n$/);
  const { namespace, name } = subject.address;
  const { failovers = [] } = statusOf(await e2e.resource(namespace, name));
  assert.equal(failovers[0]?.cause, 'Switchover');
  assert.equal(failovers[0]?.fromIdentity, subject.leader.identity);
});

/** It cannot write its own end into its journal: when it was last seen alive counts. */
async function noteEnd({ leader }: Subject): Promise<void> {
  let aliveAtNs = monotonicNs();
  for (let nowNs = monotonicNs(); processLives(leader.process); nowNs = monotonicNs()) {
    aliveAtNs = nowNs;
    await systemClock.sleep(LOOK_EVERY_MS);
  }
  scene.journals.killed(leader.identity, aliveAtNs);
}

function nameOf({ address: { namespace, name } }: Subject): readonly string[] {
  return [name, '-n', namespace, '--kubeconfig', kubeconfig];
}

async function assertMeasured(
  t: TestContext,
  { address }: Subject,
  { trials, stderr }: DrillReport & { readonly stderr: string },
): Promise<void> {
  assert.ok(trials.length > 0, stderr);
  const compared = trials.map((trial) => compare(scene, address.name, trial));
  for (const one of compared) t.diagnostic(JSON.stringify(one));
  const wrong = compared.filter(({ isInside, endsInside }) => !(isInside && endsInside));
  assert.deepEqual(wrong, []);
  const errorMs = Math.max(...compared.map(({ endErrorMs }) => Math.abs(endErrorMs)));
  if (longestLatenessMs() < END_ERROR_MS) assert.ok(errorMs <= END_ERROR_MS, `${errorMs} ms`);
  else t.diagnostic('a process got no CPU: how late the drill saw the new leader is not judged');
  assertNoOverlap(scene, address);
}

/** The operator's own entry names the drill, the new leader's work was seen, and each trial is its own. */
function assertTold({ trials, verdict }: DrillReport, method: Method): void {
  assert.equal(verdict.result, 'passed');
  for (const { record, takeover, from } of trials) {
    assert.equal(record?.cause, 'Drill');
    assert.equal(record?.assist, 'Cleared');
    assert.equal(takeover?.works.kind, 'known', JSON.stringify(takeover?.works));
    assert.equal(record?.toIdentity, takeover?.to.identity);
    assert.notEqual(from.identity, takeover?.to.identity, method);
  }
}

/** No pod is announced any more. */
async function assertClean({ address }: Subject): Promise<void> {
  const pods = await podsOf(e2e.admin, address);
  const announced = pods.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined && metadata.annotations?.[CAUSE_ANNOTATION],
  );
  assert.deepEqual(announced, []);
}
