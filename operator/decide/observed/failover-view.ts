/** What failover knows that only memory holds, as the status tells it. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { ConditionState } from './condition-state.ts';

export interface FailoverView {
  /** What FailoverAssistReady says; missing: not decided yet, so what was said before still holds. */
  readonly assist?: ConditionState;
  /** Changes of leader that this process has seen, newest first. */
  readonly failovers: readonly FailoverRecord[];
  /** Leaders lose their Lease again and again while they run. */
  readonly flapping: boolean;
}

export const NOTHING_SEEN: FailoverView = { failovers: [], flapping: false };

/** As many as the schema allows. */
const KEPT_FAILOVERS = 10;

/** The history with what was seen since, newest first; what an earlier operator wrote stays. */
export function mergeFailovers(
  told: readonly FailoverRecord[],
  seen: readonly FailoverRecord[],
): readonly FailoverRecord[] {
  const news = seen.filter((record) => !told.some((other) => isSame(record, other)));
  return [...news, ...told]
    .toSorted((a, b) => (a.time > b.time ? -1 : a.time < b.time ? 1 : 0))
    .slice(0, KEPT_FAILOVERS);
}

/** Each process has an identity of its own, so the same hand-over does not come twice. */
function isSame(a: FailoverRecord, b: FailoverRecord): boolean {
  return a.fromIdentity === b.fromIdentity && a.toIdentity === b.toIdentity;
}
