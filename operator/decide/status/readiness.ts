/**
 * Ready, and its two companions for tools that follow kstatus: Reconciling while we work on it,
 * Stalled when only the user can help. Ready is True in every steady state that was asked for.
 */
import type { Ha } from '../../api/ha.ts';
import { ConditionType } from '../../api/status.ts';
import { type Leadership, worstCaseMs } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';
import { sentences, type Verdict, verdict } from '../observed/verdict.ts';
import type { Outcome } from '../plan/outcome.ts';

export interface ReadinessView {
  readonly ha: Ha;
  readonly observation: Present;
  readonly outcome: Outcome;
  readonly leadership: Leadership;
}

export function readyVerdict(view: ReadinessView): Verdict {
  const { ha, observation, outcome } = view;
  if (outcome.kind === 'blocked') return stalledVerdict(outcome, 'False');
  if (ha.paused) return verdict('True', 'Paused', 'Writes to children are paused by `spec.paused`');
  if (outcome.kind === 'progressing') return verdict('False', 'RollingOut', outcome.waitingFor);
  if (outcome.kind === 'failed' && !isSteady(observation)) {
    return verdict('False', 'RollingOut', `Not applied yet: ${outcome.failure.message}`);
  }

  const rollout = rolloutVerdict(ha, observation);
  if (rollout !== undefined) return rollout;
  if (ha.replicas === 0) return verdict('True', 'ScaledToZero', 'No replica runs, as asked');
  if (isShort(ha, observation)) {
    return verdict('False', 'ReplicasUnavailable', `Fewer than ${ha.replicas} replicas are ready`);
  }
  return leaderVerdict(view);
}

/** Stalled, or Ready for the same reasons: the first blocker names the reason, all are told. */
export function stalledVerdict(
  outcome: Extract<Outcome, { kind: 'blocked' }>,
  status: 'True' | 'False',
): Verdict {
  const [first] = outcome.blockers;
  const message = sentences(outcome.blockers.map((blocker) => blocker.message));
  return verdict(status, first.reason, message);
}

/** Present only while something is under way. */
export function reconcilingVerdict(outcome: Outcome, ready: Verdict): Verdict | undefined {
  if (outcome.kind === 'blocked') return undefined;
  if (outcome.kind === 'failed') return verdict('True', 'Retrying', outcome.failure.message);
  if (outcome.kind === 'queued') {
    return verdict('True', 'RolloutQueued', queuedText(outcome.behind));
  }
  if (ready.status === 'True') return undefined;
  if (outcome.kind === 'progressing') return verdict('True', 'Applying', ready.message);
  if (ready.reason === 'RollingOut') return verdict('True', 'RollingOut', ready.message);
  if (ready.reason === 'ReplicasUnavailable') return undefined;
  return verdict('True', 'WaitingForLeader', ready.message);
}

/** How many of those that roll out are named. */
const NAMED_HOLDERS = 3;

function queuedText(behind: readonly string[]): string {
  const named = behind.slice(0, NAMED_HOLDERS).map((key) => `"${key}"`);
  const more = behind.length - named.length;
  const others = more === 0 ? [] : [`${more} more`];
  const verb = behind.length === 1 ? 'has' : 'have';
  return `New pods wait until ${[...named, ...others].join(', ')} ${verb} rolled out`;
}

function rolloutVerdict(ha: Ha, observation: Present): Verdict | undefined {
  const { deployment } = observation;
  if (deployment === undefined)
    return verdict('False', 'RollingOut', 'The Deployment is not there yet');
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
    return verdict(
      'False',
      'RollingOut',
      'Somebody has paused the Deployment: new pods wait until it is resumed (kubectl rollout resume)',
    );
  }
  return deployment.deadlineExceeded
    ? verdict(
        'False',
        'ReplicasUnavailable',
        'The rollout has passed its progress deadline: new replicas do not become available, the old ones keep running',
      )
    : verdict('False', 'RollingOut', 'The Deployment is rolling out');
}

/** Ready for this very generation before: from then on a lost pod is a repair, not a rollout. */
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

/** Replicas have been missing for longer than a failover takes at worst. */
function isShort(ha: Ha, observation: Present): boolean {
  const since = observation.memory.shortSinceMs;
  return since !== undefined && observation.nowMs - since >= worstCaseMs(ha);
}

function leaderVerdict({ ha, observation, leadership }: ReadinessView): Verdict {
  if (leadership.kind === 'disabled') {
    return verdict('True', 'AsSpecified', 'The replica is ready; leader election is disabled');
  }
  if (leadership.kind === 'led') {
    return verdict(
      'True',
      'AsSpecified',
      ha.replicas === 1
        ? 'The replica is ready and leads'
        : `${ha.replicas} replicas are ready and one of them leads`,
    );
  }
  const ledBefore = observation.memory.lastSignAtMs !== undefined;
  return ledBefore
    ? verdict('False', 'NoLeader', leadership.message)
    : verdict('False', 'WaitingForLeader', leadership.message);
}
