/**
 * Our own election beside client-go's, on the same Leases of a real API server: electors of both
 * kinds take turns, and processes are killed, stopped and blocked. Ours never lead beside another.
 *
 * What an elector did it tells itself, on the machine's monotonic clock, and electors/history.ts
 * judges it; what it left in the Lease, electors/records.ts. ELECTIONS=1000 holds more than 200.
 */
import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectionSettings } from '../../operator/decide/election/settings.ts';
import { openArena } from './electors/arena.ts';
import type { ElectorHost } from './electors/elector-host.ts';
import { type ElectorEvent, type Family, leadershipsOf, turnsOf } from './electors/history.ts';
import { paceOf } from './electors/pace.ts';
import { monotonicMs } from './electors/protocol.ts';
import { soundHistory } from './electors/verdict.ts';
import { watchLeases } from './electors/watch-leases.ts';
import { startHarness } from './support/harness.ts';

const ELECTIONS = Number(process.env.ELECTIONS || 200);
/** Held at the same time, each with its own Lease. */
const SERIES = 10;

/** Where no Lease has to expire, its duration may suit a machine that is busy. */
const UNHURRIED: ElectionSettings = {
  leaseDurationMs: 10_000,
  renewDeadlineMs: 7_000,
  retryPeriodMs: 1_000,
};
/** The fastest that suits client-go, which compares records cut to seconds. */
const FAST: ElectionSettings = {
  leaseDurationMs: 4_000,
  renewDeadlineMs: 3_000,
  retryPeriodMs: 1_000,
};

/** How long a process is stopped, in lease durations. */
const PAUSES = {
  'half a lease duration': 0.5,
  'a lease duration': 1,
  'a lease duration and a half': 1.5,
  'three lease durations': 3,
};

const e2e = await startHarness();
const arena = await openArena(e2e.testbed, await e2e.newNamespace());
const watch = await watchLeases(e2e.testbed, arena.namespace);
after(() => Promise.all([arena.close(), watch.stop()]));
const { log } = arena;
const court = { log, watch };

type Hosts = Readonly<Record<Family, ElectorHost>>;

/** Two electors of each kind; of both kinds some have to create the Lease. */
async function seatAll(lease: string, [first, second]: readonly ElectorHost[]): Promise<void> {
  for (const host of [first, first, second, second]) {
    host?.start(lease, UNHURRIED);
    if (host === first) await log.leader(lease, 0);
  }
}

/**
 * Each ends by a release, some of ours without an answer to it. A new elector takes the seat of one
 * that has led, once another leads.
 */
async function holdElections(lease: string, count: number, hosts: Hosts): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    const leader = await log.leader(lease, nth);
    await log.told(leader, 'write');
    // Some lead for long enough to renew.
    if (nth % 4 === 0) await log.told(leader, 'renewed', { count: 3 });
    if (nth === count - 1) return;
    if (leader.family === 'ours' && nth % 3 === 0) hosts.ours.releaseUnheard(leader, 'answer-lost');
    else hosts[leader.family].release(leader);
    await log.leader(lease, nth + 1);
    await log.told(leader, 'ended');
    hosts[leader.family].start(lease, UNHURRIED);
  }
}

/** The first leader of the Lease, which has renewed it. */
async function reign(lease: string, host: ElectorHost): Promise<ElectorEvent> {
  host.start(lease, FAST);
  const leader = await log.leader(lease, 0);
  await log.told(leader, 'renewed', { count: 2 });
  return leader;
}

/** An elector that has seen who leads. */
async function follow(lease: string, host: ElectorHost): Promise<void> {
  await log.told(host.start(lease, FAST), 'looked');
}

async function assertLost(leader: ElectorEvent, sinceMs: number): Promise<void> {
  assert.equal((await log.told(leader, 'ended')).how, 'lost');
  const writes = log.events(leader.lease).filter(({ kind, elector, atMs }) => {
    return kind === 'write' && elector === leader.elector && atMs >= sinceMs;
  });
  assert.deepEqual(writes, []);
}

/** Whether who led, and how often, tells of the electors; if not, the machine has kept them waiting. */
function judgesPace(t: TestContext, leases: readonly string[], settings: ElectionSettings) {
  const { isEven, longestMs } = paceOf(log.events(...leases), settings);
  if (isEven) return true;
  const [write, renewed] = [longestMs.write, longestMs.renewed].map((ms) => ms.toFixed(0));
  t.diagnostic(
    `a process got no CPU (writes up to ${write} ms apart, renewals up to ${renewed} ms): ` +
      'how often each has led is not judged',
  );
  return false;
}

function described(valuesMs: readonly number[]): string {
  const mean = valuesMs.reduce((sum, ms) => sum + ms, 0) / valuesMs.length;
  const longest = Math.max(...valuesMs);
  return `${valuesMs.length} times, after ${mean.toFixed(0)} ms, ${longest.toFixed(0)} at most`;
}

test(`in ${ELECTIONS} elections one leads at a time, and each kind understands the other`, async (t) => {
  const hosts = { ours: arena.startHost('ours'), 'client-go': arena.startHost('client-go') };
  const each = Math.ceil(ELECTIONS / SERIES);
  const leases = Array.from({ length: SERIES }, (_, index) => `series-${index}`);

  await Promise.all(
    leases.map(async (lease, index) => {
      const both = [hosts.ours, hosts['client-go']];
      await seatAll(lease, index % 2 === 0 ? both : both.toReversed());
      await holdElections(lease, each, hosts);
    }),
  );

  const leaderships = await soundHistory(court, leases, UNHURRIED);
  const turns = turnsOf(leaderships);
  for (const [turn, gapsMs] of turns) t.diagnostic(`${turn}: ${described(gapsMs)}`);
  assert.equal(turns.size, 4, 'each kind has followed its own and the other');
  if (judgesPace(t, leases, UNHURRIED)) assert.equal(leaderships.length, each * SERIES);
  else assert.ok(leaderships.length >= each * SERIES);
  await Promise.all([hosts.ours.kill(), hosts['client-go'].kill()]);
});

describe('when nothing answers a release', { concurrency: true }, () => {
  const cases = {
    'the Lease is free all the same if it was carried out': { fate: 'answer-lost', freed: true },
    'the next one waits until the Lease has expired if it was not': {
      fate: 'request-lost',
      freed: false,
    },
  } as const;
  for (const [sentence, { fate, freed }] of Object.entries(cases)) {
    test(sentence, async () => {
      const [ours, other] = [arena.startHost('ours'), arena.startHost('client-go')];
      const lease = `released-${fate}`;
      const leader = await reign(lease, ours);
      await follow(lease, other);

      ours.releaseUnheard(leader, fate);
      const { atMs: succeededAtMs } = await log.leader(lease, 1);
      assert.equal((await log.told(leader, 'ended')).how, 'unreleased');

      const [first] = await soundHistory(court, [lease], FAST);
      assert.equal(first?.freed, freed);
      const expiryMs = (first?.renewedAtMs ?? 0) + FAST.leaseDurationMs;
      if (!freed) assert.ok(succeededAtMs >= expiryMs, `${succeededAtMs} < ${expiryMs}`);
      await Promise.all([ours.kill(), other.kill()]);
    });
  }
});

describe('when a process goes or stands still', { concurrency: true }, () => {
  test('the other kind succeeds one that is killed, and not before its Lease has expired', async (t) => {
    const leases = ['killed-0', 'killed-1', 'killed-2', 'killed-3'];
    const [first, second] = [arena.startHost('ours'), arena.startHost('client-go')];
    await Promise.all(leases.map((lease) => reign(lease, first)));

    await Promise.all(leases.map((lease) => follow(lease, second)));
    await first.kill();
    const heirs = await Promise.all(leases.map((lease) => log.leader(lease, 1)));
    const third = arena.startHost('ours');
    await Promise.all(leases.map((lease) => follow(lease, third)));
    await Promise.all(heirs.map((heir) => log.told(heir, 'renewed', { count: 2 })));
    await second.kill();
    await Promise.all(leases.map((lease) => log.leader(lease, 2)));

    const turns = turnsOf(await soundHistory(court, leases, FAST));
    for (const [turn, gapsMs] of turns) t.diagnostic(`${turn}: ${described(gapsMs)}`);
    for (const turn of ['ours -> client-go', 'client-go -> ours']) {
      const times = turns.get(turn)?.length ?? 0;
      if (judgesPace(t, leases, FAST)) assert.equal(times, leases.length);
      else assert.ok(times > 0);
    }
    await third.kill();
  });

  for (const [pause, share] of Object.entries(PAUSES)) {
    test(`ours, stopped for ${pause}, writes nothing while another leads`, async () => {
      const [ours, other] = [arena.startHost('ours'), arena.startHost('client-go')];
      const lease = `stopped-${share}`;
      const leader = await reign(lease, ours);
      await follow(lease, other);

      ours.pause();
      await sleep(share * FAST.leaseDurationMs); // the fault itself
      if (share > 1) await log.leader(lease, 1);
      const resumedAtMs = ours.resume();
      if (share >= 1) await assertLost(leader, resumedAtMs);
      await log.written(lease, { afterMs: resumedAtMs, count: 5 });

      await soundHistory(court, [lease], FAST);
      await Promise.all([ours.kill(), other.kill()]);
    });
  }

  test('ours, blocked for three lease durations, writes nothing while another leads', async () => {
    const [ours, other] = [arena.startHost('ours'), arena.startHost('client-go')];
    const lease = 'blocked';
    const leader = await reign(lease, ours);
    await follow(lease, other);

    ours.block(3 * FAST.leaseDurationMs);
    const { atMs: succeededAtMs } = await log.leader(lease, 1);
    await assertLost(leader, succeededAtMs);
    await log.written(lease, { afterMs: monotonicMs(), count: 5 });

    await soundHistory(court, [lease], FAST);
    await Promise.all([ours.kill(), other.kill()]);
  });

  test('ours leads on when a leader of client-go that was stopped comes back', async (t) => {
    const [other, ours] = [arena.startHost('client-go'), arena.startHost('ours')];
    const lease = 'client-go-stopped';
    const leader = await reign(lease, other);
    await follow(lease, ours);

    other.pause();
    await sleep(1.5 * FAST.leaseDurationMs); // the fault itself
    const heir = await log.leader(lease, 1);
    const resumedAtMs = other.resume();
    const { atMs: endedAtMs, how } = await log.told(leader, 'ended');
    await log.told(heir, 'write', { afterMs: endedAtMs, count: 5 });

    const leaderships = leadershipsOf(log.events(lease), FAST);
    const [paused] = leaderships;
    const late = paused?.writesAtMs.filter((atMs) => atMs > resumedAtMs) ?? [];
    const forMs = (endedAtMs - resumedAtMs).toFixed(0);
    t.diagnostic(`client-go led on for ${forMs} ms, with ${late.length} writes; then: ${how}`);
    assert.deepEqual(
      leaderships.map(({ elector }) => elector),
      [leader.elector, heir.elector],
    );
    assert.deepEqual(leaderships.at(-1)?.strayWritesAtMs, []);
    await Promise.all([ours.kill(), other.kill()]);
  });
});
