/**
 * From the caches to what failover decides on: taken at every renewal of every Lease, so each object is
 * parsed only once.
 */
import type { Ha } from '../../api/ha.ts';
import { defined } from '../../base/defined.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { guardedLease } from '../../decide/failover/guarded-lease.ts';
import type { FailoverFacts, FailoverPolicy } from '../../decide/failover/types.ts';
import { isOfOurDeployment } from '../../decide/observed/holder.ts';
import { readPod } from '../../decide/observed/pod.ts';
import { failoverIsSafe } from '../../desired/catalogue.ts';
import type { Caches } from '../cache/caches.ts';
import { parseOnce } from '../cache/parse-once.ts';

/** What the caches hold about one resource at one instant, and the objects that it was read from. */
export interface FailoverSnapshot {
  readonly ha: Ha;
  readonly resource: KubeObject;
  readonly facts: FailoverFacts;
  /** As cached: what a write is made from. */
  readonly lease?: KubeObject;
}

/** Undefined: nothing is decided about a resource that is gone, being deleted, invalid, or without election. */
export type TakeSnapshot = (
  key: ObjectKey,
  node?: FailoverFacts['node'],
) => FailoverSnapshot | undefined;

/** Snapshots of these caches. */
export function snapshotsOf(caches: Caches): TakeSnapshot {
  return (key, node = 'unasked') => {
    const resource = caches.resource(key);
    if (resource === undefined || resource.metadata.deletionTimestamp !== undefined)
      return undefined;
    const ha = electingHa(resource);
    if (ha === undefined) return undefined;
    const lease = caches
      .children(key)
      .find(
        ({ kind, metadata }) => kind === LeaseKind.kind && metadata.name === ha.election.leaseName,
      );
    const pods = caches
      .pods(key)
      .filter((pod) => isOfOurDeployment(pod, ha))
      .map(readPod);
    return {
      ha,
      resource,
      facts: {
        policy: policyOf(ha),
        pods,
        node,
        ...defined({
          lease: lease && guardedLease(lease, ha, caches.leaseChangedAtMs(lease)),
        }),
      },
      ...defined({ lease }),
    };
  };
}

function electingHa(resource: KubeObject): Ha | undefined {
  const result = parseOnce(resource);
  return result.kind === 'valid' && result.ha.election.mode === 'Lease' ? result.ha : undefined;
}

/** The settings of the resource that failover follows. */
export function policyOf(ha: Ha): FailoverPolicy {
  const { version, ...controller } = ha.controller;
  return {
    mode: ha.failover.mode,
    retryPeriodMs: ha.election.retryPeriodMs,
    clearDelayMs: ha.failover.clearDelayMs,
    isCrashSafe: (running = version) =>
      failoverIsSafe({ ...ha, controller: { ...controller, version: running } }),
  };
}
