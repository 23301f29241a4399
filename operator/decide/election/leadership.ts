/**
 * Who leads, or why nobody does. A failover takes seconds and is no news: leadership counts as
 * lost only after the worst-case failover time without a sign of life of a holder we know.
 */
import type { Ha } from '../../api/ha.ts';
import { holderAmong, podOfHolder } from '../observed/holder.ts';
import type { Present } from '../observed/observation.ts';
import type { Pod } from '../observed/pod.ts';
import { type Verdict, verdict } from '../observed/verdict.ts';
import { failoverTimes } from './failover-times.ts';

export type Leadership =
  | { readonly kind: 'disabled' }
  | { readonly kind: 'led'; readonly pod?: Pod }
  | { readonly kind: 'vacant'; readonly reason: VacancyReason; readonly message: string };

export type VacancyReason =
  | 'NoCandidate'
  | 'LeaseUnheld'
  | 'LeaseExpired'
  | 'HolderUnknown'
  | 'ElectionBlocked';

/** Beyond the worst case, how long Ready replicas may do without a leader before it is suspicious. */
const ELECTION_START_MS = 60_000;

export function leadershipOf(ha: Ha, observation: Present): Leadership {
  if (ha.election.mode === 'Disabled') return { kind: 'disabled' };
  const { lease, pods } = observation;
  const pod = lease === undefined ? undefined : podOfHolder(lease.holder, pods);
  if (withinPatience(ha, observation)) return { kind: 'led', ...(pod !== undefined && { pod }) };
  return { kind: 'vacant', ...vacancy(ha, observation) };
}

/** When leadership that was last seen alive turns from "led" to "vacant", on our clock. */
export function patienceEndsAtMs(ha: Ha, observation: Present): number | undefined {
  const last = observation.memory.lastSignAtMs;
  return last === undefined ? undefined : last + worstCaseMs(ha);
}

/** When Ready replicas that nobody leads turn from "not yet" to "blocked", on our clock. */
export function suspicionAtMs(ha: Ha, observation: Present): number | undefined {
  const since = observation.memory.readyWithoutLeaderSinceMs;
  return since === undefined ? undefined : since + worstCaseMs(ha) + ELECTION_START_MS;
}

export function worstCaseMs(ha: Ha): number {
  return failoverTimes(ha.election, ha.replicas).worstCaseMs;
}

export function leaderElectedVerdict(leadership: Leadership): Verdict {
  switch (leadership.kind) {
    case 'disabled':
      return verdict('False', 'ElectionDisabled', 'Leader election is disabled: one replica works');
    case 'led':
      return verdict('True', 'LeaseHeld', 'The Lease is held and renewed');
    case 'vacant':
      return verdict('False', leadership.reason, leadership.message);
  }
}

/** Somebody leads whom we know, or led until so lately that a failover may be under way. */
export function withinPatience(ha: Ha, observation: Present): boolean {
  if (ha.replicas === 0 && observation.pods.length === 0) return false;
  const end = patienceEndsAtMs(ha, observation);
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

  const stranger = strangerIn(observation);
  if (stranger !== undefined && strangerLives(ha, observation)) return stranger;
  const suspicious = suspicionAtMs(ha, observation);
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
  if (stranger !== undefined) return stranger;
  return { reason: 'LeaseExpired', message: `"${lease.holder}" has stopped renewing its Lease` };
}

/** Until when a stranger that has just renewed counts as alive, on our clock. */
export function strangerEndsAtMs(ha: Ha, { memory }: Present): number | undefined {
  return memory.stranger === undefined ? undefined : memory.stranger.changedAtMs + worstCaseMs(ha);
}

/** While it renews, our replicas stand by as they should; after that the election is looked into. */
function strangerLives(ha: Ha, observation: Present): boolean {
  const end = strangerEndsAtMs(ha, observation);
  return end !== undefined && observation.nowMs < end;
}

function strangerIn({ lease, pods }: Present): Vacancy | undefined {
  if (lease === undefined || holderAmong(lease.holder, pods).kind !== 'stranger') return undefined;
  const message = `Lease "${lease.name}" is held by "${lease.holder}", which is no pod of this resource`;
  return { reason: 'HolderUnknown', message };
}
