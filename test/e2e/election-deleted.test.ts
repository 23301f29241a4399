/**
 * The Lease of our election deleted by hand on a real API server, while its leader can reach it: the
 * leader writes it again, and neither those that follow nor those that start then lead beside it.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ElectionSettings } from '../../operator/decide/election/settings.ts';
import { openArena } from './electors/arena.ts';
import { monotonicMs } from './electors/protocol.ts';
import { soundHistory } from './electors/verdict.ts';
import { watchLeases } from './electors/watch-leases.ts';
import { startHarness } from './support/harness.ts';

/** A newcomer waits for 7.5 s, and a leader renews every 5 s: a busy machine has the time between. */
const SETTINGS: ElectionSettings = {
  leaseDurationMs: 30_000,
  renewDeadlineMs: 20_000,
  retryPeriodMs: 5_000,
};
const LEASE = 'deleted';
const ROUNDS = 2;

const e2e = await startHarness();
const arena = await openArena(e2e.testbed, await e2e.newNamespace());
const watch = await watchLeases(e2e.testbed, arena.namespace);
after(() => Promise.all([arena.close(), watch.stop()]));
const { log } = arena;

test('ours leads on when its Lease is deleted by hand, beside followers and newcomers', async () => {
  const [leading, following] = [arena.startHost('ours'), arena.startHost('ours')];
  leading.start(LEASE, SETTINGS);
  const leader = await log.leader(LEASE, 0);
  await log.told(following.start(LEASE, SETTINGS), 'looked');

  for (let round = 0; round < ROUNDS; round += 1) {
    await log.told(leader, 'renewed', { afterMs: monotonicMs() });
    await e2e.testbed.kubectl(['delete', 'lease', LEASE, '-n', arena.namespace]);
    const deletedAtMs = monotonicMs();
    await log.told(following.start(LEASE, SETTINGS), 'looked');
    await log.told(leader, 'renewed', { afterMs: deletedAtMs, count: 3 });
  }

  const leaderships = await soundHistory({ log, watch }, [LEASE], SETTINGS);
  assert.deepEqual(
    leaderships.map(({ elector }) => elector),
    [leader.elector],
  );
});
