/** One pass of the pure part over what the loop holds: what is decided, remembered and said of a resource. */
import { isDeepStrictEqual } from 'node:util';
import { decideFailover } from '../../decide/failover/failover.ts';
import { followLeader } from '../../decide/failover/history.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { assistVerdict } from '../../decide/status/assist-ready.ts';
import type { FailoverCase } from './case.ts';
import type { FailoverLook } from './facts.ts';

export interface Step {
  readonly decision: FailoverDecision;
  /** Another one leads. */
  readonly change: ReturnType<typeof followLeader>['change'];
  /** The status has to say something else. */
  readonly isNews: boolean;
}

/** `missingRight`: what the API server has refused us there. Changes the case, and nothing else. */
export function takeStep(
  mine: FailoverCase,
  { facts, ha }: FailoverLook,
  { nowMs, missingRight }: { readonly nowMs: number; readonly missingRight: string | undefined },
): Step {
  const lacking = missingRight === undefined ? {} : { missingRight };
  const { memory, decision } = decideFailover(mine.memory, facts, nowMs);
  const { history, change } = followLeader(mine.history, {
    ...{ facts, memory, decision, nowMs, ...lacking },
    wantedReplicas: ha.replicas,
    renewDeadlineMs: ha.election.renewDeadlineMs,
  });
  const verdict = assistVerdict({ memory, facts, nowMs, ...lacking });
  const assist = verdict ?? mine.assist;
  const isNews = change !== undefined || !isDeepStrictEqual(assist, mine.assist);
  Object.assign(mine, { memory, history, assist, inTransition: verdict === undefined });
  return { decision, change, isNews };
}
