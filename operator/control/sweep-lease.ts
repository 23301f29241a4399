/**
 * The Lease is the one child without an owner: it must not vanish under a living leader. It goes
 * once its resource is gone, no pod of it exists, and no Deployment is left to make another one:
 * the pods of a Deployment that the user has kept need the Lease, and may not create it. A Lease that
 * is shared with another installation is given back without our labels.
 */
import { failureOf } from '../base/failure.ts';
import { type KubeObject, keyText, refOf } from '../base/kube-object.ts';
import type { Absent } from '../decide/observation.ts';
import type { Outcome } from '../decide/outcome.ts';
import { SHARED_LABEL } from '../desired/lease.ts';
import type { Context } from './context.ts';

export async function sweepLease(context: Context, observation: Absent): Promise<Outcome> {
  if (observation.podCount > 0 || observation.deploymentCount > 0) return { kind: 'gone' };
  for (const lease of observation.leases) {
    const { uid, resourceVersion } = lease.metadata;
    if (uid === undefined || resourceVersion === undefined) continue;
    try {
      const shared = lease.metadata.labels?.[SHARED_LABEL] !== undefined;
      if (shared) await giveBack(context, lease);
      else {
        await context.kube.delete(refOf(lease), { uid, resourceVersion, signal: context.signal });
      }
      context.caches.removed(refOf(lease), observation.key);
      context.log.info(shared ? 'Lease given back' : 'Lease deleted', {
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

/** An apply that names none of our fields removes them, and leaves the record alone. */
async function giveBack({ kube, signal }: Context, lease: KubeObject): Promise<void> {
  const { apiVersion, kind, metadata } = lease;
  const { name, namespace, uid } = metadata;
  const address = { name, ...(namespace && { namespace }), ...(uid && { uid }) };
  await kube.apply({ apiVersion, kind, metadata: address }, { conflicts: 'force', signal });
}
