/** Why a leader ended, read from its pod while the pod is still there. */

import type { Pod } from '../observed/pod.ts';
import type { Cause, HistoryInput, Tenure } from './history-types.ts';

/** Why the process of this holder ends or has ended; undefined: it has not, as far as its pod shows. */
export function causeOfEnd(tenure: Tenure, input: HistoryInput): Cause | undefined {
  const { facts, memory } = input;
  const pod = facts.pods.find(({ uid }) => uid === tenure.podUid);
  if (pod === undefined) return undefined;
  const isDead = memory.binding?.identity === tenure.identity && memory.death !== undefined;
  if (!pod.deleting && !isDead) return undefined;
  const announced = (['Drill', 'Switchover'] as const).find((it) => it === pod.announcedCause);
  if (announced !== undefined) return announced;
  return pod.deleting && memory.death?.path !== 'crashed'
    ? causeOfDeletion(pod, input)
    : causeOfCrash(tenure, input);
}

/** Who deleted a pod. The reasons are those of the condition DisruptionTarget, which Kubernetes sets itself. */
function causeOfDeletion(pod: Pod, { facts, wantedReplicas }: HistoryInput): Cause {
  if (pod.disruption === 'DeletionByTaintManager') return 'NodeLost';
  if (pod.disruption !== undefined) return 'Evicted';
  const others = facts.pods.filter(({ uid, deleting }) => uid !== pod.uid && !deleting);
  if (others.some(({ templateHash }) => templateHash !== pod.templateHash)) return 'Rollout';
  return others.length >= wantedReplicas ? 'ScaleDown' : 'PodDeleted';
}

/** From this exit code on a signal ended the process (128 + its number), and it did not give up by itself. */
const KILLED = 128;

/** A leader that cannot renew gives up after one renew deadline, and its process ends. */
function causeOfCrash(tenure: Tenure, { facts, memory, renewDeadlineMs }: HistoryInput): Cause {
  const { death } = memory;
  if (death === undefined) return 'Unknown';
  if (death.reason === 'OOMKilled') return 'OOMKilled';
  const silentMs = death.seenAtMs - (tenure.lastRenewalAtMs ?? death.seenAtMs);
  const gaveUp = silentMs >= renewDeadlineMs - facts.policy.retryPeriodMs;
  return gaveUp && death.exitCode < KILLED ? 'LeaseLost' : 'Crash';
}

/** Another holder leads, and no cause was observed before: the old process may still run. */
export function causeAtHandover(tenure: Tenure, { facts }: HistoryInput): Cause {
  const pod = facts.pods.find(({ uid }) => uid === tenure.podUid);
  if (pod === undefined) return tenure.podUid === undefined ? 'Unknown' : 'PodDeleted';
  if (tenure.decision.kind !== 'hold') return 'Unknown';
  return pod.ready ? 'LeaseLost' : 'NodeLost';
}
