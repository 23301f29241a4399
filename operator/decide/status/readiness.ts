/**
 * Ready, and the two conditions that tools which follow kstatus read: Reconciling while we work on it,
 * Stalled when only the user can help. Ready is True in every steady state that was asked for.
 */

import type { Ha } from '../../api/ha.ts';
import { ConditionType } from '../../api/status.ts';
import { type ConditionState, conditionState, sentences } from '../../base/condition-state.ts';
import { type Leadership, worstCaseMs } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';
import type { Outcome } from '../plan/outcome.ts';

/** What the three conditions are computed from. */
export interface ReadinessView {
  readonly ha: Ha;
  readonly observation: Present;
  readonly outcome: Outcome;
  readonly leadership: Leadership;
}

/** The condition Ready. */
export function readyCondition(view: ReadinessView): ConditionState {
  const { ha, observation, outcome } = view;
  if (outcome.kind === 'terminal-error') return stalledCondition(outcome, 'False');
  if (ha.paused)
    return conditionState('True', 'Paused', 'Writes to children are paused by `spec.paused`');
  if (outcome.kind === 'progressing')
    return conditionState('False', 'RollingOut', outcome.waitingFor);
  if (outcome.kind === 'failed' && !isSteady(observation)) {
    return conditionState('False', 'RollingOut', `Not applied yet: ${outcome.failure.message}`);
  }

  const rollout = rolloutCondition(ha, observation);
  if (rollout !== undefined) return rollout;
  if (ha.replicas === 0) return conditionState('True', 'ScaledToZero', 'No replica runs, as asked');
  if (isShort(ha, observation)) {
    return conditionState(
      'False',
      'ReplicasUnavailable',
      `Fewer than ${ha.replicas} replicas are ready`,
    );
  }
  return leadershipCondition(view);
}

/** Stalled, or Ready for the same reasons: the first terminal error gives the reason, and the message has all. */
export function stalledCondition(
  outcome: Extract<Outcome, { kind: 'terminal-error' }>,
  status: 'True' | 'False',
): ConditionState {
  const [first] = outcome.terminalErrors;
  const message = sentences(outcome.terminalErrors.map((terminalError) => terminalError.message));
  return conditionState(status, first.reason, message);
}

/** The condition Reconciling; undefined: there is none, since nothing is under way. */
export function reconcilingCondition(
  outcome: Outcome,
  ready: ConditionState,
): ConditionState | undefined {
  if (outcome.kind === 'terminal-error') return undefined;
  if (outcome.kind === 'failed') return conditionState('True', 'Retrying', outcome.failure.message);
  if (outcome.kind === 'queued') {
    return conditionState('True', 'RolloutQueued', queuedText(outcome.behind));
  }
  if (ready.status === 'True') return undefined;
  if (outcome.kind === 'progressing') return conditionState('True', 'Applying', ready.message);
  if (ready.reason === 'RollingOut') return conditionState('True', 'RollingOut', ready.message);
  if (ready.reason === 'ReplicasUnavailable') return undefined;
  return conditionState('True', 'WaitingForLeader', ready.message);
}

/** How many of the resources that roll out are named. */
const NAMED_ROLLOUTS = 3;

function queuedText(behind: readonly string[]): string {
  const named = behind.slice(0, NAMED_ROLLOUTS).map((key) => `"${key}"`);
  const more = behind.length - named.length;
  const others = more === 0 ? [] : [`${more} more`];
  const verb = behind.length === 1 ? 'has' : 'have';
  return `New pods wait until ${[...named, ...others].join(', ')} ${verb} rolled out`;
}

function rolloutCondition(ha: Ha, observation: Present): ConditionState | undefined {
  const { deployment } = observation;
  if (deployment === undefined)
    return conditionState('False', 'RollingOut', 'The Deployment is not there yet');
  const underWay = isSteady(observation)
    ? !deployment.current ||
      deployment.updated < deployment.replicas ||
      deployment.replicas > ha.replicas
    : !deployment.current ||
      deployment.updated < ha.replicas ||
      deployment.replicas !== ha.replicas ||
      deployment.available < ha.replicas;
  if (!underWay) return undefined;
  if (deployment.paused) {
    return conditionState(
      'False',
      'RollingOut',
      'Somebody has paused the Deployment: new pods wait until it is resumed (kubectl rollout resume)',
    );
  }
  return deployment.deadlineExceeded
    ? conditionState(
        'False',
        'ReplicasUnavailable',
        'The rollout has passed its progress deadline: new replicas do not become available, the old ones keep running',
      )
    : conditionState('False', 'RollingOut', 'The Deployment is rolling out');
}

/** Whether it was Ready for this very generation before: from then on a lost pod is a repair, not a rollout. */
function isSteady(observation: Present): boolean {
  const generation = observation.resource.metadata.generation ?? 0;
  const ready = observation.status.conditions?.find(({ type }) => type === ConditionType.Ready);
  return (
    ready?.observedGeneration === generation &&
    (ready.status === 'True' ||
      ready.reason === 'ReplicasUnavailable' ||
      ready.reason === 'NoLeader')
  );
}

/** Whether replicas have been missing for longer than a failover takes at worst. */
function isShort(ha: Ha, observation: Present): boolean {
  const since = observation.memory.shortSinceMs;
  return since !== undefined && observation.nowMs - since >= worstCaseMs(ha);
}

function leadershipCondition({ ha, observation, leadership }: ReadinessView): ConditionState {
  if (leadership.kind === 'disabled') {
    return conditionState(
      'True',
      'AsSpecified',
      'The replica is ready; leader election is disabled',
    );
  }
  if (leadership.kind === 'led') {
    return conditionState(
      'True',
      'AsSpecified',
      ha.replicas === 1
        ? 'The replica is ready and leads'
        : `${ha.replicas} replicas are ready and one of them leads`,
    );
  }
  const ledBefore = observation.memory.lastRenewalAtMs !== undefined;
  return ledBefore
    ? conditionState('False', 'NoLeader', leadership.message)
    : conditionState('False', 'WaitingForLeader', leadership.message);
}
