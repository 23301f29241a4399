import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLeaseHistories,
  MAX_DELETED,
} from '../../../operator/cli/dashboard/feed/lease-histories.ts';

const AT = { nowMs: 0, wall: new Date('2026-01-01T00:00:00Z') };

test('Leases that come and go without end leave a bounded memory', () => {
  const histories = createLeaseHistories();
  histories.update('prod/stays', lease('a'), AT);

  for (let count = 0; count < 20 * MAX_DELETED; count += 1) {
    histories.update(`prod/${count}`, lease('b'), AT);
    histories.update(`prod/${count}`, undefined, AT);
  }

  assert.ok(histories.size <= MAX_DELETED + 1, String(histories.size));
  assert.equal(histories.get('prod/stays')?.holder, 'a');
});

test('a Lease that is made anew is followed from its last holder', () => {
  const histories = createLeaseHistories();
  histories.update('prod/edge', lease('a'), AT);
  histories.update('prod/edge', undefined, AT);

  histories.update('prod/edge', lease('b'), AT);

  const [handover] = histories.get('prod/edge')?.handovers ?? [];
  assert.deepEqual([handover?.fromIdentity, handover?.toIdentity], ['a', 'b']);
});

function lease(holderIdentity: string) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'x', namespace: 'prod' },
    spec: { holderIdentity, leaseTransitions: 1 },
  };
}
