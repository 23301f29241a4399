/** From the caches to what failover asks: read at every renewal of every Lease, so parsed only once. */
import type { Ha } from '../../api/ha.ts';
import { parseResource } from '../../api/parse.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { guardedLease } from '../../decide/failover/guarded-lease.ts';
import type { FailoverFacts, FailoverPolicy } from '../../decide/failover/types.ts';
import { type CandidatePod, candidatePod } from '../../decide/observed/candidate-pod.ts';
import { isOfOurDeployment } from '../../decide/observed/holder.ts';
import { failoverIsSafe } from '../../desired/catalogue.ts';
import type { Caches } from '../cache/caches.ts';

/** What the caches hold about one resource at one instant, and the objects that it was read from. */
export interface FailoverSnapshot {
  readonly ha: Ha;
  readonly resource: KubeObject;
  readonly facts: FailoverFacts;
  /** As cached: what a write is made from. */
  readonly lease?: KubeObject;
}

/** Undefined: nothing is decided about a resource that is gone, going, invalid, or without election. */
export type TakeSnapshot = (
  key: ObjectKey,
  node?: FailoverFacts['node'],
) => FailoverSnapshot | undefined;

/** Objects never change, a new state is a new object: so each is read once. */
export function snapshotsOf(caches: Caches): TakeSnapshot {
  const parsed = new WeakMap<KubeObject, Ha | 'none'>();
  const candidates = new WeakMap<KubeObject, CandidatePod>();

  return (key, node = 'unasked') => {
    const resource = caches.resource(key);
    if (resource === undefined || resource.metadata.deletionTimestamp !== undefined)
      return undefined;
    const ha = memoized(parsed, resource, electingHa);
    if (ha === 'none') return undefined;
    const lease = caches
      .children(key)
      .find(
        ({ kind, metadata }) => kind === LeaseKind.kind && metadata.name === ha.election.leaseName,
      );
    const pods = caches
      .pods(key)
      .filter((pod) => isOfOurDeployment(pod, ha))
      .map((pod) => memoized(candidates, pod, candidatePod));
    return {
      ha,
      resource,
      facts: {
        policy: policyOf(ha),
        pods,
        node,
        ...(lease !== undefined && {
          lease: guardedLease(lease, ha, caches.leaseChangedAtMs(lease)),
        }),
      },
      ...(lease !== undefined && { lease }),
    };
  };
}

function electingHa(resource: KubeObject): Ha | 'none' {
  const result = parseResource(resource);
  return result.kind === 'valid' && result.ha.election.mode === 'Lease' ? result.ha : 'none';
}

/** What the settings say about failover. */
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

function memoized<V extends object | string>(
  known: WeakMap<KubeObject, V>,
  object: KubeObject,
  read: (object: KubeObject) => V,
): V {
  const before = known.get(object);
  if (before !== undefined) return before;
  const value = read(object);
  known.set(object, value);
  return value;
}
