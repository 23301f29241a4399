/** The pure part of the failover loop: from what was concluded and one snapshot to what is concluded now. */
import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../base/defined.ts';
import { decideFailover } from '../../decide/failover/failover.ts';
import { followLeader } from '../../decide/failover/history.ts';
import type { LeadershipChange } from '../../decide/failover/history-types.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { assistReadyCondition } from '../../decide/status/assist-ready.ts';
import type { FailoverSnapshot } from './snapshot.ts';
import type { Concluded } from './state.ts';

/** What follows from one snapshot. */
export interface Evaluation {
  readonly concluded: Concluded;
  readonly decision: FailoverDecision;
  /** Present when another holder leads. */
  readonly change?: LeadershipChange;
  /** Whether the status has to be written anew. */
  readonly isNews: boolean;
}

/**
 * `missingRight`: what the API server has refused us in that namespace, such as `update leases`; undefined:
 * nothing.
 */
export function evaluate(
  before: Concluded,
  { facts, ha }: FailoverSnapshot,
  { nowMs, missingRight }: { readonly nowMs: number; readonly missingRight: string | undefined },
): Evaluation {
  const lacking = defined({ missingRight });
  const { memory, decision } = decideFailover(before.memory, facts, nowMs);
  const { history, change } = followLeader(before.history, {
    facts,
    memory,
    decision,
    nowMs,
    ...lacking,
    wantedReplicas: ha.replicas,
    renewDeadlineMs: ha.election.renewDeadlineMs,
  });
  const condition = assistReadyCondition({ memory, facts, nowMs, ...lacking });
  const assist = condition ?? before.assist;
  return {
    concluded: { memory, history, assist, inTransition: condition === undefined },
    decision,
    ...defined({ change }),
    isNews: change !== undefined || !isDeepStrictEqual(assist, before.assist),
  };
}
