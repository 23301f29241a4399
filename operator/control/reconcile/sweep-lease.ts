/**
 * The Lease is the one child without an owner reference: it must not be deleted under a living leader. It is
 * deleted once its resource is gone, no pod of it exists, and no Deployment is left to create another one:
 * the pods of a Deployment that the user has kept need the Lease, and may not create it. A Lease that
 * others may use is given back without our labels, and one that has an owner is left alone.
 */
import { failureOf } from '../../base/failure.ts';
import { keyText, refOf } from '../../base/kube-object.ts';
import type { Absent } from '../../decide/observed/observation.ts';
import { isControlled } from '../../decide/observed/ownership.ts';
import { endOfLease, givenBack } from '../../decide/plan/lease-end.ts';
import type { Outcome } from '../../decide/plan/outcome.ts';
import type { Context } from './context.ts';
import { giveBack } from './give-back.ts';

/** The end of a resource that is gone: `gone`, or `failed` when a Lease is still to be deleted. */
export async function sweepLease(context: Context, observation: Absent): Promise<Outcome> {
  if (observation.podCount > 0 || observation.deploymentCount > 0) return { kind: 'gone' };
  for (const lease of observation.leases) {
    const { uid, resourceVersion } = lease.metadata;
    if (uid === undefined || resourceVersion === undefined || isControlled(lease)) continue;
    const end = endOfLease(lease, observation.key, observation.sharedLeases.includes(uid));
    try {
      if (end === 'give-back') {
        await giveBack(context.kube, givenBack(lease), { signal: context.signal });
      } else {
        await context.kube.delete(refOf(lease), { uid, resourceVersion, signal: context.signal });
      }
      context.caches.removed(refOf(lease), observation.key);
      context.log.info(end === 'give-back' ? 'Lease given back' : 'Lease deleted', {
        resource: keyText(observation.key),
        lease: lease.metadata.name,
      });
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'not-found') return { kind: 'failed', failure };
    }
  }
  return { kind: 'gone' };
}
