import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstSyncAtNs, type Journal, leaderlessNs, termsOf, violations } from './history.ts';

/** A journal from words such as `10 leading`, `20 push-begin 1`; instants are ns. */
function journal(identity: string, told: readonly string[], endedAtNs?: number): Journal {
  const lines = told.map((words) => {
    const [at, event = '', number] = words.split(' ');
    const result = event === 'push-end' ? { result: 'success' } : {};
    return { event, identity, mono_ns: Number(at), number: Number(number ?? 0), ...result };
  });
  return { lines, ...(endedAtNs !== undefined && { endedAtNs }) };
}

const A_LED = ['0 started', '10 leading', '20 push-begin 1', '25 push-end 1', '30 stopped'];

interface Case {
  readonly name: string;
  readonly journals: readonly Journal[];
  /** `kind from-to`. */
  readonly found: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'a handover after a proper stop is fine',
    journals: [
      journal('a', [...A_LED, '31 exiting']),
      journal('b', ['30 leading', '30 push-begin 1']),
    ],
    found: [],
  },
  {
    name: 'a handover after a kill is fine, with a push that the dead one had in flight',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1'], 22),
      journal('b', ['30 leading', '31 push-begin 1', '35 push-end 1']),
    ],
    found: [],
  },
  {
    name: 'a push that began after a leader was last seen alive shows that it lived until then',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1', '25 push-end 1', '29 push-begin 2'], 27),
      journal('b', ['40 leading', '41 push-begin 1', '45 push-end 1']),
    ],
    found: [],
  },
  {
    name: 'a killed leader that wrote after another led is found',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1', '25 push-end 1', '42 push-begin 2'], 27),
      journal('b', ['40 leading', '50 stopped']),
    ],
    found: ['two-leaders 40-42'],
  },
  {
    name: 'two may not lead at once',
    journals: [journal('a', A_LED), journal('b', ['29 leading', '33 stopped'])],
    found: ['two-leaders 29-30'],
  },
  {
    name: 'a term within another one is an overlap too',
    journals: [journal('a', A_LED), journal('b', ['12 leading', '15 stopped'])],
    found: ['two-leaders 12-15'],
  },
  {
    name: 'a leader whose end nobody told is taken to lead on',
    journals: [journal('a', ['10 leading']), journal('b', ['90 leading', '95 stopped'])],
    found: ['two-leaders 90-95'],
  },
  {
    name: 'a stopped leader may not have a push in flight when the next one pushes',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1', '30 lost', '45 push-end 1']),
      journal('b', ['40 leading', '41 push-begin 1', '43 push-end 1']),
    ],
    found: ['overlapping-writes 41-43'],
  },
  {
    name: 'nobody pushes before it leads or after it stopped',
    journals: [
      journal('a', ['5 push-begin 1', '6 push-end 1', '10 leading', '30 stopped']),
      journal('b', ['40 leading', '50 stopped', '51 push-begin 7', '52 push-end 7']),
    ],
    found: ['write-without-leadership 5-6', 'write-without-leadership 51-52'],
  },
  {
    name: 'a standby never pushes',
    journals: [journal('a', A_LED), journal('b', ['40 push-begin 1', '41 push-end 1'])],
    found: ['write-without-leadership 40-41'],
  },
  {
    name: 'the sidecar of a dead leader may finish a push while nobody leads',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1'], 22),
      journal('a', ['20 sync-begin 1', '28 sync-end 1']),
      journal('b', ['30 leading']),
    ],
    found: [],
  },
  {
    name: 'but not while another one leads',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1'], 22),
      journal('a', ['20 sync-begin 1', '38 sync-end 1']),
      journal('b', ['30 leading']),
    ],
    found: ['late-write 30-38'],
  },
  {
    name: 'a push that a sidecar never finished counts until its last word',
    journals: [
      journal('a', ['10 leading'], 22),
      journal('a', ['20 sync-begin 1', '21 sync-begin 2', '34 sync-end 2']),
      journal('b', ['30 leading']),
    ],
    found: ['late-write 30-34', 'late-write 30-34'],
  },
  {
    name: 'one process may have pushes that overlap each other',
    journals: [
      journal('a', ['10 leading', '20 push-begin 1', '21 push-begin 2', '22 push-end 2'], 23),
    ],
    found: [],
  },
];

for (const { name, journals, found } of CASES) {
  test(name, () => {
    const told = violations(journals).map(({ kind, fromNs, toNs }) => `${kind} ${fromNs}-${toNs}`);
    assert.deepEqual(told, found);
  });
}

const KILLED = journal('a', ['10 leading', '20 push-begin 1'], 22);
const SHORT = journal('b', ['40 leading', '50 stopped', '51 exiting']);
const LAST = journal('c', ['53 leading', '54 push-begin 1', '58 push-end 1']);

test('the time without a leader is the sum of the gaps between two terms', () => {
  const terms = termsOf([LAST, SHORT, KILLED]);

  assert.equal(leaderlessNs(terms, 'a', 'b'), 18);
  assert.equal(leaderlessNs(terms, 'a', 'c'), 18 + 3);
  assert.equal(leaderlessNs(terms, 'c', 'c'), 0);
});

test('terms that overlap leave no gap', () => {
  const terms = termsOf([journal('a', A_LED), journal('b', ['25 leading'])]);

  assert.equal(leaderlessNs(terms, 'a', 'b'), 0);
});

test('the time without a leader is not told where an end is unknown', () => {
  const terms = termsOf([journal('a', ['10 leading']), LAST]);

  assert.throws(() => leaderlessNs(terms, 'a', 'c'), /end of a is unknown/);
  assert.throws(() => leaderlessNs(terms, 'x', 'c'), /x never led/);
});

test('the first sync is the first push that succeeded', () => {
  assert.equal(firstSyncAtNs([KILLED, LAST], 'c'), 58);
  assert.equal(firstSyncAtNs([KILLED, LAST], 'a'), undefined);
});
