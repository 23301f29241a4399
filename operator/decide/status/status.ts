/**
 * The status, computed whole from one observation and its outcome. Transition times move only
 * when a condition's status flips; a status equal to the one before is `unchanged` and unwritten.
 */
import { isDeepStrictEqual } from 'node:util';
import { fitStatus } from '../../api/fit-status.ts';
import type { Ha } from '../../api/ha.ts';
import { ConditionType, type HaStatus } from '../../api/status.ts';
import type { ElectionStatus } from '../../api/types.generated.ts';
import { defined } from '../../base/defined.ts';
import { failoverTimes } from '../election/failover-times.ts';
import { leadershipOf } from '../election/leadership.ts';
import { mergeFailovers } from '../observed/failover-view.ts';
import { podOfHolder } from '../observed/holder.ts';
import type { Present } from '../observed/observation.ts';
import type { Outcome } from '../plan/outcome.ts';
import {
  byType,
  type ConditionStates,
  type ConditionsInput,
  conditionStates,
  withTimes,
} from './conditions.ts';
import { stalledCondition } from './readiness.ts';

/** What a status is computed from. */
export interface StatusInput extends ConditionsInput {
  /** The label selector of the pods, as text: what the scale subresource hands to an autoscaler. */
  readonly selector: string;
  /** The calendar, RFC 3339 to the second. */
  readonly now: string;
}

/** `unchanged`: it equals the present one, and is not written. */
export type StatusChange =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly status: HaStatus };

/** The whole status of a valid resource. */
export function nextStatus(input: StatusInput): StatusChange {
  const { ha, observation } = input;
  const { deployment, lease } = observation;
  const previous = observation.status;
  const status: HaStatus = {
    observedGeneration: ha.generation,
    replicas: deployment?.replicas ?? 0,
    readyReplicas: deployment?.ready ?? 0,
    updatedReplicas: deployment?.updated ?? 0,
    selector: input.selector,
    ...runningController(input),
    ...leaderAndStandbys(observation),
    ...defined({
      election:
        ha.election.mode === 'Lease'
          ? electionStatus(ha, lease?.holder === '' ? undefined : lease?.durationSeconds)
          : undefined,
    }),
    ...failovers(observation),
    conditions: withTimes(conditionStates(input), previous.conditions ?? [], input),
  };
  return changedFrom(previous, status);
}

/** The status of a resource that breaks a rule: nothing of its spec can be trusted. */
export function invalidStatus(
  observation: Present,
  outcome: Extract<Outcome, { kind: 'terminal-error' }>,
  now: string,
): StatusChange {
  const previous = observation.status;
  const generation = observation.resource.metadata.generation ?? 0;
  const found: ConditionStates = new Map([
    [ConditionType.Ready, stalledCondition(outcome, 'False')],
    [ConditionType.Stalled, stalledCondition(outcome, 'True')],
  ]);
  const kept = (previous.conditions ?? []).filter(
    ({ type }) => !found.has(type) && type !== ConditionType.Reconciling,
  );
  const fresh = withTimes(found, previous.conditions ?? [], { ha: { generation }, now });
  const all = [...kept, ...fresh].toSorted(byType);
  return changedFrom(previous, { ...previous, observedGeneration: generation, conditions: all });
}

/** Compared as it would be stored, so that what the schema cuts is not written again and again. */
function changedFrom(previous: HaStatus, found: HaStatus): StatusChange {
  const status = fitStatus(found);
  return isDeepStrictEqual(previous, status) ? { kind: 'unchanged' } : { kind: 'changed', status };
}

/** What really runs: read from the leader's pod, else from any pod. */
function runningController({ ha, observation }: StatusInput): Pick<HaStatus, 'controller'> {
  const leadership = leadershipOf(ha, observation);
  const leader = leadership.kind === 'led' ? leadership.pod : undefined;
  const pod = leader ?? observation.pods.find(({ deleting }) => !deleting);
  if (pod?.managerImage === undefined || pod.adcImage === undefined) return {};
  const version = pod.version ?? ha.controller.version;
  return { controller: { version, managerImage: pod.managerImage, adcImage: pod.adcImage } };
}

function leaderAndStandbys(observation: Present): Pick<HaStatus, 'leader' | 'standbys'> {
  const { lease, pods } = observation;
  const pod =
    lease === undefined || lease.holder === '' ? undefined : podOfHolder(lease.holder, pods);
  const standbys = pods
    .filter((candidate) => candidate.name !== pod?.name && !candidate.deleting)
    .map(({ name, nodeName, ready }) => ({
      podName: name,
      ready,
      ...defined({ nodeName }),
    }))
    .toSorted((a, b) => (a.podName < b.podName ? -1 : 1));
  if (lease === undefined || lease.holder === '') return { standbys };
  // A leader whose pod is gone is still reported with it, so that another operator knows that it is ours.
  const { knownHolder, knownPod } = observation.memory;
  const podName = pod?.name ?? (knownHolder === lease.holder ? knownPod : undefined);
  const leader = {
    identity: lease.holder,
    transitions: lease.transitions,
    ...defined({ acquireTime: lease.acquireTime, podName, nodeName: pod?.nodeName }),
  };
  return { leader, standbys };
}

function failovers({ status, failover }: Present): Pick<HaStatus, 'failovers'> {
  const merged = mergeFailovers(status.failovers ?? [], failover.failovers);
  return merged.length === 0 ? {} : { failovers: merged };
}

function electionStatus(ha: Ha, leaseDurationSeconds: number | undefined): ElectionStatus {
  const times = failoverTimes(ha.election, ha.replicas);
  return {
    leaseName: ha.election.leaseName,
    ...defined({ leaseDurationSeconds }),
    expectedFailoverMilliseconds: times.expectedMs,
    worstCaseFailoverMilliseconds: times.worstCaseMs,
    assistedFailoverMilliseconds: times.assistedMs,
    apiOutageToleranceSeconds: times.apiOutageToleranceMs / 1000,
    overlapBoundSeconds: times.overlapBoundMs / 1000,
    apiRequestsPerMinute: times.apiRequestsPerMinute,
  };
}
