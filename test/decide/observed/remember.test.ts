/** Whom we take for a leader: a pod of ours, and nobody else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { worstCaseMs } from '../../../operator/decide/election/leadership.ts';
import { emptyMemory, type Memory } from '../../../operator/decide/observed/memory.ts';
import { type MemoryInput, remember } from '../../../operator/decide/observed/remember.ts';
import { requeueAfterMs } from '../../../operator/decide/status/requeue-after.ts';
import { identityOf } from '../../support/a-holder.ts';
import { anHa } from '../../support/an-ha.ts';
import { aLease, aPod, NOW_MS, steady } from '../../support/an-observation.ts';

function anInput(change: Partial<MemoryInput> = {}): MemoryInput {
  return {
    lease: aLease(identityOf('a')),
    leaseChangedAtMs: NOW_MS,
    pods: [aPod('a'), aPod('b')],
    readyReplicas: 2,
    wantedReplicas: 2,
    nowMs: NOW_MS,
    ...change,
  };
}

/** The memory after one observation after the other. */
function after(...inputs: readonly Partial<MemoryInput>[]): Memory {
  return inputs.map(anInput).reduce(remember, emptyMemory);
}

describe('a holder', () => {
  test('that is a pod of ours is known at once, with its pod', () => {
    const { knownHolder, knownPod, lastRenewalAtMs } = after({});

    assert.deepEqual([knownHolder, knownPod, lastRenewalAtMs], [identityOf('a'), 'a', NOW_MS]);
  });

  test('stays known, with its pod, when that has gone', () => {
    const { knownHolder, knownPod } = after({}, { pods: [aPod('b')] });

    assert.deepEqual([knownHolder, knownPod], [identityOf('a'), 'a']);
  });

  test('that another operator has told with its pod is known', () => {
    const { knownHolder, knownPod } = after({
      pods: [aPod('b')],
      reported: { holder: identityOf('a'), pod: 'a' },
    });

    assert.deepEqual([knownHolder, knownPod], [identityOf('a'), 'a']);
  });

  test('that is nobody’s pod is foreign, however long it rests', () => {
    const foreign = { lease: aLease(identityOf('foreign')) };

    const { knownHolder, readyWithoutLeaderSinceMs } = after(foreign, {
      ...foreign,
      nowMs: NOW_MS + 60_000,
    });

    assert.equal(knownHolder, undefined);
    assert.equal(readyWithoutLeaderSinceMs, NOW_MS);
  });

  test('that is nobody’s pod stays foreign, however often it renews', () => {
    const foreign = { lease: aLease(identityOf('foreign')) };
    const renewals = [2_000, 4_000, 60_000].map((ms) => ({
      ...foreign,
      leaseChangedAtMs: NOW_MS + ms,
      nowMs: NOW_MS + ms,
    }));

    const { knownHolder, lastRenewalAtMs, foreignHolder: still } = after({}, foreign, ...renewals);

    assert.deepEqual([knownHolder, lastRenewalAtMs], [identityOf('a'), NOW_MS]);
    assert.deepEqual(still, { holder: identityOf('foreign'), changedAtMs: NOW_MS + 60_000 });
  });

  test('that our pods have as their own host name is one of ours, whichever', () => {
    const shaped = [aPod('a', { hostName: 'edge' }), aPod('b', { hostName: 'edge' })];

    const { knownHolder, knownPod, foreignHolder } = after({
      lease: aLease(identityOf('edge')),
      pods: shaped,
    });

    assert.deepEqual(
      [knownHolder, knownPod, foreignHolder],
      [identityOf('edge'), undefined, undefined],
    );
  });

  test('without a uuid is no pod of ours, whatever it begins with', () => {
    const { knownHolder } = after({ lease: aLease('a_1') });

    assert.equal(knownHolder, undefined);
  });
});

describe('a Lease that others use', () => {
  const uid = 'uid-of-the-lease';
  const marked = { leases: [{ uid, shared: true }] };
  const unmarked = { leases: [{ uid, shared: false }] };

  test('is remembered as such when somebody has taken the mark off', () => {
    assert.deepEqual(after(marked, unmarked).sharedLeases, [uid]);
  });

  test('is remembered as such when it has lost all our labels', () => {
    const lost = { uid, spec: {} };
    const { missingLease } = after(marked, unmarked, {
      leases: [],
      lease: undefined,
      lostLease: lost,
    } as unknown as Partial<MemoryInput>);

    assert.equal(missingLease?.last?.shared, true);
  });

  test('is forgotten when it is gone: another one of its name is another one', () => {
    assert.equal(
      after(marked, { leases: [{ uid: 'another', shared: false }] }).sharedLeases,
      undefined,
    );
  });
});

describe('a foreign holder', () => {
  const ha = anHa();

  function lookIn(restedMs: number): number | undefined {
    const memory = {
      ...emptyMemory,
      foreignHolder: { holder: identityOf('x'), changedAtMs: NOW_MS - restedMs },
    };
    return requeueAfterMs(ha, steady(ha, { memory }));
  }

  test('is looked at again when it must have renewed, since its renewals wake nobody', () => {
    assert.equal(lookIn(1_000), worstCaseMs(ha) - 1_000 + 100);
  });

  test('that has rested for longer than a failover takes is left alone', () => {
    assert.equal(lookIn(3_600_000), undefined);
  });
});
