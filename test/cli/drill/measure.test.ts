/** The interval in which a leaderless time lies, from what was seen and when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, LeaseSample } from '../../../operator/cli/drill/decide/evidence.ts';
import { ledBy, measure, START_MS } from '../../../operator/cli/drill/decide/measure.ts';
import type { LeaseRecord } from '../../../operator/decide/observed/lease-record.ts';

const WALL_MS = Date.parse('2026-01-01T00:00:00Z');
const STRUCK_AT_MS = 1_000;

/** Old leader dies at once and is reported 300 ms after the strike; another one leads 900 ms after it. */
const SEEN: Evidence = {
  from: 'old',
  struckAtMs: STRUCK_AT_MS,
  leases: [
    sample(900, held('old', 900)),
    read(1_050, 1_052, held('old', 900)),
    sample(1_320, freed(1_310)),
    read(1_850, 1_860, freed(1_310)),
    sample(1_900, taken('new', 1_895)),
    sample(1_906, held('new', 1_905, 1_895)),
  ],
  death: { atMs: 1_300, wallMs: WALL_MS + 1_300, finishedAtS: WALL_MS / 1000 + 1 },
};

test('it begins between the strike and the report, and ends between the last read before and the next renewal', () => {
  const measured = measure(SEEN);

  assert.deepEqual(measured?.end, { earliestMs: 1_000, latestMs: 1_300 });
  assert.deepEqual(measured?.begin, { earliestMs: 1_850, latestMs: 1_906 + START_MS });
  assert.deepEqual(measured?.leaderless, { atLeastMs: 550, atMostMs: 906 + START_MS });
  assert.deepEqual([measured?.to, measured?.seenAtMs], ['new', 1_900]);
});

const untold: Record<string, Evidence> = {
  'nobody has taken the Lease': { ...SEEN, leases: SEEN.leases.slice(0, 4) },
  'the new holder has not renewed yet, and so may not know': {
    ...SEEN,
    leases: SEEN.leases.slice(0, 5),
  },
  'another one held it only before the strike': {
    ...SEEN,
    leases: [sample(500, held('older', 490)), sample(900, held('old', 900))],
  },
};

for (const [what, evidence] of Object.entries(untold)) {
  test(`it is not told while ${what}`, () => {
    assert.equal(measure(evidence), undefined);
  });
}

test('an acquisition and its renewal may be seen as one', () => {
  const leases = [...SEEN.leases.slice(0, 4), sample(1_906, held('new', 1_905, 1_895))];

  assert.equal(measure({ ...SEEN, leases })?.seenAtMs, 1_906);
});

test('a Lease that is free tells of the end too, when the report is late', () => {
  const death = { ...SEEN.death, atMs: 5_000, wallMs: WALL_MS + 5_000 };

  assert.equal(measure({ ...SEEN, death })?.end.latestMs, 1_320);
});

test('a late report is bounded by the second that it names, on the clock that has stamped the renewals', () => {
  const leases = SEEN.leases.filter(({ record }) => record.holderIdentity !== '');
  const finishedAtS = WALL_MS / 1000;
  // Renewals were seen 200 and 152 ms after their stamps: the clock that stamped them is 152 ms behind at most.
  const behind = [sample(900, held('old', 700)), ...leases.slice(1)];
  const death = { atMs: 12_000, wallMs: WALL_MS + 12_000, finishedAtS };

  assert.equal(measure({ ...SEEN, leases: behind, death })?.end.latestMs, 1_152);
});

test('it led for as long as it was seen to work', () => {
  assert.equal(measure({ ...SEEN, workedAtMs: 1_240 })?.end.earliestMs, 1_240);
  assert.equal(measure({ ...SEEN, workedAtMs: 990 })?.end.earliestMs, 1_000);
  assert.equal(measure({ ...SEEN, workedAtMs: 1_400 })?.end.earliestMs, 1_300);
});

test('work of the new one proves that it leads', () => {
  const measured = measure(SEEN);
  assert.ok(measured !== undefined);

  assert.equal(ledBy(measured, 1_950).leaderless.atMostMs, 950);
  assert.equal(ledBy(measured, 9_000).leaderless.atMostMs, measured.leaderless.atMostMs);
});

test('without any word on the end it is only known to be over when the new one leads', () => {
  const leases = SEEN.leases.filter(({ record }) => record.holderIdentity !== '');
  const { death: _, ...evidence } = { ...SEEN, leases };

  const measured = measure(evidence);

  assert.equal(measured?.end.latestMs, measured?.begin.latestMs);
  assert.deepEqual(measured?.leaderless.atLeastMs, 0);
});

test('a read tells nothing about what came after it was sent, and an event nothing about before', () => {
  const late = [...SEEN.leases, read(1_899, 1_950, held('new', 1_905, 1_895))];
  const between = [
    ...SEEN.leases.slice(0, 4),
    read(1_880, 1_910, freed(1_310)),
    ...SEEN.leases.slice(4),
  ];

  assert.equal(measure({ ...SEEN, leases: late })?.begin.earliestMs, 1_850);
  assert.equal(measure({ ...SEEN, leases: between })?.begin.earliestMs, 1_880);
});

function sample(atMs: number, record: LeaseRecord): LeaseSample {
  return { atMs, wallMs: WALL_MS + atMs, record };
}

function read(sentAtMs: number, atMs: number, record: LeaseRecord): LeaseSample {
  return { ...sample(atMs, record), sentAtMs };
}

function held(holderIdentity: string, renewedAtMs: number, acquiredAtMs = 0): LeaseRecord {
  return {
    holderIdentity,
    acquireTime: stamp(acquiredAtMs),
    renewTime: stamp(renewedAtMs),
    leaseTransitions: 1,
  };
}

function taken(holderIdentity: string, atMs: number): LeaseRecord {
  return held(holderIdentity, atMs, atMs);
}

function freed(atMs: number): LeaseRecord {
  return taken('', atMs);
}

function stamp(atMs: number): string {
  return new Date(WALL_MS + atMs).toISOString();
}
