/** Decides about one resource from a snapshot, keeps what was concluded, and reports what is new. */
import type { ObjectKey } from '../../base/kube-object.ts';
import { type Clock, toTime } from '../../base/time.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { mergeFailovers } from '../../decide/observed/failover-view.ts';
import { evaluate } from './evaluate.ts';
import type { MissingRights } from './missing-rights.ts';
import type { FailoverReport } from './report.ts';
import type { FailoverSnapshot } from './snapshot.ts';
import type { FailoverState } from './state.ts';

/** What a decision is made and reported with. */
export interface DecideOptions {
  readonly clock: Clock;
  readonly missingRights: MissingRights;
  readonly report: FailoverReport;
  /** The status has to be written anew. */
  readonly enqueue: (key: ObjectKey) => void;
  /** Whether this operator leads: only then is anything reported. */
  readonly leads: () => boolean;
}

/** What to do now. Changes `state`; throws only for a bug. */
export function decideAndReport(
  options: DecideOptions,
  state: FailoverState,
  snapshot: FailoverSnapshot,
): FailoverDecision {
  const { clock, missingRights, report, enqueue, leads } = options;
  const missingRight = missingRights.in(state.key.namespace);
  const result = evaluate(state.concluded, snapshot, { nowMs: clock.nowMs(), missingRight });
  state.concluded = result.concluded;
  if (result.change !== undefined) {
    const record = { time: toTime(clock.wallClock()), ...result.change };
    state.failovers = mergeFailovers(state.failovers, [record]);
    if (leads()) report.leaderChanged(snapshot, record);
  }
  if (leads()) reportRefusal(report, state, { snapshot, decision: result.decision });
  if (result.isNews) enqueue(state.key);
  return result.decision;
}

/** Once for each holder and reason. */
function reportRefusal(
  report: FailoverReport,
  state: FailoverState,
  {
    snapshot,
    decision,
  }: { readonly snapshot: FailoverSnapshot; readonly decision: FailoverDecision },
): void {
  const holder = snapshot.facts.lease?.holder ?? '';
  const refusal = decision.kind === 'refuse' ? `${holder} ${decision.because}` : '';
  if (refusal === state.refusal) return;
  state.refusal = refusal;
  if (decision.kind === 'refuse') report.refused(snapshot, holder, decision.because);
}
