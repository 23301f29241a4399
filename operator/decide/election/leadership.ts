/**
 * Whether a pod leads, or why none does. A failover takes seconds and changes no condition: leadership
 * counts as lost only once no renewal by a known holder was seen for the worst-case failover time (the
 * grace period).
 */

import type { Ha } from '../../api/ha.ts';
import { type ConditionState, conditionState } from '../../base/condition-state.ts';
import { defined } from '../../base/defined.ts';
import { holderAmong, podOfHolder } from '../observed/holder.ts';
import type { Present } from '../observed/observation.ts';
import type { Pod } from '../observed/pod.ts';
import { failoverTimes } from './failover-times.ts';

/**
 * `led`: the Lease is held, or was until so lately that the grace period is not over. `pod`: where its
 * holder is one.
 */
export type Leadership =
  | { readonly kind: 'disabled' }
  | { readonly kind: 'led'; readonly pod?: Pod }
  | { readonly kind: 'vacant'; readonly reason: VacancyReason; readonly message: string };

/** Why nothing leads: a reason of the condition LeaderElected. */
export type VacancyReason =
  | 'NoCandidate'
  | 'LeaseUnheld'
  | 'LeaseExpired'
  | 'HolderUnknown'
  | 'ElectionBlocked';

/**
 * How much longer than the worst case Ready replicas may be without a leader before that counts as a fault,
 * in ms.
 */
const ELECTION_START_MS = 60_000;

/** Computed from the observation alone. */
export function leadershipOf(ha: Ha, observation: Present): Leadership {
  if (ha.election.mode === 'Disabled') return { kind: 'disabled' };
  const { lease, pods } = observation;
  const pod = lease === undefined ? undefined : podOfHolder(lease.holder, pods);
  if (withinGracePeriod(ha, observation)) return { kind: 'led', ...defined({ pod }) };
  return { kind: 'vacant', ...vacancy(ha, observation) };
}

/**
 * When leadership turns from "led" to "vacant" unless the holder renews, on our clock; undefined: no
 * renewal was seen.
 */
export function gracePeriodEndsAtMs(ha: Ha, observation: Present): number | undefined {
  const last = observation.memory.lastRenewalAtMs;
  return last === undefined ? undefined : last + worstCaseMs(ha);
}

/**
 * When Ready replicas without a leader count as an election that is blocked, on our clock; undefined: there
 * are none.
 */
export function electionBlockedAtMs(ha: Ha, observation: Present): number | undefined {
  const since = observation.memory.readyWithoutLeaderSinceMs;
  return since === undefined ? undefined : since + worstCaseMs(ha) + ELECTION_START_MS;
}

/** The longest time without a leader in a failover without assistance, in ms. */
export function worstCaseMs(ha: Ha): number {
  return failoverTimes(ha.election, ha.replicas).worstCaseMs;
}

/** The condition LeaderElected. */
export function leaderElectedCondition(leadership: Leadership): ConditionState {
  switch (leadership.kind) {
    case 'disabled':
      return conditionState(
        'False',
        'ElectionDisabled',
        'Leader election is disabled: one replica works',
      );
    case 'led':
      return conditionState('True', 'LeaseHeld', 'The Lease is held and renewed');
    case 'vacant':
      return conditionState('False', leadership.reason, leadership.message);
  }
}

/** A known holder leads, or led until so lately that a failover may be under way. */
export function withinGracePeriod(ha: Ha, observation: Present): boolean {
  if (ha.replicas === 0 && observation.pods.length === 0) return false;
  const end = gracePeriodEndsAtMs(ha, observation);
  return end !== undefined && observation.nowMs < end;
}

interface Vacancy {
  readonly reason: VacancyReason;
  readonly message: string;
}

function vacancy(ha: Ha, observation: Present): Vacancy {
  const { lease, pods } = observation;
  const alive = pods.filter((pod) => !pod.deleting);
  if (alive.length === 0) return { reason: 'NoCandidate', message: 'No pod runs that could lead' };

  const foreign = foreignVacancy(observation);
  if (foreign !== undefined && foreignHolderLives(ha, observation)) return foreign;
  const suspicious = electionBlockedAtMs(ha, observation);
  if (suspicious !== undefined && observation.nowMs >= suspicious) {
    return {
      reason: 'ElectionBlocked',
      message:
        'Replicas are Ready but none takes the Lease. A candidate starts its election only after its caches are filled, which a missing right on one kind prevents for ever: look for "forbidden" in the manager\'s log, and for the rules of its ClusterRole; a manager that started while the API server was away needs a restart',
    };
  }
  if (lease === undefined || lease.holder === '') {
    return { reason: 'LeaseUnheld', message: `Nobody holds Lease "${ha.election.leaseName}"` };
  }
  if (foreign !== undefined) return foreign;
  return { reason: 'LeaseExpired', message: `"${lease.holder}" has stopped renewing its Lease` };
}

/**
 * Until when a foreign holder that has just renewed counts as alive, on our clock; undefined: there is
 * none.
 */
export function foreignHolderEndsAtMs(ha: Ha, { memory }: Present): number | undefined {
  return memory.foreignHolder === undefined
    ? undefined
    : memory.foreignHolder.changedAtMs + worstCaseMs(ha);
}

/** While it renews, our replicas stand by as they should; after that their election may be blocked. */
function foreignHolderLives(ha: Ha, observation: Present): boolean {
  const end = foreignHolderEndsAtMs(ha, observation);
  return end !== undefined && observation.nowMs < end;
}

function foreignVacancy({ lease, pods }: Present): Vacancy | undefined {
  if (lease === undefined || holderAmong(lease.holder, pods).kind !== 'foreign') return undefined;
  const message = `Lease "${lease.name}" is held by "${lease.holder}", which is no pod of this resource`;
  return { reason: 'HolderUnknown', message };
}
