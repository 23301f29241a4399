/** A resource that goes while a pass over it runs, and another one of its name that comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESOURCE_KIND } from '../../../operator/base/resource-kinds.ts';
import { aReconciledWorld, KEY } from '../../support/a-reconciled-world.ts';

const LEASE = 'apisix-ingress-controller-leader';
const labelled = (team: string) => ({ replicas: 0, inheritedMetadata: { labels: { team } } });

/** A world in which the resource is replaced by another one while the pass over it writes. */
function replacedDuringItsPass() {
  const world = aReconciledWorld();
  world.specify(labelled('core'));
  world.cluster.before(`apply Lease/${LEASE}`, () => {
    world.cluster.remove(RESOURCE_KIND, KEY.name);
    world.specify(labelled('edge'));
  });
  return world;
}

test('a pass over a resource that has gone tells nothing of another one of its name', async () => {
  const world = replacedDuringItsPass();

  const outcome = await world.pass();

  assert.equal(outcome.kind, 'gone');
  assert.equal(world.status(), undefined);
  assert.deepEqual(world.events, []);
});

test('a pass over the other one tells how far that one has come', async () => {
  const world = replacedDuringItsPass();
  await world.pass();

  await world.pass();

  assert.equal(world.status().observedGeneration, 1);
  assert.match(world.condition('Ready')?.message ?? '', /waits for the garbage collector/);
});
