/**
 * Two and three electors on a network that loses, delays and refuses, with stalls, restarts, hands
 * on the Lease and clocks of different rates: never do two of them lead at the same instant.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createWorld,
  type ElectorOnTest,
  type ElectorSetup,
  type World,
} from '../../support/electors.ts';
import { type Fate, PROMPT } from '../../support/fake-lease-server.ts';

const TROUBLE_MS = 180_000;
/** About 25 ms each. 1500 have been run without a find; a mutant is found within 150. */
const RUNS = 60;

const aFate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constantFrom(
    'answered',
    'answered',
    'answered',
    'answer-lost',
    'refused',
    'conflict',
    'server-error',
  ),
  thereMs: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 12_000 })),
  backMs: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 12_000 })),
});

/** How long messages travel where every renewal reaches the API server, in ms. */
const NEAR = {
  thereMs: fc.integer({ min: 1, max: 200 }),
  backMs: fc.integer({ min: 1, max: 200 }),
};

const anElector = fc.record({
  /** One after the other, again and again, until the trouble ends. */
  fates: fc.array(aFate, { minLength: 1, maxLength: 6 }),
  chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
  rate: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
});

const aWho = fc.nat({ max: 2 });
const anEvent = fc.oneof(
  fc.record({
    kind: fc.constant('stall' as const),
    who: aWho,
    ms: fc.integer({ min: 100, max: 45_000 }),
  }),
  fc.record({ kind: fc.constant('stop' as const), who: aWho }),
  fc.record({ kind: fc.constant('kill' as const), who: aWho }),
);
const aHand = fc.record({
  kind: fc.constant('hand' as const),
  fields: fc.constantFrom<Record<string, unknown> | undefined>(
    undefined, // deletes the Lease
    {},
    { holderIdentity: '' },
    { holderIdentity: '', leaseDurationSeconds: 15 },
    { renewTime: undefined },
    { renewTime: '1970-01-01T00:00:00.000000Z' },
    { leaseDurationSeconds: undefined },
    { leaseDurationSeconds: 1 },
    { leaseTransitions: undefined },
  ),
});

function at<T>(event: fc.Arbitrary<T>, fromMs: number) {
  return fc.record({ atMs: fc.integer({ min: fromMs, max: TROUBLE_MS - 1 }), event });
}

/** Runs one history. A process that ended, or was killed, is followed by a new one after 1 s. */
async function play(
  electors: readonly { fates: readonly Fate[]; chances: readonly number[]; rate: number }[],
  events: readonly { atMs: number; event: EventOf }[],
): Promise<World> {
  const world = createWorld();
  const { clock, server } = world;
  const current: ElectorOnTest[] = [];
  let born = 0;

  function launch(index: number): void {
    const script = electors[index];
    if (script === undefined) return;
    let turn = 0;
    const setup: ElectorSetup = {
      rate: script.rate,
      random: () => script.chances[turn % script.chances.length] ?? 0,
      fate: () => {
        turn += 1;
        return clock.nowMs() < TROUBLE_MS
          ? (script.fates[turn % script.fates.length] ?? PROMPT)
          : PROMPT;
      },
    };
    born += 1;
    const started = world.start(`elector-${index}_${born}`, setup);
    current[index] = started;
    relaunchAfter(started, index);
  }

  function relaunchAfter(started: ElectorOnTest, index: number): void {
    clock.schedule(1000, () => {
      if (current[index] !== started) return;
      if (started.end() === undefined) relaunchAfter(started, index);
      else launch(index);
    });
  }

  function happen(event: EventOf): void {
    if (event.kind === 'hand') {
      if (event.fields === undefined) server.remove();
      else if (server.lease() !== undefined) server.edit(event.fields);
      return;
    }
    const target = current[event.who];
    if (target === undefined) return;
    if (event.kind === 'stall') target.process.stall(event.ms);
    else if (event.kind === 'stop') void target.elector.stop();
    else {
      target.process.stall(1e12);
      launch(event.who);
    }
  }

  for (const index of electors.keys()) launch(index);
  for (const { atMs, event } of events) clock.schedule(atMs, () => happen(event));
  await clock.advance(TROUBLE_MS + 90_000);
  return world;
}

type EventOf =
  | { kind: 'stall'; who: number; ms: number }
  | { kind: 'stop' | 'kill'; who: number }
  | { kind: 'hand'; fields: Record<string, unknown> | undefined };

const someElectors = fc.array(anElector, { minLength: 2, maxLength: 3 });

test('under faults, stalls, restarts and clocks of different rates, leaderships never overlap', async () => {
  const events = fc.array(at(anEvent, 0), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(someElectors, events, async (electors, troubles) => {
      const world = await play(electors, troubles);

      assert.deepEqual(world.overlaps, []);
      assert.equal(world.leaders().length, 1, 'somebody leads again once the trouble is over');
    }),
    { numRuns: RUNS },
  );
});

test('nor do they when a Lease is deleted or spoilt and processes come and go, if its leader can renew', async () => {
  const near = fc.array(fc.record({ kind: fc.constant('answered' as const), ...NEAR }), {
    minLength: 1,
    maxLength: 6,
  });
  const reached = someElectors.chain((electors) =>
    fc.tuple(...electors.map((one) => near.map((fates) => ({ ...one, fates, rate: 1 })))),
  );
  const comings = fc.record({ kind: fc.constant('stop' as const), who: aWho });
  const events = fc.tuple(
    fc.array(at(comings, 20_000), { maxLength: 6 }),
    fc.array(at(aHand, 20_000), { maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(reached, events, async (electors, troubles) => {
      const world = await play(electors, troubles.flat());

      assert.deepEqual(world.overlaps, []);
      assert.equal(world.leaders().length, 1, 'somebody leads again once the trouble is over');
    }),
    { numRuns: RUNS },
  );
});

test('nor do they under hands on a Lease that everyone has seen', async () => {
  const sameRate = someElectors.map((electors) => electors.map((one) => ({ ...one, rate: 1 })));
  const stalls = anEvent.filter(({ kind }) => kind === 'stall');
  const events = fc.tuple(
    fc.array(at(stalls, 60_000), { maxLength: 4 }),
    fc.array(at(aHand, 60_000), { maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(sameRate, events, async (electors, troubles) => {
      const world = await play(electors, troubles.flat());

      assert.deepEqual(world.overlaps, []);
      assert.equal(world.leaders().length, 1, 'somebody leads again once the trouble is over');
    }),
    { numRuns: RUNS },
  );
});
