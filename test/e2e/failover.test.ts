/**
 * A leader that its kubelet reports dead: its Lease is freed by one write, and another leads long
 * before the Lease could have expired. The clock of a crash runs from the last renewal.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QUIET_PERIODS } from '../../operator/decide/election/failover-times.ts';
import { at } from './support/an-object.ts';
import { podsOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import {
  deleteLeader,
  evictLeader,
  killLeader,
  killSandbox,
  starveLeader,
} from './support/failover-blows.ts';
import { aLed, type FailoverScene, type Subject, startScene } from './support/failover-scene.ts';
import { assertFreed, freeingOf, watchDelayMs } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

const RETRY_PERIOD_MS = 1_000;
const SMALL = { controller: { manager: { resources: { limits: { memory: '64Mi' } } } } };

const e2e = await startHarness();
const scene = await startScene(e2e, await e2e.startOperator());

describe('the Lease is freed at once of a leader that its kubelet has stopped', {
  concurrency: true,
}, () => {
  test('because its pod was deleted', async () => {
    const subject = await aLed(scene);

    await deleteLeader(scene, subject);

    await assertFreed(scene, subject, 'PodDeleted');
  });

  test('because its pod was evicted', async () => {
    const subject = await aLed(scene);

    await evictLeader(scene, subject);

    await assertFreed(scene, subject, 'Evicted');
  });
});

describe('the Lease is freed of a leader that crashed, once it has rested', {
  concurrency: true,
}, () => {
  test('killed by a signal, which restarts the container in its pod', async () => {
    const subject = await aLed(scene);

    killLeader(scene, subject);

    await assertFreed(scene, subject, 'Crash');
    assertRested(scene, subject);
    await eventually('it is restarted', async () => (await restartsOf(subject)) === 1);
  });

  test('stopped because the sandbox of its pod was killed', async () => {
    const subject = await aLed(scene);

    await killSandbox(scene, subject);

    await assertFreed(scene, subject, 'Crash');
    assertRested(scene, subject);
  });

  test('killed for its memory', async () => {
    const subject = await aLed(scene, SMALL);

    await starveLeader(scene, subject);

    await assertFreed(scene, subject, 'OOMKilled');
    assertRested(scene, subject);
  });

  test('the only one, which leads again without waiting for its own Lease to expire', async () => {
    const subject = await aLed(scene, { replicas: 1 });

    killLeader(scene, subject);

    const record = await assertFreed(scene, subject, 'Crash');
    assertRested(scene, subject);
    assert.equal(record.winner, 'Restarted');
  });
});

/** A living leader would have renewed in that time. */
function assertRested(from: FailoverScene, subject: Subject): void {
  const { renewedAtMs, freedAtMs } = freeingOf(from, subject);
  const restedMs = freedAtMs - renewedAtMs;
  assert.ok(restedMs >= QUIET_PERIODS * RETRY_PERIOD_MS - watchDelayMs(), `only ${restedMs} ms`);
}

async function restartsOf({ address, leader }: Subject): Promise<unknown> {
  const pods = await podsOf(e2e.admin, address);
  const pod = pods.find(({ metadata }) => metadata.name === leader.pod);
  return at(pod, 'status.containerStatuses[manager].restartCount');
}
