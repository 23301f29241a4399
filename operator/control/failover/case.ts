/** What the failover loop holds about one resource, and how long its pauses are. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import { backoffMs, type Cancel } from '../../base/time.ts';
import { noHistory } from '../../decide/failover/history.ts';
import { noFailoverMemory } from '../../decide/failover/memory.ts';
import type {
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
  GuardedLease,
  HistoryMemory,
  RefuseReason,
} from '../../decide/failover/types.ts';
import type { Verdict } from '../../decide/observed/verdict.ts';

/** Changed by the loop alone, between two awaits. */
export interface FailoverCase {
  readonly key: ObjectKey;
  memory: FailoverMemory;
  history: HistoryMemory;
  assist: Verdict | undefined;
  /** `assist` still says what held before: it is not decided yet. */
  inTransition: boolean;
  failovers: readonly FailoverRecord[];
  /** The refusal that was told last. */
  refusal: string;
  /** Ends the one timer there is. */
  cancel: Cancel;
  /** Requests in hand. */
  attempt: Promise<void> | undefined;
  /** To be considered again when they are done. */
  again: boolean;
  /** Attempts in a row that did not get through. */
  failures: number;
  /** The next poll, or the last one, and the record it is for. */
  poll: { readonly record: string; readonly pauseMs: number; readonly dueAtMs: number };
}

export function newCase(key: ObjectKey): FailoverCase {
  return {
    key,
    memory: noFailoverMemory,
    history: noHistory,
    assist: undefined,
    inTransition: false,
    failovers: [],
    refusal: '',
    cancel: () => {},
    attempt: undefined,
    again: false,
    failures: 0,
    poll: { record: '', pauseMs: 0, dueAtMs: 0 },
  };
}

/** A pod that is still there may tell more. */
const UNPROVEN: ReadonlySet<RefuseReason> = new Set(['death-unproven', 'death-contradicted']);
/** A living leader renews every retry period; after two of them something is silent. */
const POLL_PERIODS = 2;
/** The longest pause between two polls of a Lease that stays silent. */
const LONGEST_POLL_MS = 60_000;

/** Pause after the `failures`-th attempt in a row that failed. */
export function retryMs(failures: number): number {
  return backoffMs({ baseMs: 250, capMs: 5_000, jitter: 0 }, failures, () => 0);
}

/**
 * When the Lease is to be looked at live although nothing was told; undefined: that would teach
 * nothing. The pause doubles while the Lease stays as it is. Notes in the case what it has planned.
 */
export function nextPollMs(
  mine: FailoverCase,
  { lease, policy, pods }: FailoverFacts,
  decision: FailoverDecision,
  nowMs: number,
): number | undefined {
  if (lease === undefined || lease.holder === '' || policy.mode === 'Disabled') return undefined;
  const mayLearn =
    decision.kind === 'hold' ||
    (decision.kind === 'refuse' &&
      (decision.because === 'node-not-ready' ||
        (UNPROVEN.has(decision.because) &&
          pods.some(({ uid }) => uid === mine.memory.binding?.podUid))));
  if (!mayLearn) return undefined;
  mine.poll = nextPoll(mine.poll, lease, { firstMs: POLL_PERIODS * policy.retryPeriodMs, nowMs });
  return Math.max(mine.poll.dueAtMs - nowMs, 0);
}

function nextPoll(
  poll: FailoverCase['poll'],
  { record, changedAtMs }: GuardedLease,
  { firstMs, nowMs }: { readonly firstMs: number; readonly nowMs: number },
): FailoverCase['poll'] {
  if (poll.record !== record) return { record, pauseMs: firstMs, dueAtMs: changedAtMs + firstMs };
  if (nowMs < poll.dueAtMs) return poll;
  const pauseMs = Math.min(2 * poll.pauseMs, LONGEST_POLL_MS);
  return { record, pauseMs, dueAtMs: nowMs + pauseMs };
}
