/** How long the failover loop waits before it tries, or reads, again. */
import { backoffMs } from '../../base/time.ts';
import type {
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
  RefuseReason,
} from '../../decide/failover/types.ts';

/** The next poll of a Lease, or the last one. */
export interface Poll {
  /** The record for which it is. */
  readonly record: string;
  readonly pauseMs: number;
  /** On the monotonic clock. */
  readonly dueAtMs: number;
}

/** Of a Lease that was never polled. */
export const NO_POLL: Poll = { record: '', pauseMs: 0, dueAtMs: 0 };

/** While their pod exists, its kubelet may report more. */
const UNPROVEN: ReadonlySet<RefuseReason> = new Set(['death-unproven', 'death-contradicted']);
/** A Lease is polled after this many retry periods without a change: a living leader renews in each. */
const POLL_PERIODS = 2;
/** In a transition, the pause until the next decision, in retry periods. */
const TRANSITION_PERIODS = 3;
/** The longest pause between two polls of a Lease that does not change, in ms. */
const LONGEST_POLL_MS = 60_000;

/** Pause in ms after the `failures`-th attempt in a row that failed: 250 ms, doubled up to 5 s. */
export function retryMs(failures: number): number {
  return backoffMs({ baseMs: 250, capMs: 5_000, jitter: 0 }, failures, () => 0);
}

/** When the loop comes back. */
export interface Pause {
  readonly inMs: number;
  /** Then the Lease is read live; missing: only decided anew. */
  readonly poll?: Poll;
}

/** What a pause is computed from. */
export interface Paused {
  readonly facts: FailoverFacts;
  readonly memory: FailoverMemory;
  readonly poll: Poll;
  readonly inTransition: boolean;
}

/** When to come back after a decision that asks for no attempt now, without an event; undefined: never. */
export function pauseAfter(
  decision: FailoverDecision,
  paused: Paused,
  nowMs: number,
): Pause | undefined {
  if (decision.kind === 'wait') return { inMs: decision.untilMs - nowMs };
  const poll = nextPoll(decision, paused, nowMs);
  if (poll !== undefined) return { inMs: Math.max(poll.dueAtMs - nowMs, 0), poll };
  const { inTransition, facts } = paused;
  return inTransition ? { inMs: TRANSITION_PERIODS * facts.policy.retryPeriodMs } : undefined;
}

/**
 * When a Lease is to be read live although no watch reported a change; undefined: that would show nothing
 * new. The pause doubles while the record stays as it is.
 */
function nextPoll(
  decision: FailoverDecision,
  { facts, memory, poll }: Paused,
  nowMs: number,
): Poll | undefined {
  const { lease, policy } = facts;
  if (lease === undefined || lease.holder === '' || policy.mode === 'Disabled') return undefined;
  if (!couldChange(decision, facts, memory.binding?.podUid)) return undefined;
  const { record, changedAtMs } = lease;
  const firstMs = POLL_PERIODS * policy.retryPeriodMs;
  if (poll.record !== record) return { record, pauseMs: firstMs, dueAtMs: changedAtMs + firstMs };
  if (nowMs < poll.dueAtMs) return poll;
  const pauseMs = Math.min(2 * poll.pauseMs, LONGEST_POLL_MS);
  return { record, pauseMs, dueAtMs: nowMs + pauseMs };
}

/** Whether another state of Pod, Lease or Node would change the decision. */
function couldChange(
  decision: FailoverDecision,
  { pods }: FailoverFacts,
  podUid: string | undefined,
): boolean {
  if (decision.kind !== 'refuse') return decision.kind === 'hold';
  if (decision.because === 'node-not-ready') return true;
  return UNPROVEN.has(decision.because) && pods.some(({ uid }) => uid === podUid);
}
