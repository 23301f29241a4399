/**
 * What a plan does with the Lease, which is no child like the others: it has no owner, its record belongs
 * to whoever elects by it, and perhaps others do.
 */
import type { Ha } from '../../api/ha.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { refOf } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { asShared } from '../../desired/lease.ts';
import { allPods, type Present } from '../observed/observation.ts';
import { isWholeIdentity } from '../observed/shown-identity.ts';
import { endOfLease, givenBack, isMarkedShared } from './lease-end.ts';
import type { Step } from './step.ts';

/** A missing Lease, with the record that it had where a leader may live. */
export function createLease(ha: Ha, observation: Present, desired: KubeObject): Step {
  const { last } = observation.memory.missingLease ?? {};
  const { uid, shared } = last ?? {};
  const missing = {
    kind: 'create',
    object: shared ? asShared(desired) : desired,
    reason: 'missing',
    ...(uid !== undefined && { formerUid: uid }),
    ...(ha.election.existingLease === 'Share' && { share: true }),
  } as const;
  // Without a pod of ours nobody leads by a Lease that is ours alone. By a shared one others may.
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
 * What a missing Lease said, from the watch or else from the status. An empty Lease is a free for
 * all: while a leader may live that nobody knows of, it has to wait until that leader has stopped.
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

/** What others use stays marked, whatever the resource says now: an apply without the mark removes it. */
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

/** A Lease that the resource does not want any more. */
export function endLease({ election }: Ha, observation: Present, lease: KubeObject): Step {
  const { uid = '', resourceVersion } = lease.metadata;
  const shared = election.existingLease === 'Share' || isKnownShared(lease, observation);
  const end = endOfLease(lease, observation.key, shared);
  if (end === 'give-back') {
    return { kind: 'give-back', object: givenBack(lease), reason: 'others may use it' };
  }
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  return { kind: 'delete', ref: refOf(lease), uid, ...version, reason: 'no longer wanted' };
}
