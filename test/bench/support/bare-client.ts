/**
 * The bound that no operator can beat: a client that already knows what to create, and does nothing
 * but one POST for each child, in the waves that a plan has, over the operator's own transport and
 * account. It looks at nothing first, rehearses nothing, and writes no status.
 */

import { parseResource } from '../../../operator/api/parse.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { IngressControllerHAKind } from '../../../operator/base/resource-kinds.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { Memories } from '../../../operator/control/reconcile/memories.ts';
import { observe } from '../../../operator/control/reconcile/observe.ts';
import { NOTHING_SEEN } from '../../../operator/decide/observed/failover-view.ts';
import { planChanges } from '../../../operator/decide/plan/plan.ts';
import { desiredObjects } from '../../../operator/desired/desired.ts';
import { DEFAULT_POLICY } from '../../../operator/desired/installer.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';

/** Creates all children of a resource that nobody has touched yet. */
export async function createChildren(client: KubeClient, resource: KubeObject): Promise<void> {
  for (const wave of wavesFor(resource)) {
    await Promise.all(wave.map((object) => client.create(object)));
  }
}

/** The children of a resource without any, wave by wave. */
export function wavesFor(resource: KubeObject): readonly (readonly KubeObject[])[] {
  const parsed = parseResource(resource);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const { ha } = parsed;
  const caches = new Caches(systemClock, { enqueue: () => {} });
  caches.deliver(IngressControllerHAKind, { kind: 'add', object: resource });
  const observation = observe(
    {
      caches,
      memories: new Memories(),
      clock: systemClock,
      failovers: { view: () => NOTHING_SEEN },
    },
    ha,
  );
  if (observation.kind === 'absent') throw new Error(`${ha.name} is not in its own cache`);
  const { waves } = planChanges(ha, observation, desiredObjects(ha, DEFAULT_POLICY));
  return waves.map((wave) => wave.flatMap((step) => (step.kind === 'create' ? step.object : [])));
}
