import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSightings, KEPT_GONE } from '../../operator/cli/dashboard/sightings.ts';

const AT = { nowMs: 0, wall: new Date('2026-01-01T00:00:00Z') };

test('Leases that come and go without end leave a bounded memory', () => {
  const sightings = createSightings();
  sightings.see('prod/stays', lease('a'), AT);

  for (let count = 0; count < 20 * KEPT_GONE; count += 1) {
    sightings.see(`prod/${count}`, lease('b'), AT);
    sightings.see(`prod/${count}`, undefined, AT);
  }

  assert.ok(sightings.size <= KEPT_GONE + 1, String(sightings.size));
  assert.equal(sightings.get('prod/stays')?.holder, 'a');
});

test('a Lease that is made anew is followed from its last holder', () => {
  const sightings = createSightings();
  sightings.see('prod/edge', lease('a'), AT);
  sightings.see('prod/edge', undefined, AT);

  sightings.see('prod/edge', lease('b'), AT);

  const [handover] = sightings.get('prod/edge')?.handovers ?? [];
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
