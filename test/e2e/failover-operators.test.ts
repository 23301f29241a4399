/**
 * Operators that are away when a leader dies. Without one the Lease expires by itself; one that comes
 * later has not seen the leader alive and leaves it alone; one that was watching all the time acts as
 * soon as it leads.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { REFUSALS } from '../../operator/decide/failover/refusals.ts';
import { at, statusOf } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader, killLeader } from './support/failover-blows.ts';
import {
  aLed,
  EXPIRING,
  type FailoverScene,
  led,
  type Subject,
  startScene,
} from './support/failover-scene.ts';
import {
  assertFreed,
  assertSound,
  assertUntouched,
  failoverFrom,
  leaderlessMs,
} from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** Operators succeed each other within 8 s. */
const BRISK = ['--lease-duration', '5s', '--renew-deadline', '3s'];
/** A restart of the operator fits in. */
const LONG_ENOUGH = { leaderElection: { leaseDuration: '20s', renewDeadline: '7s' } };
const EXPIRES = { within: 40_000 };

const e2e = await startHarness();

describe('a leader that dies', { concurrency: true }, () => {
  test('while there is no operator is succeeded when its Lease expires', async () => {
    const scene = await ownScene();
    const { operator } = scene;
    const subject = await aLed(scene, EXPIRING);
    await operator.kill();

    killLeader(scene, subject);

    await assertExpires(scene, subject);
    await operator.startAgain();
    await led(scene, subject.address);
    const { failovers = [] } = statusOf(await e2e.resource(scene.namespace, subject.address.name));
    assert.deepEqual(failovers, [], 'what nobody has watched is not told');
    assertUntouched(scene, subject);
    await assertSound(scene, subject);
  });

  test('before an operator starts is none that the operator knows', async () => {
    const scene = await ownScene();
    const { operator } = scene;
    const subject = await aLed(scene, LONG_ENOUGH);
    await operator.stop();

    killLeader(scene, subject);
    await operator.startAgain();

    const { assist, assistReason } = await failoverFrom(scene, subject);
    const expected = { assist: 'Refused', assistReason: REFUSALS['holder-unbound'] };
    assert.deepEqual({ assist, assistReason }, expected);
    await assertExpires(scene, subject);
    assertUntouched(scene, subject);
    await assertSound(scene, subject);
  });

  test('together with the operator is succeeded once the next operator leads', async () => {
    const scene = await ownScene();
    const { operator } = scene;
    const standby = await e2e.startStandby(operator);
    const subject = await aLed(scene);

    await Promise.all([operator.kill(), deleteLeader(scene, subject)]);

    await assertFreed(scene, subject, 'PodDeleted');
    assert.deepEqual(operator.log('Lease freed'), []);
    assert.equal(standby.log('Lease freed').length, 1);
  });
});

/** With operators of its own. */
async function ownScene(): Promise<FailoverScene> {
  return startScene(e2e, await e2e.startOperator({ flags: BRISK }));
}

/** Somebody else takes the Lease, and not before it could have expired. */
async function assertExpires(scene: FailoverScene, subject: Subject): Promise<void> {
  const { leader, address, leaseDurationMs } = subject;
  const { identity: fromIdentity } = leader;
  const lease = { namespace: address.namespace, name: `${address.name}-leader` };
  const toIdentity = await eventually(
    'the Lease changes hands',
    async () => {
      const found = await e2e.admin.read(LeaseKind, lease);
      const holder = String(at(found, 'spec.holderIdentity') ?? '');
      return holder !== fromIdentity && holder;
    },
    EXPIRES,
  );
  const tookMs = await eventually('its journal says that it leads', () =>
    leaderlessMs(scene, subject, { fromIdentity, toIdentity }),
  );
  // One that got no CPU may have renewed long before it ended; freed, a Lease changes hands much sooner.
  assert.ok(tookMs > 0.7 * leaseDurationMs, `${tookMs} ms`);
}
