import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ElectorEvent,
  type Family,
  leadershipsOf,
  overlapsOf,
  problemsOf,
  turnsOf,
} from './history.ts';

const SETTINGS = { leaseDurationMs: 4000, renewDeadlineMs: 3000, retryPeriodMs: 1000 };

type Told = readonly [atMs: number, kind: ElectorEvent['kind'], how?: string];

/** What one elector tells, in this order. */
function elector(name: string, family: Family, ...told: readonly Told[]): readonly ElectorEvent[] {
  return told.map(([atMs, kind, how]) => ({
    ...{ kind, elector: name, lease: 'lease', family, atMs },
    ...(how !== undefined && { how }),
  }));
}

const released: readonly Told[] = [
  [0, 'renewed'],
  [2, 'leading'],
  [50, 'write'],
  [1002, 'renewed'],
  [1500, 'stopped'],
  [1501, 'releasing'],
  [1510, 'ended', 'released'],
];

const from = (startMs: number): readonly Told[] => [
  [startMs - 2, 'renewed'],
  [startMs, 'leading'],
  [startMs + 50, 'write'],
];

const cases: Record<string, { events: readonly ElectorEvent[]; problems: readonly string[] }> = {
  'nothing is wrong with a release and a prompt successor': {
    events: [...elector('a', 'ours', ...released), ...elector('b', 'client-go', ...from(1600))],
    problems: [],
  },
  'nor with a lease that expires before another leads': {
    events: [
      ...elector('a', 'client-go', ...from(2), [3000, 'ended', 'killed']),
      ...elector('b', 'ours', ...from(4002)),
    ],
    problems: [],
  },
  'nor with a process of ours that learns late that its deadline has passed': {
    events: [
      ...elector('a', 'ours', ...from(2), [9000, 'stopped'], [9000, 'ended', 'lost']),
      ...elector('b', 'client-go', ...from(4002)),
    ],
    problems: [],
  },
  'two lead at once': {
    events: [
      ...elector('a', 'client-go', ...from(2), [5000, 'stopped'], [5000, 'ended', 'lost']),
      ...elector('b', 'ours', ...from(4002)),
    ],
    problems: ['a and b led lease at once for 998 ms, with 1 writes'],
  },
  'one writes while the other leads, although it does not say that it leads': {
    events: [
      ...elector('a', 'ours', ...from(2), [4100, 'write'], [4200, 'ended', 'lost']),
      ...elector('b', 'client-go', ...from(4002)),
    ],
    problems: [
      'a and b led lease at once for 0 ms, with 1 writes',
      'a wrote at 4100, leading from 2 to 3000',
    ],
  },
  'ours writes on the strength of a renewal that was not answered yet': {
    events: elector('a', 'ours', ...from(2), [3100, 'write'], [1000, 'renewed']),
    problems: ['a wrote at 3100, leading from 2 to 4000'],
  },
  'one writes before it leads': {
    events: elector('a', 'client-go', [0, 'renewed'], [1, 'write'], [2, 'leading']),
    problems: ['a wrote at 1, leading from 2 to Infinity'],
  },
  'one writes after it has stopped': {
    events: elector('a', 'client-go', ...from(2), [500, 'stopped'], [501, 'write']),
    problems: ['a wrote at 501, leading from 2 to 500'],
  },
  'ours releases before it has stopped': {
    events: elector('a', 'ours', ...from(2), [500, 'releasing'], [510, 'stopped']),
    problems: ['a released at 500, leading until 510'],
  },
  'one takes over before the lease of a dead leader has expired': {
    events: [
      ...elector('a', 'ours', ...from(2), [100, 'ended', 'killed']),
      ...elector('b', 'client-go', ...from(3900)),
    ],
    problems: ['b succeeded a at 3900, before its Lease expired at 4000'],
  },
  'one waits out a lease that was released': {
    events: [...elector('a', 'ours', ...released), ...elector('b', 'client-go', ...from(5100))],
    problems: ['b succeeded a at 5100, as if it had not been released before 5002'],
  },
};

for (const [sentence, { events, problems }] of Object.entries(cases)) {
  test(sentence, () => {
    assert.deepEqual(problemsOf(leadershipsOf(events, SETTINGS), SETTINGS), problems);
  });
}

test('leaderships of different Leases do not overlap', () => {
  const other = elector('b', 'ours', ...from(2)).map((event) => ({ ...event, lease: 'other' }));
  const leaderships = leadershipsOf([...elector('a', 'ours', ...from(2)), ...other], SETTINGS);

  assert.equal(leaderships.length, 2);
  assert.deepEqual(overlapsOf(leaderships), []);
});

test('whoever never led has no leadership', () => {
  const events = elector('a', 'ours', [10, 'ended', 'never-led']);

  assert.deepEqual(leadershipsOf(events, SETTINGS), []);
});

test('turns are told by kind, with the time without a leader', () => {
  const leaderships = leadershipsOf(
    [...elector('b', 'client-go', ...from(1600)), ...elector('a', 'ours', ...released)],
    SETTINGS,
  );

  assert.deepEqual([...turnsOf(leaderships)], [['ours -> client-go', [100]]]);
});
