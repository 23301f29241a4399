/** Whom we take for a leader: a pod of ours, or a holder that we saw renew. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyMemory, type Memory, remember, type Seen } from '../../operator/decide/memory.ts';
import { nextLookMs } from '../../operator/decide/next-look.ts';
import { anHa } from '../support/an-ha.ts';
import { aLease, aPod, NOW_MS, steady } from '../support/an-observation.ts';

function seen(change: Partial<Seen> = {}): Seen {
  return {
    lease: aLease('a_1'),
    leaseChangedAtMs: NOW_MS,
    pods: [aPod('a'), aPod('b')],
    readyReplicas: 2,
    wantedReplicas: 2,
    nowMs: NOW_MS,
    ...change,
  };
}

/** The memory after one look after the other. */
function after(...looks: readonly Partial<Seen>[]): Memory {
  return looks.map(seen).reduce(remember, emptyMemory);
}

describe('a holder', () => {
  test('that is a pod of ours is known at once, with its pod', () => {
    const { knownHolder, knownPod, lastSignAtMs } = after({});

    assert.deepEqual([knownHolder, knownPod, lastSignAtMs], ['a_1', 'a', NOW_MS]);
  });

  test('stays known, with its pod, when that has gone', () => {
    const { knownHolder, knownPod } = after({}, { pods: [aPod('b')] });

    assert.deepEqual([knownHolder, knownPod], ['a_1', 'a']);
  });

  test('that another operator has told with its pod is known', () => {
    const { knownHolder, knownPod } = after({
      pods: [aPod('b')],
      reported: { holder: 'a_1', pod: 'a' },
    });

    assert.deepEqual([knownHolder, knownPod], ['a_1', 'a']);
  });

  test('that is nobody’s pod is a stranger, however long it rests', () => {
    const stranger = { lease: aLease('stranger_1') };

    const { knownHolder, readyWithoutLeaderSinceMs } = after(stranger, {
      ...stranger,
      nowMs: NOW_MS + 60_000,
    });

    assert.equal(knownHolder, undefined);
    assert.equal(readyWithoutLeaderSinceMs, NOW_MS);
  });

  test('that is nobody’s pod is known once it renews, and has no pod', () => {
    const stranger = { lease: aLease('stranger_1') };
    const renewedAtMs = NOW_MS + 2_000;

    const {
      knownHolder,
      knownPod,
      lastSignAtMs,
      stranger: still,
    } = after({}, stranger, { ...stranger, leaseChangedAtMs: renewedAtMs, nowMs: renewedAtMs });

    assert.deepEqual([knownHolder, knownPod, lastSignAtMs], ['stranger_1', undefined, renewedAtMs]);
    assert.equal(still, undefined);
  });

  test('that another stranger follows has to renew by itself', () => {
    const { knownHolder, stranger } = after(
      { lease: aLease('stranger_1') },
      { lease: aLease('stranger_2'), leaseChangedAtMs: NOW_MS + 1_000 },
    );

    assert.equal(knownHolder, undefined);
    assert.deepEqual(stranger, { holder: 'stranger_2', changedAtMs: NOW_MS + 1_000 });
  });
});

describe('a stranger', () => {
  const ha = anHa();

  function lookIn(restedMs: number): number | undefined {
    const memory = { ...emptyMemory, stranger: { holder: 'x_1', changedAtMs: NOW_MS - restedMs } };
    return nextLookMs(ha, steady(ha, { memory }));
  }

  test('is looked at again soon, since its renewals wake nobody', () => {
    assert.equal(lookIn(0), 2 * ha.election.retryPeriodMs + 100);
  });

  test('that has rested for longer than a failover takes is left alone', () => {
    assert.equal(lookIn(3_600_000), undefined);
  });
});
