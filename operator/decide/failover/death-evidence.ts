/**
 * What proves that the process of a holder is dead, and what disproves it again. Evidence is a kubelet's
 * report about the very container in which the holder was bound; it ends when it is contradicted:
 *
 *   report of the end ──► evidence ──┬── a second change of the record since ───────────┐
 *                                    ├── a record written after the reported end ───────┼──► withdrawn
 *                                    └── a newer look that shows the container running ─┘
 *
 * Withdrawn evidence stays withdrawn however often the same report is told: only a report with other
 * words (exit code, reason, time of the end) is a new one.
 */

import { isNewerVersion } from '../../base/resource-version.ts';
import type { Exit } from '../observed/container-run.ts';
import type { Pod } from '../observed/pod.ts';
import type { Binding, DeathEvidence, DeathMemory, FailoverFacts } from './types.ts';

/**
 * The first change after a report may be news that is older than the report: pods and Leases are told
 * by different watches, and a dead process may leave one write on its way. A second one is life.
 */
const CHANGES_OF_THE_DEAD = 1;
/** A kubelet that takes a living container for ended does so once or twice, not more often. */
const KEPT_REPORTS = 8;

/** What one look adds. `isRenewed`: the record has changed under the same holder. */
export interface DeathInput {
  readonly facts: FailoverFacts;
  readonly isRenewed: boolean;
  readonly nowMs: number;
}

/** Keeps the first report of the end, also when the pod is gone afterwards, until it is contradicted. */
export function noteDeath<M extends DeathMemory>(memory: M, look: DeathInput): M {
  const counted = countChange(memory, look);
  const { binding } = counted;
  const pod = look.facts.pods.find(({ uid }) => uid === binding?.podUid);
  const kept = isContradicted(counted, look.facts, pod) ? withdraw(counted) : counted;
  if (binding === undefined || pod === undefined) return kept;
  // A pod that is deleted by force waits for no kubelet, so nothing that is first seen then counts; a
  // kubelet that has reported the end of a pod deletes it so itself.
  if (pod.forced) return kept;
  const found = findDeath(binding, pod, look.nowMs);
  if (found === undefined || kept.contradicted?.includes(wordsOf(found))) return kept;
  const next = { ...kept, death: asFirstSeen(found, kept.death) };
  return isContradicted(next, look.facts, pod) ? withdraw(next) : next;
}

/** A run whose end nobody saw may go on beside the next one, and either may be the holder. */
export function hasLostRun({ current, previous }: Pod): boolean {
  return [current, previous].some((run) => run?.kind === 'ended' && !wasSeen(run.exit));
}

/**
 * A living process renews once in a retry period. Changes that come closer together are old news: a watch
 * that was interrupted tells all that it has missed in one breath.
 */
function countChange<M extends DeathMemory>(memory: M, { facts, isRenewed, nowMs }: DeathInput): M {
  const { death } = memory;
  if (!isRenewed || death === undefined) return memory;
  const sinceMs = nowMs - (death.changedAtMs ?? Number.NEGATIVE_INFINITY);
  if (sinceMs < facts.policy.retryPeriodMs / 2) return memory;
  const changesSince = death.changesSince + 1;
  return { ...memory, death: { ...death, changesSince, changedAtMs: nowMs } };
}

/** The process has shown that it lives, in spite of the report. */
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

/** An older state of the pod, from a watch that lags behind a live look, contradicts nothing. */
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
  const words = [...contradicted.filter((it) => it !== wordsOf(death)), wordsOf(death)];
  return { ...(rest as M), contradicted: words.slice(-KEPT_REPORTS) };
}

/** What tells one report about a container from the next. */
function wordsOf({ exitCode, reason, finishedAtS }: DeathEvidence): string {
  return `${finishedAtS} ${exitCode} ${reason}`;
}

function asFirstSeen(found: DeathEvidence, before: DeathEvidence | undefined): DeathEvidence {
  if (before === undefined) return found;
  const { seenAtMs, changesSince, changedAtMs, podVersion } = before;
  return {
    ...found,
    seenAtMs,
    changesSince,
    ...(changedAtMs !== undefined && { changedAtMs }),
    ...(podVersion !== undefined && { podVersion }),
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
    ...(pod.resourceVersion !== undefined && { podVersion: pod.resourceVersion }),
    ...(successor?.kind === 'running' && { successorStartedAtS: successor.startedAtS }),
  };
}

/**
 * A kubelet that cannot find a container says that it ended with `ContainerStatusUnknown`, a runtime
 * that lost its shim says `Unknown`: both are conclusions, and the process may run on.
 */
function wasSeen({ reason, finishedAtS }: Exit): boolean {
  return reason !== 'ContainerStatusUnknown' && reason !== 'Unknown' && finishedAtS !== undefined;
}

/**
 * Whoever took the Lease after this container had ended, by the same node's clock, lives in the next
 * one, of which the kubelet had not told when the holder was bound. Times are whole seconds, so a holder
 * that ends within the second in which it took the Lease is not told from that, and is left to expire.
 */
function ranAsHolder({ acquiredAtS }: Binding, finishedAtS: number): boolean {
  return acquiredAtS < finishedAtS;
}
