/** What the failover loop tells others: of holders only what is among the pods there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailoverCases } from '../../../operator/control/failover/cases.ts';
import { noFailoverMemory } from '../../../operator/decide/failover/memory.ts';
import { identityOf } from '../../support/a-holder.ts';

const KEY = { namespace: 'prod', name: 'edge' };

test('the gauge of leaders names a pod that there is, and nothing that others write into a Lease', () => {
  const told = (identity: string) => {
    const cases = new FailoverCases();
    const holder = { identity, sinceMs: 0, record: '', version: '' };
    cases.of(KEY).memory = { ...noFailoverMemory, holder };
    return cases.leaders(() => [{ name: 'a' }, { name: 'b' }]).map(({ pod }) => pod);
  };

  assert.deepEqual(told(identityOf('a')), ['a']);
  for (const stranger of ['', 'a', identityOf('gone'), identityOf('x'.repeat(1_000_000))]) {
    assert.deepEqual(told(stranger), ['']);
  }
});
