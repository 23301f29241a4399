/**
 * Whether the Lease of a controller may be freed now: a total function of what was observed.
 *
 *   the holder runs, or there is no holder ──────► hold
 *   its kubelet reports the exit ──┬─ stopping ──► clear, at once
 *                                  └─ crashed ───► wait, until the Lease has been quiet ──► clear
 *   exit only inferred, doubt, a limit ──────────► refuse: the Lease expires as it would without us
 *   the holder renews in spite of the report ────► refuse, until its kubelet reports another end
 *
 * Two independent proofs are needed: the very container that took the Lease has ended, as its kubelet
 * observed; and, unless the kubelet was stopping the pod, the Lease has not changed since, by *our* clock.
 * A `clear` permits one write with the resourceVersion that was decided on. It never picks the next leader.
 */

import { QUIET_PERIODS } from '../election/failover-times.ts';
import { podNamedBy } from '../observed/holder.ts';
import type { Pod } from '../observed/pod.ts';
import { START_NOTED_LATE_S, tookLease } from './binding.ts';
import { rememberFailover } from './memory.ts';
import type {
  Binding,
  DeathEvidence,
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
  FailoverPolicy,
  GuardedLease,
  RefuseReason,
} from './types.ts';

/** What follows from one snapshot. */
export interface FailoverResult {
  readonly memory: FailoverMemory;
  readonly decision: FailoverDecision;
}

/** The next memory, and what to do. `nowMs`: on our clock, as all instants. */
export function decideFailover(
  memory: FailoverMemory,
  facts: FailoverFacts,
  nowMs: number,
): FailoverResult {
  const next = rememberFailover(memory, facts, nowMs);
  return { memory: next, decision: decide(next, facts, nowMs) };
}

function decide(memory: FailoverMemory, facts: FailoverFacts, nowMs: number): FailoverDecision {
  const { lease, policy } = facts;
  if (lease === undefined || lease.holder === '') return hold;
  if (!lease.ours) return refuse('lease-foreign');
  if (lease.coordinated) return refuse('coordinated-election');

  const { binding, death } = memory;
  if (binding === undefined) return withoutBinding(lease, facts.pods, memory.before);
  const pod = facts.pods.find(({ uid }) => uid === binding.podUid);
  if (death === undefined) {
    if (isRunning(binding, pod)) return hold;
    if (pod?.forced) return refuse('force-deleted');
    return refuse(memory.contradicted ? 'death-contradicted' : 'death-unproven');
  }

  const doubt = doubtOf({ memory, binding, death, facts });
  if (doubt !== undefined) return refuse(doubt);
  const wait = waitFor({ death, lease, policy }, nowMs);
  if (wait !== undefined) return wait;
  if (policy.mode === 'Disabled') return refuse('disabled');
  if (policy.mode === 'Observe') return refuse('observe-only');
  return { kind: 'clear', holder: lease.holder, evidence: death };
}

/** A holder whose pod may run it will be bound at its next renewal; otherwise it died unbound. */
function withoutBinding(
  { holder, acquiredAtS }: GuardedLease,
  pods: readonly Pod[],
  before: Binding | undefined,
): FailoverDecision {
  const pod = podNamedBy(holder, pods);
  if (pod === undefined) return refuse('holder-unknown');
  return mayRun(pod, acquiredAtS, before) ? hold : refuse('holder-unbound');
}

/**
 * Whether the pod may run the holder: yes, unless its kubelet has reported an end after the Lease was
 * taken.
 */
function mayRun(pod: Pod, acquiredAtS: number | undefined, before: Binding | undefined): boolean {
  if (acquiredAtS === undefined || pod.current === undefined) return true;
  if (pod.current.kind === 'running') return tookLease(pod, acquiredAtS, before);
  const ended = pod.current.kind === 'ended' ? pod.current : pod.previous;
  if (ended?.kind !== 'ended' || ended.exit.finishedAtS === undefined) return ended === undefined;
  return ended.exit.finishedAtS < acquiredAtS || ended.containerId === before?.containerId;
}

function isRunning({ containerId }: Binding, pod: Pod | undefined): boolean {
  return pod?.current?.kind === 'running' && pod.current.containerId === containerId;
}

interface Death {
  readonly memory: FailoverMemory;
  readonly binding: Binding;
  readonly death: DeathEvidence;
  readonly facts: FailoverFacts;
}

/** Why a reported death is not acted upon; undefined: it may be. */
function doubtOf({ memory, binding, death, facts }: Death): RefuseReason | undefined {
  const crashed = death.path === 'crashed';
  if (memory.clears.some(({ identity }) => identity === binding.identity)) return 'already-cleared';
  if (memory.departed?.includes(binding.identity)) return 'already-cleared';
  if (binding.unsupported !== undefined) return 'pod-shape';
  if (tookItLater(binding, death)) return 'incarnation-unclear';
  if (crashed && !facts.policy.isCrashSafe(binding.version)) return 'version-unsafe';
  if (crashed && memory.suspended) return 'suspended';
  return facts.node === 'not-ready' ? 'node-not-ready' : undefined;
}

/**
 * Whether the next run in the same pod may be the one that took the Lease: within a second that is not
 * certain.
 */
function tookItLater({ acquiredAtS }: Binding, { successorStartedAtS }: DeathEvidence): boolean {
  if (successorStartedAtS === undefined) return false;
  return acquiredAtS + START_NOTED_LATE_S >= successorStartedAtS;
}

/** Until when to wait; undefined: no longer. */
function waitFor(
  {
    death,
    lease,
    policy,
  }: {
    readonly death: DeathEvidence;
    readonly lease: GuardedLease;
    readonly policy: FailoverPolicy;
  },
  nowMs: number,
): FailoverDecision | undefined {
  // After a renewal that came later than the report, the report alone is not enough.
  const mustBeQuiet = death.path === 'crashed' || lease.changedAtMs > death.seenAtMs;
  const quietAtMs = mustBeQuiet ? lease.changedAtMs + QUIET_PERIODS * policy.retryPeriodMs : nowMs;
  const drainedAtMs = death.seenAtMs + policy.clearDelayMs;
  const untilMs = Math.max(quietAtMs, drainedAtMs);
  if (nowMs >= untilMs) return undefined;
  const because = quietAtMs >= drainedAtMs ? 'lease-not-quiet' : 'work-in-flight';
  return { kind: 'wait', untilMs, because };
}

const hold: FailoverDecision = { kind: 'hold' };

function refuse(because: RefuseReason): FailoverDecision {
  return { kind: 'refuse', because };
}
