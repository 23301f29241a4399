/** All conditions of a resource, from one observation and the outcome of its reconcile. */

import type { Ha } from '../../api/ha.ts';
import { type Advice, type Condition, ConditionType } from '../../api/status.ts';
import { type ConditionState, conditionState, sentences } from '../../base/condition-state.ts';
import { leaderElectedCondition, leadershipOf } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';
import type { Outcome } from '../plan/outcome.ts';
import { ASSIST_DISABLED, NOT_WATCHING } from './assist-ready.ts';
import { readyCondition, reconcilingCondition, stalledCondition } from './readiness.ts';
import { highlyAvailableCondition } from './redundancy.ts';
import { settingsEffectiveCondition } from './settings-effective.ts';

/** What they are computed from. */
export interface ConditionsInput {
  readonly ha: Ha;
  readonly observation: Present;
  readonly outcome: Outcome;
  readonly advice: readonly Advice[];
  /** Name of the ConfigMap that pods of this spec mount. */
  readonly configMapName: string;
}

/** By type, without those that are not present now. */
export type ConditionStates = ReadonlyMap<ConditionType, ConditionState>;

/** All conditions of a valid resource. */
export function conditionStates(input: ConditionsInput): ConditionStates {
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
    ...(outcome.kind === 'terminal-error'
      ? [[ConditionType.Stalled, stalledCondition(outcome, 'True')] as const]
      : []),
  ]);
}

/**
 * A new operator has to observe a renewal first; until then the condition stays as an earlier one reported
 * it.
 */
function latestAssistReady(ha: Ha, { failover, status }: Present): ConditionState {
  if (ha.election.mode === 'Disabled') return ASSIST_DISABLED;
  const reported = status.conditions?.find(
    ({ type }) => type === ConditionType.FailoverAssistReady,
  );
  return failover.assist ?? reported ?? NOT_WATCHING;
}

function settingsSoundCondition(advice: readonly Advice[]): ConditionState {
  const [first] = advice;
  return first === undefined
    ? conditionState('True', 'NoAdvice', 'Nothing to improve')
    : conditionState('False', first.reason, sentences(advice.map(({ message }) => message)));
}

/** As they stand in a status: sorted by type; a transition time moves only when the status flips. */
export function withTimes(
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

/** The order of conditions in a status. */
export function byType(a: Condition, b: Condition): number {
  return a.type < b.type ? -1 : 1;
}
