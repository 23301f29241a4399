/**
 * What proves that the process of a holder is dead, and what disproves it again. Evidence is a kubelet's
 * report about the very container to which the holder was bound. It is withdrawn when it is contradicted:
 *
 *   report of the end ──► evidence ──┬── a second change of the record since ───────────┐
 *                                    ├── a record written after the reported end ───────┼──► withdrawn
 *                                    └── a newer state of the pod: the container runs ──┘
 *
 * Withdrawn evidence stays withdrawn however often the same report is delivered: only a report with
 * another exit code, reason or time of the end is a new one.
 */

import { defined } from '../../base/defined.ts';
import { isNewerVersion } from '../../base/resource-version.ts';
import type { Exit } from '../observed/container-run.ts';
import type { Pod } from '../observed/pod.ts';
import type { Binding, DeathEvidence, DeathMemory, FailoverFacts } from './types.ts';

/**
 * The first change after a report may be older than the report: pods and Leases are delivered by different
 * watches, and a dead process may leave one write on its way. After a second one the process lives.
 */
const CHANGES_OF_THE_DEAD = 1;
/** How many contradicted reports of one container are remembered: a kubelet makes one or two such mistakes. */
const KEPT_REPORTS = 8;

/** What one snapshot adds. `isRenewed`: the record has changed under the same holder. */
export interface DeathInput {
  readonly facts: FailoverFacts;
  readonly isRenewed: boolean;
  readonly nowMs: number;
}

/**
 * The memory after one more snapshot. The first report of the end is kept, also when the pod is gone
 * afterwards, until it is contradicted.
 */
export function noteDeath<M extends DeathMemory>(memory: M, input: DeathInput): M {
  const counted = countChange(memory, input);
  const { binding } = counted;
  const pod = input.facts.pods.find(({ uid }) => uid === binding?.podUid);
  const kept = isContradicted(counted, input.facts, pod) ? withdraw(counted) : counted;
  if (binding === undefined || pod === undefined) return kept;
  // A pod that is deleted by force does not wait for its kubelet, so a report that first appears then does
  // not count. (A kubelet that has reported the end of a pod deletes it the same way.)
  if (pod.forced) return kept;
  const found = findDeath(binding, pod, input.nowMs);
  if (found === undefined || kept.contradicted?.includes(reportText(found))) return kept;
  const next = { ...kept, death: asFirstObserved(found, kept.death) };
  return isContradicted(next, input.facts, pod) ? withdraw(next) : next;
}

/** A run whose exit its kubelet did not observe may go on beside the next one, and either may be the holder. */
export function hasLostRun({ current, previous }: Pod): boolean {
  return [current, previous].some((run) => run?.kind === 'ended' && !wasObserved(run.exit));
}

/**
 * A living process renews once in a retry period. Changes less than half of one apart are older than they
 * appear: a watch that was interrupted delivers all that it has missed at once.
 */
function countChange<M extends DeathMemory>(memory: M, { facts, isRenewed, nowMs }: DeathInput): M {
  const { death } = memory;
  if (!isRenewed || death === undefined) return memory;
  const sinceMs = nowMs - (death.changedAtMs ?? Number.NEGATIVE_INFINITY);
  if (sinceMs < facts.policy.retryPeriodMs / 2) return memory;
  const changesSince = death.changesSince + 1;
  return { ...memory, death: { ...death, changesSince, changedAtMs: nowMs } };
}

/** Whether the process lives in spite of the report. */
function isContradicted(
  { binding, death }: DeathMemory,
  { lease }: FailoverFacts,
  pod: Pod | undefined,
): boolean {
  if (binding === undefined || death === undefined) return false;
  if (death.changesSince > CHANGES_OF_THE_DEAD) return true;
  if (showsRunning(binding, death, pod)) return true;
  // Both times are of one clock, the node's: a process writes no record after its own end.
  const writtenAtMs = lease?.holder === binding.identity ? lease.renewedAtMs : undefined;
  return writtenAtMs !== undefined && writtenAtMs >= (death.finishedAtS + 1) * 1000;
}

/** An older state of the pod, from a watch that lags behind a live read, contradicts nothing. */
function showsRunning(
  { containerId }: Binding,
  { podVersion }: DeathEvidence,
  pod: Pod | undefined,
): boolean {
  if (pod?.current?.kind !== 'running' || pod.current.containerId !== containerId) return false;
  return !isNewerVersion(podVersion, pod.resourceVersion);
}

function withdraw<M extends DeathMemory>(memory: M): M {
  const { death, contradicted = [], ...rest } = memory;
  if (death === undefined) return memory;
  const reports = [...contradicted.filter((it) => it !== reportText(death)), reportText(death)];
  return { ...(rest as M), contradicted: reports.slice(-KEPT_REPORTS) };
}

/** What distinguishes one report about a container from the next. */
function reportText({ exitCode, reason, finishedAtS }: DeathEvidence): string {
  return `${finishedAtS} ${exitCode} ${reason}`;
}

function asFirstObserved(found: DeathEvidence, before: DeathEvidence | undefined): DeathEvidence {
  if (before === undefined) return found;
  const { seenAtMs, changesSince, changedAtMs, podVersion } = before;
  return {
    ...found,
    seenAtMs,
    changesSince,
    ...defined({ changedAtMs, podVersion }),
  };
}

function findDeath(binding: Binding, pod: Pod, seenAtMs: number): DeathEvidence | undefined {
  const { containerId } = binding;
  const isCurrent = pod.current?.kind === 'ended' && pod.current.containerId === containerId;
  const run = isCurrent ? pod.current : pod.previous;
  if (run?.kind !== 'ended' || run.containerId !== containerId) return undefined;
  const { code, reason, finishedAtS } = run.exit;
  if (hasLostRun(pod) || finishedAtS === undefined || !ranAsHolder(binding, finishedAtS)) {
    return undefined;
  }
  const successor = isCurrent ? undefined : pod.current;
  return {
    podName: pod.name,
    podUid: pod.uid,
    containerId,
    path: isCurrent && pod.deleting ? 'stopped' : 'crashed',
    exitCode: code,
    reason,
    finishedAtS,
    seenAtMs,
    changesSince: 0,
    ...defined({
      podVersion: pod.resourceVersion,
      successorStartedAtS: successor?.kind === 'running' ? successor.startedAtS : undefined,
    }),
  };
}

/**
 * Whether the kubelet observed the exit. One that cannot find a container reports `ContainerStatusUnknown`,
 * and a runtime that lost its shim `Unknown`: both are conclusions, and the process may run on.
 */
function wasObserved({ reason, finishedAtS }: Exit): boolean {
  return reason !== 'ContainerStatusUnknown' && reason !== 'Unknown' && finishedAtS !== undefined;
}

/**
 * Whether the Lease was taken before this container ended, by the same node's clock. Otherwise the holder
 * runs in the next container, which the kubelet had not reported when the holder was bound. Times are whole
 * seconds: if a holder ends within the second in which it took the Lease, its Lease is left to expire.
 */
function ranAsHolder({ acquiredAtS }: Binding, finishedAtS: number): boolean {
  return acquiredAtS < finishedAtS;
}
