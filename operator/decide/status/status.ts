/**
 * The status, computed whole from one observation and its outcome. Transition times move only
 * when a condition's status flips; a status equal to the one before is `unchanged` and unwritten.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ConditionState, conditionState, sentences } from '../../api/condition-state.ts';
import { fitStatus } from '../../api/fit-status.ts';
import type { Ha } from '../../api/ha.ts';
import type { Advice, Condition, HaStatus } from '../../api/status.ts';
import { ConditionType } from '../../api/status.ts';
import type { ElectionStatus } from '../../api/types.generated.ts';
import { failoverTimes } from '../election/failover-times.ts';
import { leaderElectedCondition, leadershipOf } from '../election/leadership.ts';
import { mergeFailovers } from '../observed/failover-view.ts';
import { podOfHolder } from '../observed/holder.ts';
import type { Present } from '../observed/observation.ts';
import type { Outcome } from '../plan/outcome.ts';
import { ASSIST_DISABLED, NOT_WATCHING } from './assist-ready.ts';
import { readyCondition, reconcilingCondition, stalledCondition } from './readiness.ts';
import { highlyAvailableCondition } from './redundancy.ts';
import { settingsEffectiveCondition } from './settings-effective.ts';

export interface StatusInput {
  readonly ha: Ha;
  readonly observation: Present;
  readonly outcome: Outcome;
  readonly advice: readonly Advice[];
  /** The label selector of the pods, as text: what the scale subresource hands to an autoscaler. */
  readonly selector: string;
  /** Name of the ConfigMap that pods of this spec mount. */
  readonly configMapName: string;
  /** The calendar, RFC 3339 to the second. */
  readonly now: string;
}

export type StatusChange =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly status: HaStatus };

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
    ...(ha.election.mode === 'Lease' && {
      election: electionStatus(ha, lease?.holder === '' ? undefined : lease?.durationSeconds),
    }),
    ...failovers(observation),
    conditions: conditions(conditionStates(input), previous.conditions ?? [], input),
  };
  return changedFrom(previous, status);
}

/** The status of a resource that breaks a rule: nothing of its spec can be trusted. */
export function invalidStatus(
  observation: Present,
  outcome: Extract<Outcome, { kind: 'blocked' }>,
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
  const fresh = conditions(found, previous.conditions ?? [], { ha: { generation }, now });
  const all = [...kept, ...fresh].toSorted(byType);
  return changedFrom(previous, { ...previous, observedGeneration: generation, conditions: all });
}

type ConditionStates = ReadonlyMap<ConditionType, ConditionState>;

function conditionStates(input: StatusInput): ConditionStates {
  const { ha, observation, outcome } = input;
  const leadership = leadershipOf(ha, observation);
  const ready = readyCondition({ ha, observation, outcome, leadership });
  const reconciling = reconcilingCondition(outcome, ready);
  return new Map<ConditionType, ConditionState>([
    [ConditionType.Ready, ready],
    [ConditionType.LeaderElected, leaderElectedCondition(leadership)],
    [ConditionType.HighlyAvailable, highlyAvailableCondition(ha, observation, leadership)],
    [
      ConditionType.ElectionSettingsEffective,
      settingsEffectiveCondition(ha, observation, leadership, input.configMapName),
    ],
    [ConditionType.FailoverAssistReady, latestAssistReady(ha, observation)],
    [ConditionType.SettingsSound, settingsSoundCondition(input.advice)],
    ...(reconciling === undefined ? [] : [[ConditionType.Reconciling, reconciling] as const]),
    ...(outcome.kind === 'blocked'
      ? [[ConditionType.Stalled, stalledCondition(outcome, 'True')] as const]
      : []),
  ]);
}

/** A new operator has to see a leader alive first; until then its predecessor's word stands. */
function latestAssistReady(ha: Ha, { failover, status }: Present): ConditionState {
  if (ha.election.mode === 'Disabled') return ASSIST_DISABLED;
  const told = status.conditions?.find(({ type }) => type === ConditionType.FailoverAssistReady);
  return failover.assist ?? told ?? NOT_WATCHING;
}

function settingsSoundCondition(advice: readonly Advice[]): ConditionState {
  const [first] = advice;
  return first === undefined
    ? conditionState('True', 'NoAdvice', 'Nothing to improve')
    : conditionState('False', first.reason, sentences(advice.map(({ message }) => message)));
}

function conditions(
  found: ConditionStates,
  previous: readonly Condition[],
  { ha, now }: { readonly ha: Pick<Ha, 'generation'>; readonly now: string },
): readonly Condition[] {
  return [...found]
    .map(([type, { status, reason, message }]) => {
      const before = previous.find((condition) => condition.type === type);
      const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
      return {
        type,
        status,
        observedGeneration: ha.generation,
        lastTransitionTime,
        reason,
        message,
      };
    })
    .toSorted(byType);
}

function byType(a: Condition, b: Condition): number {
  return a.type < b.type ? -1 : 1;
}

/** Compared as it would be stored, so that what the schema cuts is not written again and again. */
function changedFrom(previous: HaStatus, found: HaStatus): StatusChange {
  const status = fitStatus(found);
  return isDeepStrictEqual(previous, status) ? { kind: 'unchanged' } : { kind: 'changed', status };
}

/** What really runs: read off the leader's pod, else off any pod. */
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
      ...(nodeName !== undefined && { nodeName }),
    }))
    .toSorted((a, b) => (a.podName < b.podName ? -1 : 1));
  if (lease === undefined || lease.holder === '') return { standbys };
  // A leader whose pod has gone is still told as ours, so that another operator knows it too.
  const { knownHolder, knownPod } = observation.memory;
  const podName = pod?.name ?? (knownHolder === lease.holder ? knownPod : undefined);
  const leader = {
    identity: lease.holder,
    transitions: lease.transitions,
    ...(lease.acquireTime !== undefined && { acquireTime: lease.acquireTime }),
    ...(podName !== undefined && { podName }),
    ...(pod?.nodeName !== undefined && { nodeName: pod.nodeName }),
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
    ...(leaseDurationSeconds !== undefined && { leaseDurationSeconds }),
    expectedFailoverMilliseconds: times.expectedMs,
    worstCaseFailoverMilliseconds: times.worstCaseMs,
    assistedFailoverMilliseconds: times.assistedMs,
    apiOutageToleranceSeconds: times.apiOutageToleranceMs / 1000,
    overlapBoundSeconds: times.overlapBoundMs / 1000,
    apiRequestsPerMinute: times.apiRequestsPerMinute,
  };
}
