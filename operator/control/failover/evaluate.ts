/** One step of the failover loop without its effects: from what was concluded and one snapshot to what is concluded now. */
import { isDeepStrictEqual } from 'node:util';
import { decideFailover } from '../../decide/failover/failover.ts';
import { followLeader } from '../../decide/failover/history.ts';
import type { LeadershipChange } from '../../decide/failover/history-types.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { assistReadyCondition } from '../../decide/status/assist-ready.ts';
import type { FailoverSnapshot } from './snapshot.ts';
import type { Concluded } from './state.ts';

export interface Step {
  readonly concluded: Concluded;
  readonly decision: FailoverDecision;
  /** Another one leads. */
  readonly change?: LeadershipChange;
  /** The status has to say something else. */
  readonly isNews: boolean;
}

/** `missingRight`: what the API server has refused us in that namespace, such as `update leases`. */
export function evaluate(
  before: Concluded,
  { facts, ha }: FailoverSnapshot,
  { nowMs, missingRight }: { readonly nowMs: number; readonly missingRight: string | undefined },
): Step {
  const lacking = missingRight === undefined ? {} : { missingRight };
  const { memory, decision } = decideFailover(before.memory, facts, nowMs);
  const { history, change } = followLeader(before.history, {
    ...{ facts, memory, decision, nowMs, ...lacking },
    wantedReplicas: ha.replicas,
    renewDeadlineMs: ha.election.renewDeadlineMs,
  });
  const verdict = assistReadyCondition({ memory, facts, nowMs, ...lacking });
  const assist = verdict ?? before.assist;
  return {
    concluded: { memory, history, assist, inTransition: verdict === undefined },
    decision,
    ...(change !== undefined && { change }),
    isNews: change !== undefined || !isDeepStrictEqual(assist, before.assist),
  };
}
