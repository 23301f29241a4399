/** Why a leader ended, read off its pod while it can still be seen. */

import type { Pod } from '../observed/pod.ts';
import type { Cause, HistoryInput, Tenure } from './types.ts';

/** Undefined: nothing ends it yet. */
export function causeOfEnd(tenure: Tenure, look: HistoryInput): Cause | undefined {
  const { facts, memory } = look;
  const pod = facts.pods.find(({ uid }) => uid === tenure.podUid);
  if (pod === undefined) return undefined;
  const isDead = memory.binding?.identity === tenure.identity && memory.death !== undefined;
  if (!pod.deleting && !isDead) return undefined;
  const announced = (['Drill', 'Switchover'] as const).find((it) => it === pod.announcedCause);
  if (announced !== undefined) return announced;
  return pod.deleting && memory.death?.path !== 'crashed'
    ? causeOfDeletion(pod, look)
    : causeOfCrash(tenure, look);
}

/** Who asked for the end of a pod; the disruption condition is the API server's own word. */
function causeOfDeletion(pod: Pod, { facts, wantedReplicas }: HistoryInput): Cause {
  if (pod.disruption === 'DeletionByTaintManager') return 'NodeLost';
  if (pod.disruption !== undefined) return 'Evicted';
  const others = facts.pods.filter(({ uid, deleting }) => uid !== pod.uid && !deleting);
  if (others.some(({ templateHash }) => templateHash !== pod.templateHash)) return 'Rollout';
  return others.length >= wantedReplicas ? 'ScaleDown' : 'PodDeleted';
}

/** Exit codes from here on tell of a signal, and not of a process that has given up. */
const KILLED = 128;

/** A leader that could not renew gives up one renew deadline later, and its process ends. */
function causeOfCrash(tenure: Tenure, { facts, memory, renewDeadlineMs }: HistoryInput): Cause {
  const { death } = memory;
  if (death === undefined) return 'Unknown';
  if (death.reason === 'OOMKilled') return 'OOMKilled';
  const silentMs = death.seenAtMs - (tenure.lastRenewalAtMs ?? death.seenAtMs);
  const gaveUp = silentMs >= renewDeadlineMs - facts.policy.retryPeriodMs;
  return gaveUp && death.exitCode < KILLED ? 'LeaseLost' : 'Crash';
}

/** Another leads, and nothing had told why: the old process may still run, if it ran all the time. */
export function causeAtHandover(tenure: Tenure, { facts }: HistoryInput): Cause {
  const pod = facts.pods.find(({ uid }) => uid === tenure.podUid);
  if (pod === undefined) return tenure.podUid === undefined ? 'Unknown' : 'PodDeleted';
  if (tenure.decision.kind !== 'hold') return 'Unknown';
  return pod.ready ? 'LeaseLost' : 'NodeLost';
}
