/** What the failover loop remembers and the status reports. */

import type { FailoverRecord } from '../../api/types.generated.ts';
import type { ConditionState } from '../../base/condition-state.ts';

/** Of one resource. */
export interface FailoverView {
  /** The condition FailoverAssistReady; missing: not decided yet, so what was reported before still holds. */
  readonly assist?: ConditionState;
  /** Changes of leader that this process has observed, newest first. */
  readonly failovers: readonly FailoverRecord[];
  /** Leaders lost their Lease more than 3 times within 10 minutes while they ran. */
  readonly flapping: boolean;
}

/** Of a resource that the failover loop has not observed. */
export const NOTHING_SEEN: FailoverView = { failovers: [], flapping: false };

/** As many as the schema of `status.failovers` allows. */
const KEPT_FAILOVERS = 10;

/**
 * What is reported already with what was observed since, newest first, at most 10; what an earlier operator
 * wrote stays.
 */
export function mergeFailovers(
  reported: readonly FailoverRecord[],
  observed: readonly FailoverRecord[],
): readonly FailoverRecord[] {
  const added = observed.filter((record) => !reported.some((other) => isSame(record, other)));
  return [...added, ...reported]
    .toSorted((a, b) => (a.time > b.time ? -1 : a.time < b.time ? 1 : 0))
    .slice(0, KEPT_FAILOVERS);
}

/** Each process has an identity of its own, so the same two follow each other once only. */
function isSame(a: FailoverRecord, b: FailoverRecord): boolean {
  return a.fromIdentity === b.fromIdentity && a.toIdentity === b.toIdentity;
}
