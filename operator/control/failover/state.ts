/** What the failover loop holds about one resource. */

import type { FailoverRecord } from '../../api/types.generated.ts';
import type { ConditionState } from '../../base/condition-state.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import type { Cancel } from '../../base/time.ts';
import { noHistory } from '../../decide/failover/history.ts';
import type { HistoryMemory } from '../../decide/failover/history-types.ts';
import { noFailoverMemory } from '../../decide/failover/memory.ts';
import type { FailoverMemory } from '../../decide/failover/types.ts';
import { NO_POLL, type Poll } from './pauses.ts';

/** What was concluded from all snapshots so far: a value, replaced by each evaluation. */
export interface Concluded {
  readonly memory: FailoverMemory;
  readonly history: HistoryMemory;
  /** The condition FailoverAssistReady; undefined: it was never decided. */
  readonly assist: ConditionState | undefined;
  /** `assist` is that of before: it is not decided anew yet. */
  readonly inTransition: boolean;
}

/** Changed by the failover loop alone, between two awaits. */
export interface FailoverState {
  readonly key: ObjectKey;
  concluded: Concluded;
  failovers: readonly FailoverRecord[];
  /** The refusal that was reported last. */
  refusal: string;
  /** Ends the one timer there is. */
  cancel: Cancel;
  /** The requests that are under way. */
  attempt: Promise<void> | undefined;
  /** To be decided again when they are done. */
  again: boolean;
  /** Attempts in a row that did not get through. */
  failures: number;
  poll: Poll;
}

/** Of a resource that was never observed. */
export function newState(key: ObjectKey): FailoverState {
  return {
    key,
    concluded: {
      memory: noFailoverMemory,
      history: noHistory,
      assist: undefined,
      inTransition: false,
    },
    failovers: [],
    refusal: '',
    cancel: () => {},
    attempt: undefined,
    again: false,
    failures: 0,
    poll: NO_POLL,
  };
}
