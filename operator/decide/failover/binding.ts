/**
 * The binding of a holder to the container in which its process runs: only the end of that very container
 * proves that the holder is dead.
 */
import { defined } from '../../base/defined.ts';
import { podNamedBy } from '../observed/holder.ts';
import type { Pod } from '../observed/pod.ts';
import { hasLostRun } from './death-evidence.ts';
import type { Binding, FailoverFacts, FailoverMemory, GuardedLease } from './types.ts';

/**
 * A runtime notes the start of a container when its process runs already, and so perhaps after the
 * process has taken the Lease: measured on a busy machine, by less than a second.
 */
export const START_NOTED_LATE_S = 1;

/** The memory without a bound holder, and without what was reported about it. */
export function forgetBinding({
  binding: _,
  death: __,
  contradicted: ___,
  ...rest
}: FailoverMemory): FailoverMemory {
  return rest;
}

/**
 * Binds a holder that has just renewed, and so lives, to the container that runs in its pod. Not at an
 * acquisition: a run that its kubelet has not reported yet may have made it. An identity never moves to
 * another pod; within the pod its process may turn out to be a later run.
 */
export function bind(
  memory: FailoverMemory,
  lease: GuardedLease,
  facts: FailoverFacts,
): FailoverMemory {
  const pod = podNamedBy(lease.holder, facts.pods);
  if (pod === undefined || pod.nodeName === undefined || hasLostRun(pod)) return memory;
  if (memory.binding !== undefined && memory.binding.podUid !== pod.uid) return memory;
  if (pod.current?.kind !== 'running' || lease.acquiredAtS === undefined) return memory;
  const { containerId } = pod.current;
  if (containerId === memory.binding?.containerId) return memory;
  if (!tookLease(pod, lease.acquiredAtS, memory.before)) return memory;
  const binding: Binding = {
    identity: lease.holder,
    podName: pod.name,
    podUid: pod.uid,
    containerId,
    nodeName: pod.nodeName,
    acquiredAtS: lease.acquiredAtS,
    ...defined({ unsupported: pod.unsupported, version: pod.version }),
  };
  return { ...forgetBinding(memory), binding };
}

/**
 * Whether the present run, and no run before it, took the Lease at `acquiredAtS`: it started before, by the
 * same node's clock. Within `START_NOTED_LATE_S` of its start that is only certain if the run before had
 * ended earlier, or was that of the holder `before`. Times in whole seconds.
 */
export function tookLease(
  { current, previous }: Pod,
  acquiredAtS: number,
  before?: Binding,
): boolean {
  if (current?.kind !== 'running') return false;
  if (current.startedAtS < acquiredAtS) return true;
  if (current.startedAtS > acquiredAtS + START_NOTED_LATE_S) return false;
  if (previous === undefined) return true;
  if (previous.kind !== 'ended' || previous.exit.finishedAtS === undefined) return false;
  return previous.exit.finishedAtS < acquiredAtS || previous.containerId === before?.containerId;
}
