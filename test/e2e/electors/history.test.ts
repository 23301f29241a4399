import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  breachesOf,
  type ElectorEvent,
  type Family,
  leadershipsOf,
  overlapsOf,
  problemsOf,
  turnsOf,
} from './history.ts';
import { paceOf } from './pace.ts';

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

/** The same, but for an answer to the release. */
const unanswered: readonly Told[] = [...released.slice(0, -1), [2600, 'ended', 'unreleased']];

const from = (startMs: number): readonly Told[] => [
  [startMs - 2, 'renewed'],
  [startMs, 'leading'],
  [startMs + 50, 'write'],
];

interface Case {
  readonly events: readonly ElectorEvent[];
  /** Of each leadership: by the word of the API server, where it is asked. */
  readonly freed?: readonly boolean[];
  readonly problems: readonly string[];
}

const cases: Record<string, Case> = {
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
  'one succeeds at once where the Lease was not freed, whatever its leader says': {
    events: [...elector('a', 'ours', ...released), ...elector('b', 'client-go', ...from(1600))],
    freed: [false],
    problems: ['b succeeded a at 1600, before its Lease expired at 5002'],
  },
  'one succeeds at once where somebody else freed the Lease of a living leader': {
    events: [
      ...elector('a', 'ours', ...from(2), [500, 'stopped'], [500, 'ended', 'lost']),
      ...elector('b', 'client-go', ...from(1600)),
    ],
    freed: [true],
    problems: ['b succeeded a at 1600, before its Lease expired at 4000'],
  },
  'one succeeds at once before the release was even sent': {
    events: [
      ...elector('a', 'ours', ...from(2), [500, 'stopped'], [1700, 'releasing']),
      ...elector('b', 'client-go', ...from(1600)),
    ],
    freed: [true],
    problems: ['b succeeded a at 1600, before its Lease expired at 4000'],
  },
  'nothing is wrong with a prompt successor where a release was carried out and its answer lost': {
    events: [...elector('a', 'ours', ...unanswered), ...elector('b', 'client-go', ...from(1600))],
    freed: [true],
    problems: [],
  },
  'nor with a late one, since the release may have come late too': {
    events: [...elector('a', 'ours', ...unanswered), ...elector('b', 'client-go', ...from(5100))],
    freed: [true],
    problems: [],
  },
  'one succeeds at once where no release was carried out, although one was sent': {
    events: [...elector('a', 'ours', ...unanswered), ...elector('b', 'client-go', ...from(1600))],
    freed: [false],
    problems: ['b succeeded a at 1600, before its Lease expired at 5002'],
  },
  'one waits out a lease that was released': {
    events: [...elector('a', 'ours', ...released), ...elector('b', 'client-go', ...from(5100))],
    problems: ['b succeeded a at 5100, as if it had not been released before 5002'],
  },
};

for (const [sentence, { events, freed = [], problems }] of Object.entries(cases)) {
  test(sentence, () => {
    const leaderships = leadershipsOf(events, SETTINGS).map((one, index) => {
      const word = freed[index];
      return word === undefined ? one : { ...one, freed: word };
    });

    assert.deepEqual(problemsOf(leaderships, SETTINGS), problems);
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

describe('no lack of CPU excuses', () => {
  const excused = new Set([
    'two lead at once',
    'one writes before it leads',
    'one writes after it has stopped',
    'one waits out a lease that was released',
  ]);
  for (const [sentence, { events, freed = [], problems }] of Object.entries(cases)) {
    if (problems.length === 0) continue;
    test(`${sentence}: ${excused.has(sentence) ? 'but this' : 'nor this'}`, () => {
      const leaderships = leadershipsOf(events, SETTINGS).map((one, index) => {
        const word = freed[index];
        return word === undefined ? one : { ...one, freed: word };
      });

      const expected = excused.has(sentence) ? [] : problems;
      assert.deepEqual(breachesOf(leaderships, SETTINGS), expected);
    });
  }
});

describe('the pace of electors', () => {
  const times = (kind: ElectorEvent['kind'], ...atMs: readonly number[]): readonly Told[] =>
    atMs.map((ms) => [ms, kind] as const);

  test('is even while each writes and renews about when it wants to', () => {
    const events = [
      ...elector('a', 'ours', ...times('renewed', 0, 1000, 2500), ...times('write', 50, 100, 400)),
      ...elector('b', 'client-go', ...times('renewed', 9000), ...times('write', 9050)),
    ];

    assert.deepEqual(paceOf(events, SETTINGS), {
      longestMs: { write: 300, renewed: 1500 },
      isEven: true,
    });
  });

  test('is not when one writes nothing for half a retry period', () => {
    assert.ok(!paceOf(elector('a', 'ours', ...times('write', 0, 50, 560)), SETTINGS).isEven);
  });

  test('nor when a renewal uses up half of what the deadline leaves', () => {
    assert.ok(!paceOf(elector('a', 'ours', ...times('renewed', 0, 2001)), SETTINGS).isEven);
  });
});
