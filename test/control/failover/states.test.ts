/** What the failover loop tells others: of holders only what is among the pods there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailoverStates } from '../../../operator/control/failover/states.ts';
import { noFailoverMemory } from '../../../operator/decide/failover/memory.ts';
import { aFailoverSnapshot } from '../../support/a-failover-snapshot.ts';
import { aCandidate, identityOf } from '../../support/a-holder.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KEY = { namespace: 'prod', name: 'edge' };

test('the gauge of leaders names a pod that there is, and nothing that others write into a Lease', () => {
  const pods = [aCandidate('a'), aCandidate('b')];
  const leading = (identity: string) => {
    const states = new FailoverStates(() => aFailoverSnapshot({ pods }), createManualClock());
    const state = states.of(KEY);
    const holder = { identity, sinceMs: 0, record: '', version: '' };
    state.concluded = { ...state.concluded, memory: { ...noFailoverMemory, holder } };
    return states.leaders().map(({ pod }) => pod);
  };

  assert.deepEqual(leading(identityOf('a')), ['a']);
  for (const other of ['', 'a', identityOf('gone'), identityOf('x'.repeat(1_000_000))]) {
    assert.deepEqual(leading(other), ['']);
  }
});
