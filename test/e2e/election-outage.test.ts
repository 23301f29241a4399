/** Our own election, with client-go's beside it, while the API server is away: on a cluster of its own. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ElectionSettings } from '../../operator/decide/election/settings.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { openArena } from './electors/arena.ts';
import { leadershipsOf, problemsOf } from './electors/history.ts';
import { paceOf } from './electors/pace.ts';
import { monotonicMs } from './electors/protocol.ts';
import { uniqueName } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';

/** Shorter than the API server takes to come back. */
const FAST: ElectionSettings = {
  leaseDurationMs: 4_000,
  renewDeadlineMs: 3_000,
  retryPeriodMs: 1_000,
};
/** Longer than any outage here. */
const PATIENT: ElectionSettings = {
  leaseDurationMs: 90_000,
  renewDeadlineMs: 80_000,
  retryPeriodMs: 1_000,
};

const name = uniqueName('election');
const testbed = await startTestbed({ name, log: () => {} });
process.env.TESTBED_NAME = name;
const e2e = await startHarness();
const arena = await openArena(testbed, await e2e.newNamespace());
after(async () => {
  await arena.close();
  await testbed.stop();
});
const { log } = arena;

test('an outage ends the leadership whose deadline passes in it, and no other', async (t) => {
  const [ours, others] = [arena.startHost('ours'), arena.startHost('client-go')];
  const [short, long] = ['short', 'long'];
  ours.start(short, FAST);
  ours.start(long, PATIENT);
  const leader = await log.leader(short, 0);
  const keeper = await log.leader(long, 0);
  for (const host of [ours, others]) {
    host.start(short, FAST);
    host.start(long, PATIENT);
  }
  await log.told(leader, 'renewed', { count: 3 });

  const goneAtMs = monotonicMs();
  await testbed.stopApiServer();
  const stopped = await log.told(leader, 'stopped');
  assert.equal((await log.told(leader, 'ended')).how, 'lost');
  await testbed.startApiServer();
  const backAtMs = monotonicMs();
  const heir = await log.leader(short, 1);
  await log.told(heir, 'renewed', { count: 2 });
  await log.told(keeper, 'renewed', { afterMs: backAtMs });

  const ofShort = leadershipsOf(log.events(short), FAST);
  const ofLong = leadershipsOf(log.events(long), PATIENT);
  assert.deepEqual([...problemsOf(ofShort, FAST), ...problemsOf(ofLong, PATIENT)], []);
  assert.deepEqual(
    [...ofShort, ...ofLong].map(({ elector, end }) => `${elector} ${end ?? 'leads'}`),
    [`${leader.elector} lost`, `${heir.elector} leads`, `${keeper.elector} leads`],
  );
  const [before] = ofShort;
  const deadlineAtMs = (before?.renewedAtMs ?? 0) + FAST.renewDeadlineMs;
  const lateMs = stopped.atMs - deadlineAtMs;
  t.diagnostic(
    `${(backAtMs - goneAtMs).toFixed(0)} ms without an API server; ` +
      `ours stopped ${lateMs.toFixed(1)} ms after its deadline, ` +
      `${heir.family} leads ${(heir.atMs - backAtMs).toFixed(0)} ms after the end`,
  );
  const { isEven, longestMs } = paceOf(log.events(short), FAST);
  if (isEven) assert.ok(lateMs < FAST.retryPeriodMs, `it stopped ${lateMs} ms after its deadline`);
  else t.diagnostic(`how late it stopped is not judged: it got no CPU for ${longestMs.write} ms`);
});
