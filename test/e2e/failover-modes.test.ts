/** What the settings of a resource say about failover, and the limit to what a crash loop may get. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CRASH_CLEARS } from '../../operator/decide/failover/memory.ts';
import { REFUSALS } from '../../operator/decide/failover/refusals.ts';
import { anObject, running, statusOf, uniqueName } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader, killLeader } from './support/failover-blows.ts';
import { aLed, led, startScene } from './support/failover-scene.ts';
import {
  assertExpired,
  assertFreed,
  assertNoOverlap,
  clearsOf,
  freeingOf,
  leaseWrites,
  watchDelayMs,
} from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** Four crashes, each with an election before it, and containers that the kubelet restarts later and later. */
const LOOPS = { within: 90_000 };

const e2e = await startHarness();
const scene = await startScene(e2e, await e2e.startOperator());
const { namespace } = scene;

describe('failover', { concurrency: true }, () => {
  test('in mode Observe only tells what it would have saved', async () => {
    const address = { namespace, name: uniqueName('led') };
    const spec = running({ failover: { mode: 'Observe' } });
    await e2e.apply(anObject({ ...address, spec }));
    const subject = await led(scene, address, 'FailoverAssistReady=True/ObserveOnly');

    killLeader(scene, subject);

    const record = await assertExpired(scene, subject, { assist: 'Observed' });
    assert.match(record.assistReason ?? '', /^The Lease would have been freed \d+ ms before/);
  });

  test('in mode Disabled leaves the Lease to expire', async () => {
    const address = { namespace, name: uniqueName('led') };
    const spec = running({ failover: { mode: 'Disabled' } });
    await e2e.apply(anObject({ ...address, spec }));
    const subject = await led(scene, address, 'FailoverAssistReady=False/Disabled');

    await deleteLeader(scene, subject);

    const record = await assertExpired(scene, subject, { cause: 'PodDeleted', assist: 'Disabled' });
    assert.equal(record.assistReason, REFUSALS.disabled);
  });

  test('with a clearDelay waits that long after the kubelet’s report', async () => {
    const subject = await aLed(scene, { failover: { clearDelay: '3s' } });

    killLeader(scene, subject);

    await assertFreed(scene, subject, 'Crash');
    const { reportedAtMs, freedAtMs } = freeingOf(scene, subject);
    const waitedMs = freedAtMs - reportedAtMs;
    assert.ok(waitedMs >= 3_000 - watchDelayMs(), `only ${waitedMs} ms`);
  });

  test('of a crash loop is helped three times, each leader once, and then suspended', async () => {
    const address = { namespace, name: uniqueName('led') };
    const candidate = { crash_after: '3s' };
    const spec = running({ controller: { configOverrides: { candidate } } });
    const mark = e2e.audit.mark();
    await e2e.apply(anObject({ ...address, spec }));

    await e2e.condition(address, 'FailoverAssistReady=False/Suspended', LOOPS);
    await eventually(
      'a Lease has expired',
      async () => {
        const { failovers = [] } = statusOf(await e2e.resource(namespace, address.name));
        return failovers.some(({ assistReason }) => assistReason === REFUSALS.suspended);
      },
      LOOPS,
    );

    const helped = clearsOf(scene, { address });
    assert.deepEqual(
      helped.map(({ process }) => process),
      Array.from({ length: CRASH_CLEARS }, () => 'dead'),
    );
    assert.equal(new Set(helped.map(({ holder }) => holder)).size, CRASH_CLEARS);
    const freed = leaseWrites(scene, { address, mark }).filter((entry) =>
      entry.startsWith('update'),
    );
    assert.equal(freed.length, CRASH_CLEARS);
    assertNoOverlap(scene, address);
  });
});
