import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newIdentity } from '../../../operator/control/election/elect.ts';
import { createWorld, type World } from '../../support/electors.ts';
import { type Fate, PROMPT } from '../../support/fake-lease-server.ts';

const REFUSED: Fate = { kind: 'refused', thereMs: 5, backMs: 5 };
const LOST: Fate = { kind: 'answer-lost', thereMs: 5, backMs: 5 };
const CONFLICT: Fate = { kind: 'conflict', thereMs: 5, backMs: 5 };

/** `a` leads and `b` follows, after 10 s. `fate` is that of the calls of `a`. */
async function aLeaderAndAFollower(fate: (verb: string) => Fate = () => PROMPT) {
  const world = createWorld();
  const a = world.start('a', { fate });
  await world.clock.advance(8000);
  const b = world.start('b');
  await world.clock.advance(2000);
  assert.deepEqual(world.leaders(), ['a']);
  return { ...world, a, b };
}

function writesBy(world: Pick<World, 'server'>, identity: string, afterMs = 0): number {
  return world.server.writes.filter(({ by, atMs }) => by === identity && atMs > afterMs).length;
}

describe('acquiring', () => {
  test('creates the Lease when there is none', async () => {
    const { clock, server, start } = createWorld();

    const a = start('a');
    await clock.advance(6000);

    assert.equal(a.elector.isLeading(), true);
    assert.equal(a.master(), 1);
    assert.deepEqual(server.writes[0]?.spec, {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:03.220000Z',
      renewTime: '2026-01-01T00:00:03.220000Z',
      leaseTransitions: 0,
    });
  });

  test('of several candidates exactly one leads', async () => {
    const { clock, start, leaders } = createWorld();
    for (const identity of ['a', 'b', 'c']) start(identity);

    await clock.advance(60_000);

    assert.equal(leaders().length, 1);
  });

  test('takes over after the lease duration and a poll when the leader dies', async () => {
    const { a, clock, leaders } = await aLeaderAndAFollower();

    a.process.stall(1e9);
    await clock.advance(13_000);
    assert.deepEqual(leaders(), []);
    await clock.advance(2000 + 15_000 - 13_000 + 4400);

    assert.deepEqual(leaders(), ['b']);
  });

  test('an acquisition whose answer was lost is taken up at the next poll', async () => {
    const { clock, server, start } = createWorld();
    const a = start('a', { fate: (verb) => (verb === 'create' ? LOST : PROMPT) });

    await clock.advance(15_000);

    assert.equal(a.elector.isLeading(), true);
    assert.equal(server.spec().leaseTransitions, 0);
  });

  test('an acquisition whose answer comes after the deadline does not count', async () => {
    const { clock, start } = createWorld();
    const a = start('a');
    await clock.advance(3222);

    a.process.stall(10_000);
    await clock.advance(10_000);

    assert.equal(a.master(), 0);
    await clock.advance(5000);
    assert.equal(a.master(), 1);
  });

  test('polls after one to 2.2 retry periods', async () => {
    for (const [chance, pauseMs] of [
      [0, 2000],
      [0.9999, 4399.76],
    ] as const) {
      const { clock, server, start } = createWorld();
      start('a', { random: () => chance, fate: () => REFUSED });

      await clock.advance(10_000);

      const [first, second] = server.calls;
      assert.equal(Math.round((second?.atMs ?? 0) - (first?.atMs ?? 0)), Math.round(pauseMs + 10));
    }
  });
});

describe('leading', () => {
  test('renews once per retry period with one request; acquireTime and transitions stay', async () => {
    const { clock, server } = await aLeaderAndAFollower();
    const before = server.spec();
    const fromMs = clock.nowMs();

    await clock.advance(20_100);

    const { renewTime, ...kept } = server.spec();
    const { renewTime: renewTimeBefore, ...keptBefore } = before;
    assert.deepEqual(kept, keptBefore);
    assert.notEqual(renewTime, renewTimeBefore);
    assert.equal(writesBy({ server }, 'a', fromMs), 10);
    const calls = server.calls.filter(({ by, atMs }) => by === 'a' && atMs > fromMs);
    assert.ok(calls.every(({ verb }) => verb === 'replace'));
  });

  test('keeps fields of the Lease that it does not know', async () => {
    const { clock, server } = await aLeaderAndAFollower();

    server.edit({ strategy: 'OldestEmulationVersion', newer: { field: 1 } });
    await clock.advance(5000);

    assert.deepEqual(server.spec().newer, { field: 1 });
    assert.equal(server.spec().strategy, 'OldestEmulationVersion');
  });

  test('a conflict over metadata costs one more look and no leadership', async () => {
    const { a, clock, leaders, server } = await aLeaderAndAFollower();

    server.edit({});
    await clock.advance(2500);

    assert.deepEqual(leaders(), ['a']);
    assert.equal(a.slowPaths(), 1);
    assert.equal(server.writes.at(-1)?.by, 'a');
  });

  test('leads on through lost answers for as long as some renewal is answered', async () => {
    let calls = 0;
    const { clock, leaders, server } = await aLeaderAndAFollower(() => {
      calls += 1;
      return calls > 6 && calls % 3 === 0 ? LOST : PROMPT;
    });

    await clock.advance(120_000);

    assert.deepEqual(leaders(), ['a']);
    assert.equal(server.spec().leaseTransitions, 0);
  });

  test('writes its record again when the Lease is deleted, and the follower lets it', async () => {
    const { clock, leaders, overlaps, server } = await aLeaderAndAFollower();
    const { acquireTime } = server.spec();

    server.remove();
    await clock.advance(30_000);

    assert.deepEqual(leaders(), ['a']);
    assert.equal(server.spec().acquireTime, acquireTime);
    assert.deepEqual(overlaps, []);
  });

  for (const [what, fields] of Object.entries({
    'the holder emptied': { holderIdentity: '' },
    'renewTime removed': { renewTime: undefined },
    'the duration cut to 1 s': { leaseDurationSeconds: 1 },
    'everything but the holder removed': {
      renewTime: undefined,
      acquireTime: undefined,
      leaseDurationSeconds: undefined,
      leaseTransitions: undefined,
    },
  })) {
    test(`with ${what} by hand, the leader repairs the record and leads on`, async () => {
      const { clock, leaders, overlaps, server } = await aLeaderAndAFollower();

      server.edit(fields);
      await clock.advance(60_000);

      assert.deepEqual(leaders(), ['a']);
      assert.equal(server.spec().holderIdentity, 'a');
      assert.equal(server.spec().leaseDurationSeconds, 15);
      assert.deepEqual(overlaps, []);
    });
  }
});

describe('after the Lease was deleted by hand', () => {
  test('a process that starts then lets a leader that can renew write it again', async () => {
    const { clock, leaders, overlaps, server, start } = await aLeaderAndAFollower();

    server.remove();
    start('c');
    await clock.advance(60_000);

    assert.deepEqual(leaders(), ['a']);
    assert.equal(server.spec().leaseTransitions, 0);
    assert.deepEqual(overlaps, []);
  });

  test('a follower that has seen it waits for longer than a leader that is cut off may act', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server } = await aLeaderAndAFollower(() => fate);

    fate = REFUSED;
    server.remove();
    await clock.advance(14_000);
    assert.deepEqual([a.end(), leaders()], ['lost', []]);
    await clock.advance(10_000);

    assert.deepEqual(leaders(), ['b']);
    assert.deepEqual(overlaps, []);
  });

  test('only a process that has never seen it may lead beside a leader that is cut off, and for no longer than its deadline', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server, start } = await aLeaderAndAFollower(() => fate);
    const lastSent = server.calls.findLast(({ by }) => by === 'a')?.atMs ?? 0;

    fate = REFUSED;
    server.remove();
    start('c');
    await clock.advance(6000);
    assert.deepEqual(leaders(), ['a', 'c']);
    assert.equal(overlaps.length, 1);
    await clock.advance(lastSent + 10_000 - clock.nowMs());

    assert.deepEqual([a.end(), leaders()], ['lost', ['c']]);
  });

  test('one that finds it emptied waits like those that saw it full', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server, start } = await aLeaderAndAFollower(() => fate);

    fate = REFUSED;
    server.edit({ holderIdentity: '', leaseDurationSeconds: undefined });
    start('c');
    await clock.advance(14_000);
    assert.deepEqual([a.end(), leaders()], ['lost', []]);
    await clock.advance(10_000);

    assert.equal(leaders().length, 1);
    assert.deepEqual(overlaps, []);
  });
});

describe('losing', () => {
  test('ends exactly one deadline after the last success was sent, and tells the work (kubernetes#23731)', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, server } = await aLeaderAndAFollower(() => fate);
    const lastSent = server.calls.findLast(({ by }) => by === 'a')?.atMs ?? 0;

    fate = REFUSED;
    await clock.advance(lastSent + 9999 - clock.nowMs());
    assert.deepEqual(leaders(), ['a']);
    assert.equal(a.signal()?.aborted, false);
    await clock.advance(1);

    assert.deepEqual(leaders(), []);
    assert.equal(a.signal()?.aborted, true);
    assert.equal(a.end(), 'lost');
    assert.equal(a.master(), 0);
  });

  test('does so on time although a request hangs, and never calls again (kubernetes#44887, #109554)', async () => {
    let fate = PROMPT;
    const { a, clock, server } = await aLeaderAndAFollower(() => fate);

    fate = { kind: 'answered', thereMs: 60_000, backMs: 60_000 };
    await clock.advance(10_000);
    assert.equal(a.end(), 'lost');
    const calls = server.calls.filter(({ by }) => by === 'a').length;
    await clock.advance(300_000);

    assert.equal(server.calls.filter(({ by }) => by === 'a').length, calls);
  });

  test('stands down within one renewal of seeing another holder, and leaves the Lease alone', async () => {
    const { a, clock, server } = await aLeaderAndAFollower();

    server.edit({ holderIdentity: 'usurper' });
    const editedAtMs = clock.nowMs();
    await clock.advance(2100);

    assert.equal(a.end(), 'lost');
    assert.equal(writesBy({ server }, 'a', editedAtMs), 0);
  });

  test('an event loop that stalls for 30 s loses cleanly: no write of any kind afterwards', async () => {
    const { a, clock, overlaps, server, leaders } = await aLeaderAndAFollower();

    a.process.stall(30_000);
    const stalledAtMs = clock.nowMs();
    await clock.advance(10_000);
    assert.equal(a.elector.isLeading(), false);
    await clock.advance(60_000);

    assert.equal(a.end(), 'lost');
    assert.equal(writesBy({ server }, 'a', stalledAtMs + 10), 0);
    assert.deepEqual(leaders(), ['b']);
    assert.deepEqual(overlaps, []);
  });

  test('a stall shorter than the deadline changes nothing', async () => {
    const { a, clock, leaders } = await aLeaderAndAFollower();

    a.process.stall(7000);
    await clock.advance(60_000);

    assert.deepEqual(leaders(), ['a']);
  });

  test('work that throws ends the election and makes run reject', async () => {
    const { clock, start } = createWorld();
    const a = start('a', {
      work: async () => {
        throw new Error('boom');
      },
    });

    await clock.advance(6000);

    assert.equal(a.end(), 'failed');
    assert.equal(a.elector.isLeading(), false);
    assert.equal(a.signal()?.aborted, true);
  });
});

describe('stopping', () => {
  test('releases the Lease with the record that every client-go understands', async () => {
    const { a, clock, server } = await aLeaderAndAFollower();

    const stopped = a.elector.stop();
    assert.equal(a.signal()?.aborted, true);
    await clock.advance(10);

    assert.equal(await stopped, 'released');
    assert.equal(a.master(), 0);
    const { acquireTime, renewTime, ...rest } = server.spec();
    assert.deepEqual(rest, { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
    assert.match(String(renewTime), /^2026-01-01T00:00:\d\d\.\d{6}Z$/);
    assert.equal(acquireTime, renewTime);
  });

  test('a follower takes a released Lease at its next poll, with one more transition', async () => {
    const { a, clock, leaders, overlaps, server } = await aLeaderAndAFollower();

    void a.elector.stop();
    await clock.advance(4400);

    assert.deepEqual(leaders(), ['b']);
    assert.equal(server.spec().leaseTransitions, 1);
    assert.deepEqual(overlaps, []);
  });

  test('renews while the work ends, and releases only then (cilium#42920)', async () => {
    const world = createWorld();
    const { clock, leaders, server } = world;
    const work = Promise.withResolvers<void>();
    const a = world.start('a', { work: () => work.promise });
    world.start('b');
    await clock.advance(10_000);

    void a.elector.stop();
    await clock.advance(30_000);
    assert.deepEqual(leaders(), ['a']);
    assert.equal(server.spec().holderIdentity, 'a');
    work.resolve();
    await clock.advance(10);

    assert.equal(a.end(), 'released');
    assert.equal(server.spec().holderIdentity, '');
  });

  test('a conflict while releasing is read again and retried (kubernetes#112023)', async () => {
    const { a, clock, server } = await aLeaderAndAFollower();

    server.edit({});
    void a.elector.stop();
    await clock.advance(1000);

    assert.equal(a.end(), 'released');
    assert.equal(server.spec().holderIdentity, '');
  });

  test('does not touch a Lease that another holds by now', async () => {
    const { a, clock, server } = await aLeaderAndAFollower();

    server.edit({ holderIdentity: 'usurper' });
    void a.elector.stop();
    await clock.advance(1000);

    assert.equal(a.end(), 'released');
    assert.equal(server.spec().holderIdentity, 'usurper');
  });

  test('a release that was carried out frees the Lease, although its answer is lost', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server } = await aLeaderAndAFollower(() => fate);

    fate = LOST;
    void a.elector.stop();
    await clock.advance(10);
    assert.equal(server.spec().holderIdentity, '');
    await clock.advance(4400);

    assert.equal(a.end(), 'unreleased');
    assert.deepEqual(leaders(), ['b']);
    assert.deepEqual(overlaps, []);
  });

  test('a release that arrives long after its elector gave up disturbs no successor', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server } = await aLeaderAndAFollower(() => fate);

    fate = { kind: 'answered', thereMs: 30_000, backMs: 5 };
    void a.elector.stop();
    await clock.advance(2500);
    assert.equal(a.end(), 'unreleased');
    await clock.advance(57_500);

    assert.deepEqual(leaders(), ['b']);
    assert.equal(writesBy({ server }, 'a', 10_000), 0);
    assert.deepEqual(overlaps, []);
  });

  test('a renewal that arrives after the release takes nothing back', async () => {
    let fate = PROMPT;
    const { a, clock, leaders, overlaps, server } = await aLeaderAndAFollower(() => fate);
    const renewals = server.calls.length;

    fate = { kind: 'answered', thereMs: 6000, backMs: 5 };
    await clock.advance(2000);
    assert.ok(server.calls.length > renewals, 'a renewal is on its way');
    fate = PROMPT;
    void a.elector.stop();
    await clock.advance(20_000);

    assert.equal(a.end(), 'released');
    assert.deepEqual(leaders(), ['b']);
    assert.deepEqual(overlaps, []);
  });

  test('gives up after one renew deadline, and says so', async () => {
    let fate = PROMPT;
    const { a, clock } = await aLeaderAndAFollower(() => fate);

    fate = REFUSED;
    void a.elector.stop();
    await clock.advance(10_500);

    assert.equal(a.end(), 'unreleased');
  });

  test('a follower that never tried to lead leaves at once and writes nothing', async () => {
    const { b, clock, server } = await aLeaderAndAFollower();

    void b.elector.stop();
    await clock.advance(10);

    assert.equal(b.end(), 'never-led');
    assert.equal(writesBy({ server }, 'b'), 0);
  });

  test('an acquisition that lands during the stop is released again, and no work begins', async () => {
    const { clock, server, start } = createWorld();
    const a = start('a');
    await clock.advance(3222);

    void a.elector.stop();
    await clock.advance(100);

    assert.equal(server.writes.length, 2);
    assert.equal(server.spec().holderIdentity, '');
    assert.equal(a.signal(), undefined);
    assert.equal(a.end(), 'released');
  });

  test('ends all its timers', async () => {
    const { a, b, clock } = await aLeaderAndAFollower();

    void a.elector.stop();
    void b.elector.stop();
    await clock.advance(10);

    // What is left are deadlines of requests that have been answered: the fake server's own.
    assert.deepEqual([a.end(), b.end(), clock.pendingTimers()], ['released', 'never-led', 0]);
  });
});

test('identities name the host and are new for each process', () => {
  assert.match(newIdentity('pod-1'), /^pod-1_[0-9a-f]{8}-[0-9a-f-]{27}$/);
  assert.notEqual(newIdentity('pod-1'), newIdentity('pod-1'));
});

test('conflicts at every write keep a candidate from leading, and never crash it', async () => {
  const { clock, start } = createWorld();
  const a = start('a', { fate: (verb) => (verb === 'get' ? PROMPT : CONFLICT) });

  await clock.advance(120_000);

  assert.equal(a.end(), undefined);
  assert.equal(a.master(), 0);
});
