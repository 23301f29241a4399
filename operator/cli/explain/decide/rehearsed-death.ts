/**
 * What failover would decide if the leader ended now: its end is given to the function that decides in the operator. One
 * thing is assumed, which only the operator's memory knows: that it has seen the holder alive in its container.
 */
import { defined } from '../../../base/defined.ts';
import { QUIET_PERIODS } from '../../../decide/election/failover-times.ts';
import { decideFailover } from '../../../decide/failover/failover.ts';
import type {
  DeathEvidence,
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
} from '../../../decide/failover/types.ts';
import type { ContainerRun } from '../../../decide/observed/container-run.ts';
import { podNamedBy } from '../../../decide/observed/holder.ts';
import type { Pod } from '../../../decide/observed/pod.ts';

/** Which end is rehearsed. */
interface RehearsedDeath {
  readonly path: DeathEvidence['path'];
  /** The operator has written that it leaves Leases of crashed leaders to expire. */
  readonly suspended: boolean;
}

/** The decision after the kubelet's report and every wait. Undefined: no container of the holder runs that could end. */
export function rehearseDeath(
  facts: FailoverFacts,
  { path, suspended }: RehearsedDeath,
): FailoverDecision | undefined {
  const { lease, policy } = facts;
  const pod = lease === undefined ? undefined : podNamedBy(lease.holder, facts.pods);
  if (lease?.acquiredAtS === undefined || pod?.current?.kind !== 'running') return undefined;

  const before = memoryOf({
    lease,
    acquiredAtS: lease.acquiredAtS,
    pod,
    run: pod.current,
    suspended,
  });
  const lastSignAtS = Math.max(lease.acquiredAtS, Math.floor((lease.renewedAtMs ?? 0) / 1000));
  const ended = endedPod(pod, pod.current, { path, atS: lastSignAtS });
  const pods = facts.pods.map((other) => (other === pod ? ended : other));
  const after = { ...facts, pods, lease: { ...lease, changedAtMs: 0 } };
  const reportedAtMs = 1;
  const { memory } = decideFailover(before, after, reportedAtMs);
  const waitMs = QUIET_PERIODS * policy.retryPeriodMs + policy.clearDelayMs;
  return decideFailover(memory, after, reportedAtMs + waitMs).decision;
}

/** As if it had been seen alive in the container that runs. */
function memoryOf(seen: {
  readonly lease: NonNullable<FailoverFacts['lease']>;
  readonly acquiredAtS: number;
  readonly pod: Pod;
  readonly run: Running;
  readonly suspended: boolean;
}): FailoverMemory {
  const { lease, acquiredAtS, pod, run, suspended } = seen;
  return {
    holder: {
      identity: lease.holder,
      sinceMs: 0,
      record: lease.record,
      version: lease.resourceVersion,
    },
    binding: defined({
      identity: lease.holder,
      podName: pod.name,
      podUid: pod.uid,
      containerId: run.containerId,
      nodeName: pod.nodeName ?? '',
      acquiredAtS,
      unsupported: pod.unsupported,
      version: pod.version,
    }),
    clears: [],
    suspended,
  };
}

type Running = Extract<ContainerRun, { kind: 'running' }>;

/** Killed, as its kubelet reports it: later than it took the Lease and last renewed it. */
function endedPod(
  pod: Pod,
  { containerId, startedAtS }: Running,
  { path, atS }: { readonly path: DeathEvidence['path']; readonly atS: number },
): Pod {
  const exit = { code: 137, reason: 'Error', finishedAtS: Math.max(atS, startedAtS) + 1 };
  return { ...pod, deleting: path === 'stopped', current: { kind: 'ended', containerId, exit } };
}
