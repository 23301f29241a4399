/**
 * What a plan does with the Lease, which is no child like the others: it has no owner, and its record
 * belongs to the processes that elect by it, which need not all be of this resource.
 */
import type { Ha } from '../../api/ha.ts';
import { defined } from '../../base/defined.ts';
import { type KubeObject, refOf } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { asShared } from '../../desired/lease.ts';
import { allPods, type Present } from '../observed/observation.ts';
import { isWholeIdentity } from '../observed/shown-identity.ts';
import { endOfLease, givenBack, isMarkedShared } from './lease-end.ts';
import type { Step } from './step.ts';

/** The step for a missing Lease: it is created with its last record where a leader may live. */
export function createLease(ha: Ha, observation: Present, desired: KubeObject): Step {
  const { last } = observation.memory.missingLease ?? {};
  const { uid, shared } = last ?? {};
  const missing = {
    kind: 'create',
    object: shared ? asShared(desired) : desired,
    reason: 'missing',
    ...defined({
      formerUid: uid,
      share: ha.election.existingLease === 'Share' ? true : undefined,
    }),
  } as const;
  // Without a pod of ours no process leads by a Lease that is ours alone. By a shared one others may.
  const nobodyElects = allPods(observation).every((pod) => pod.electionMode === 'Disabled');
  const othersMay = last !== undefined && (shared === true || 'share' in missing);
  if (nobodyElects && !othersMay) return missing;

  const found = lastRecord(ha, observation);
  switch (found.kind) {
    case 'held':
      return { ...missing, record: found.spec, reason: 'deleted under a living leader' };
    case 'unheld':
      return missing;
    case 'unknown':
      return { kind: 'await', ref: refOf(desired), what: 'any leader that lost it to stop' };
  }
}

type LastRecord =
  | { readonly kind: 'held'; readonly spec: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unheld' }
  | { readonly kind: 'unknown' };

/**
 * The last record of a missing Lease, from the watch or else from the status. An empty Lease can be taken
 * at once: while a leader may live that is not known, it is not created until that leader has stopped.
 */
function lastRecord(ha: Ha, { memory, status, nowMs }: Present): LastRecord {
  const seen = memory.missingLease?.last?.spec;
  if (seen !== undefined) {
    return seen.holderIdentity ? { kind: 'held', spec: seen } : { kind: 'unheld' };
  }
  const { leader, election } = status;
  if (
    leader?.acquireTime !== undefined &&
    election?.leaseDurationSeconds !== undefined &&
    isWholeIdentity(leader.identity)
  ) {
    const spec = {
      holderIdentity: leader.identity,
      leaseDurationSeconds: election.leaseDurationSeconds,
      acquireTime: leader.acquireTime,
      renewTime: leader.acquireTime,
      leaseTransitions: leader.transitions,
    };
    return { kind: 'held', spec };
  }
  const { renewDeadlineMs, retryPeriodMs } = ha.election;
  const stoppedByMs = (memory.missingLease?.sinceMs ?? nowMs) + renewDeadlineMs + retryPeriodMs;
  return nowMs >= stoppedByMs ? { kind: 'unheld' } : { kind: 'unknown' };
}

/**
 * `desired`, with the mark of a shared Lease if this one is shared: an apply without the mark would remove
 * it.
 */
export function keepingMark(
  desired: KubeObject,
  live: KubeObject,
  observation: Present,
): KubeObject {
  if (desired.kind !== LeaseKind.kind) return desired;
  return isKnownShared(live, observation) ? asShared(desired) : desired;
}

function isKnownShared(lease: KubeObject, { memory }: Present): boolean {
  const { uid } = lease.metadata;
  return isMarkedShared(lease) || (uid !== undefined && (memory.sharedLeases ?? []).includes(uid));
}

/** The step for a Lease that the resource does not want any more. */
export function endLease({ election }: Ha, observation: Present, lease: KubeObject): Step {
  const { uid = '', resourceVersion } = lease.metadata;
  const shared = election.existingLease === 'Share' || isKnownShared(lease, observation);
  const end = endOfLease(lease, observation.key, shared);
  if (end === 'give-back') {
    return { kind: 'give-back', object: givenBack(lease), reason: 'others may use it' };
  }
  const reason = 'no longer wanted';
  return { kind: 'delete', ref: refOf(lease), uid, ...defined({ resourceVersion }), reason };
}
