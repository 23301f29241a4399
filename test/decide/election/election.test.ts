import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decideElection } from '../../../operator/decide/election/election.ts';
import {
  type ElectionMemory,
  noMemory,
  rememberWrite,
} from '../../../operator/decide/election/memory.ts';
import { checkElectionSettings } from '../../../operator/decide/election/settings.ts';
import {
  type LeaseRecord,
  type ObservedLease,
  observedLease,
  releasedRecord,
} from '../../../operator/decide/observed/lease-record.ts';

const settings = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000 };
const us = { identity: 'us_1', settings };
const timestamp = '2026-01-01T00:00:00.000000Z';
const absent: ObservedLease = { kind: 'absent' };

function aLease(spec: Record<string, unknown>): ObservedLease {
  const metadata = { name: 'operator', namespace: 'system', resourceVersion: '7' };
  return observedLease({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
}

function heldBy(holderIdentity: string, fields: Record<string, unknown> = {}): ObservedLease {
  const renewTime = '2020-01-01T00:00:00.000000Z';
  const times = { acquireTime: renewTime, renewTime };
  return aLease({
    holderIdentity,
    leaseDurationSeconds: 15,
    ...times,
    leaseTransitions: 3,
    ...fields,
  });
}

const ours: LeaseRecord = {
  holderIdentity: 'us_1',
  leaseDurationSeconds: 15,
  acquireTime: '2025-12-31T00:00:00.000000Z',
  renewTime: '2025-12-31T00:00:00.000000Z',
  leaseTransitions: 4,
};
/** Sent at 0: leads until 10 s. */
const leading = rememberWrite(ours, 0, us);

function observe(observed: ObservedLease, nowMs: number, memory: ElectionMemory = noMemory) {
  return decideElection(memory, { observed, nowMs, timestamp }, us);
}

/** The decision after one observation after the other. */
function decisionAfter(
  ...observations: readonly (readonly [atMs: number, observed: ObservedLease])[]
) {
  let step = observe(absent, 0);
  let memory = noMemory;
  for (const [atMs, observed] of observations) {
    step = observe(observed, atMs, memory);
    memory = step.memory;
  }
  return step.decision;
}

describe('a candidate', () => {
  test('waits for the whole duration after its first look, however old the record claims to be', () => {
    const expected = { kind: 'follow', untilMs: 15_100 };
    assert.deepEqual(decisionAfter([100, heldBy('a')]), expected);
    assert.deepEqual(decisionAfter([100, heldBy('a')], [15_099, heldBy('a')]), expected);
    assert.equal(decisionAfter([100, heldBy('a')], [15_100, heldBy('a')]).kind, 'acquire');
  });

  test('waits anew whenever the record changes', () => {
    const renewed = heldBy('a', { renewTime: '2020-01-01T00:00:00.000001Z' });
    assert.deepEqual(decisionAfter([0, heldBy('a')], [9000, renewed], [16_000, renewed]), {
      kind: 'follow',
      untilMs: 24_000,
    });
  });

  test("waits for the record's duration, not its own (kubernetes#47671, #114872)", () => {
    const long = heldBy('a', { leaseDurationSeconds: 60 });
    assert.deepEqual(decisionAfter([0, long]), { kind: 'follow', untilMs: 60_000 });
    const shorter = heldBy('a', { leaseDurationSeconds: 12 });
    assert.deepEqual(decisionAfter([0, shorter]), { kind: 'follow', untilMs: 12_000 });
  });

  test('acquires with one more transition and both times now', () => {
    assert.deepEqual(decisionAfter([0, heldBy('a')], [15_000, heldBy('a')]), {
      kind: 'acquire',
      record: {
        holderIdentity: 'us_1',
        leaseDurationSeconds: 15,
        acquireTime: timestamp,
        renewTime: timestamp,
        leaseTransitions: 4,
      },
    });
  });

  test('acquires a released Lease at once', () => {
    const released = aLease({ ...releasedRecord(ours, timestamp) });
    const decision = decisionAfter([0, heldBy('a')], [1, released]);
    assert.equal(decision.kind === 'acquire' && decision.record.leaseTransitions, 5);
  });

  test('renews without a transition what it acquired when the answer was lost', () => {
    const decision = decisionAfter(
      [0, heldBy('a')],
      [15_000, heldBy('us_1', { leaseTransitions: 4 })],
    );
    assert.equal(decision.kind === 'renew' && decision.record.leaseTransitions, 4);
  });

  test('creates a missing Lease after one and a half retry periods, without a transition', () => {
    assert.deepEqual(decisionAfter([0, absent]), { kind: 'follow', untilMs: 3000 });
    const decision = decisionAfter([0, absent], [3000, absent]);
    assert.equal(decision.kind === 'acquire' && decision.record.leaseTransitions, 0);
  });
});

describe('what somebody has emptied', () => {
  const cases: Record<string, { emptied: ObservedLease; untilMs: number }> = {
    'of its holder only': { emptied: heldBy(''), untilMs: 15_000 },
    'of the holder of a longer Lease': {
      emptied: heldBy('', { leaseDurationSeconds: 60 }),
      untilMs: 60_000,
    },
    'of everything': { emptied: aLease({}), untilMs: 15_000 },
    'and given the duration of a release, but not its times': {
      emptied: heldBy('', {
        leaseDurationSeconds: 1,
        renewTime: '2020-01-01T00:00:01.000000Z',
      }),
      untilMs: 10_000,
    },
    'and given the duration of a release, but no times': {
      emptied: aLease({ holderIdentity: '', leaseDurationSeconds: 1 }),
      untilMs: 10_000,
    },
  };
  for (const [sentence, { emptied, untilMs }] of Object.entries(cases)) {
    test(`is respected for its leader's sake by whoever has seen nothing else: ${sentence}`, () => {
      assert.deepEqual(decisionAfter([0, emptied]), { kind: 'follow', untilMs });
      assert.equal(decisionAfter([0, emptied], [untilMs, emptied]).kind, 'acquire');
    });
  }
});

describe('a hand on the Lease pre-empts nobody at once', () => {
  const missing = { leaseDurationSeconds: undefined, renewTime: undefined, acquireTime: undefined };
  const cases: Record<string, { edited: ObservedLease; untilMs: number }> = {
    'renewTime removed (ray#63773)': {
      edited: heldBy('a', { renewTime: undefined }),
      untilMs: 29_000,
    },
    'all but the holder removed': { edited: heldBy('a', missing), untilMs: 29_000 },
    'renewTime in the far past': {
      edited: heldBy('a', { renewTime: '1970-01-01T00:00:00Z' }),
      untilMs: 29_000,
    },
    'duration 0': { edited: heldBy('a', { leaseDurationSeconds: 0 }), untilMs: 29_000 },
    'duration negative': { edited: heldBy('a', { leaseDurationSeconds: -5 }), untilMs: 29_000 },
    'duration cut to 1 s: the leader may still act until its deadline': {
      edited: heldBy('a', { leaseDurationSeconds: 1 }),
      untilMs: 24_000,
    },
    'holder emptied': { edited: heldBy(''), untilMs: 29_000 },
    'spec emptied': { edited: aLease({}), untilMs: 29_000 },
    'spec of the wrong type': {
      edited: observedLease({ apiVersion: '', kind: '', metadata: { name: '' }, spec: 7 }),
      untilMs: 29_000,
    },
    deleted: { edited: absent, untilMs: 29_000 },
  };
  for (const [sentence, { edited, untilMs }] of Object.entries(cases)) {
    test(sentence, () => {
      const before = decisionAfter([0, heldBy('a')], [14_000, edited]);
      const after = decisionAfter([0, heldBy('a')], [14_000, edited], [untilMs, edited]);

      assert.deepEqual(before, { kind: 'follow', untilMs });
      assert.equal(after.kind, 'acquire');
    });
  }

  test('the transitions of a deleted Lease are counted on', () => {
    const decision = decisionAfter([0, heldBy('a')], [1000, absent], [16_000, absent]);
    assert.equal(decision.kind === 'acquire' && decision.record.leaseTransitions, 4);
  });

  test('transitions at their limit stay there, since the API server refuses more', () => {
    const atLimit = heldBy('a', { leaseTransitions: 2 ** 31 - 1 });
    const decision = decisionAfter([0, atLimit], [15_000, atLimit]);
    assert.equal(decision.kind === 'acquire' && decision.record.leaseTransitions, 2 ** 31 - 1);
  });
});

describe('a leader', () => {
  test('renews its record: acquireTime and transitions stay', () => {
    assert.deepEqual(observe(aLease({ ...ours }), 2000, leading).decision, {
      kind: 'renew',
      record: { ...ours, renewTime: timestamp },
    });
  });

  test('leads until its last success was sent plus the renew deadline', () => {
    assert.equal(leading.leadingUntilMs, 10_000);
    const late = observe(aLease({ ...ours }), 10_000, leading).decision;
    assert.deepEqual(late, { kind: 'stand-down', because: 'deadline-passed' });
  });

  test('stands down at once when it sees another holder', () => {
    const seen = observe(heldBy('a'), 1000, leading).decision;
    assert.deepEqual(seen, { kind: 'stand-down', because: 'another-holder' });
  });

  test('writes its record again when the Lease was deleted', () => {
    assert.deepEqual(observe(absent, 1000, leading).decision, {
      kind: 'renew',
      record: { ...ours, renewTime: timestamp },
    });
  });

  test('acquires again, with a transition, a Lease that was emptied or released under it', () => {
    for (const observed of [heldBy(''), aLease({ ...releasedRecord(ours, timestamp) })]) {
      assert.equal(observe(observed, 1000, leading).decision.kind, 'acquire');
    }
  });

  test('repairs a record that a hand has spoilt', () => {
    const decision = observe(aLease({ holderIdentity: 'us_1' }), 1000, leading).decision;
    assert.deepEqual(decision, {
      kind: 'renew',
      record: {
        holderIdentity: 'us_1',
        leaseDurationSeconds: 15,
        acquireTime: timestamp,
        renewTime: timestamp,
        leaseTransitions: 0,
      },
    });
  });
});

test('a release keeps the transitions and lasts one second (kubernetes#80954, #91966)', () => {
  assert.deepEqual(releasedRecord(ours, timestamp), {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: timestamp,
    renewTime: timestamp,
    leaseTransitions: 4,
  });
});

test('no spec whatever makes a decision throw, and a first look never acquires what names a holder', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string({ minLength: 1 }), (anything, holder) => {
      const fields = typeof anything === 'object' && anything !== null ? anything : {};
      const base = { apiVersion: 'v1', kind: 'Lease', metadata: { name: 'x' } };

      decideElection(
        noMemory,
        { observed: observedLease({ ...base, spec: anything }), nowMs: 0, timestamp },
        us,
      );
      const held = observedLease({ ...base, spec: { ...fields, holderIdentity: holder } });
      const { decision } = decideElection(noMemory, { observed: held, nowMs: 0, timestamp }, us);

      assert.notEqual(decision.kind, 'acquire');
    }),
  );
});

describe('settings', () => {
  test("client-go's defaults are sound", () => {
    assert.deepEqual(checkElectionSettings(settings), []);
  });

  const unsound: Record<string, { change: Partial<typeof settings>; says: RegExp }> = {
    'a duration not above the deadline': {
      change: { leaseDurationMs: 10_000 },
      says: /lease duration \(10s\) must be longer than the renew deadline \(10s\)/,
    },
    'a deadline not above 1.2 retry periods': {
      change: { renewDeadlineMs: 2400 },
      says: /The renew deadline \(2.4s\) must be more than 1.2 times the retry period \(2s\)/,
    },
    'a duration with a fraction': { change: { leaseDurationMs: 15_500 }, says: /whole seconds/ },
    'a retry period of 0': {
      change: { retryPeriodMs: 0 },
      says: /The retry period \(0s\) must be/,
    },
    'a duration that is no number': {
      change: { leaseDurationMs: Number.NaN },
      says: /whole seconds/,
    },
  };
  for (const [sentence, { change, says }] of Object.entries(unsound)) {
    test(`refuses ${sentence}`, () => {
      assert.match(checkElectionSettings({ ...settings, ...change }).join('\n'), says);
    });
  }
});
