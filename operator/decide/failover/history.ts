/**
 * What happened at each change of leader: why the old one ended, how long nobody was known to lead,
 * who won, and what the operator did. Only what was watched is told; nothing is guessed afterwards.
 */

import type { FailoverRecord } from '../../api/types.generated.ts';
import { podOfHolder } from '../observed/holder.ts';
import { nameOfHolder } from '../observed/holder-name.ts';
import type { Pod } from '../observed/pod.ts';
import { causeAtHandover, causeOfEnd } from './cause.ts';
import { REFUSALS } from './refusals.ts';
import type { HistoryInput, HistoryMemory, LeadershipChange, Tenure } from './types.ts';

export const noHistory: HistoryMemory = { isWatched: false, lossesAtMs: [] };

/** More losses than this within `FLAPPING_WINDOW_MS` are flapping. */
const TOLERATED_LOSSES = 3;
const FLAPPING_WINDOW_MS = 600_000;

/** The next memory, and the change that this look showed, if any. */
export function followLeader(
  history: HistoryMemory,
  look: HistoryInput,
): { readonly history: HistoryMemory; readonly change?: LeadershipChange } {
  const { facts, nowMs } = look;
  const { lease } = facts;
  if (lease === undefined) return { history };
  const { tenure } = history;
  const watched = { ...history, isWatched: true };
  if (lease.holder === '') {
    return { history: { ...watched, ...(tenure && { tenure: ending(tenure, look) }) } };
  }
  if (tenure?.identity === lease.holder) {
    return { history: { ...watched, tenure: ending(renewed(tenure, look), look) } };
  }
  const next = beginning(history, lease.holder, look);
  if (tenure === undefined) return { history: { ...watched, tenure: next } };
  const change = changeOf(tenure, look);
  const recent = history.lossesAtMs.filter((atMs) => nowMs - atMs < FLAPPING_WINDOW_MS);
  const lossesAtMs = change.cause === 'LeaseLost' ? [...recent, nowMs] : recent;
  return { history: { ...watched, tenure: next, lossesAtMs }, change };
}

/** Leadership changes often although nothing ended the leaders: their Lease was lost. */
export function isFlapping({ lossesAtMs }: HistoryMemory, nowMs: number): boolean {
  const recent = lossesAtMs.filter((atMs) => nowMs - atMs < FLAPPING_WINDOW_MS);
  return recent.length > TOLERATED_LOSSES;
}

function beginning(
  { isWatched }: HistoryMemory,
  identity: string,
  { facts, nowMs }: HistoryInput,
): Tenure {
  const pod = podOfHolder(identity, facts.pods);
  return {
    identity,
    ...(isWatched && { lastRenewalAtMs: nowMs }),
    record: facts.lease?.record ?? '',
    standbys: standbysBeside(pod, facts.pods),
    decision: { kind: 'hold' },
    ...(pod !== undefined && { podUid: pod.uid }),
  };
}

/** The record has changed: a sign of life, with the standbys of that moment. */
function renewed(tenure: Tenure, { facts, nowMs }: HistoryInput): Tenure {
  const record = facts.lease?.record ?? tenure.record;
  const pod = podOfHolder(tenure.identity, facts.pods);
  const seen = pod === undefined || tenure.podUid !== undefined ? {} : { podUid: pod.uid };
  if (record === tenure.record) return { ...tenure, ...seen };
  return {
    ...tenure,
    ...seen,
    record,
    lastRenewalAtMs: nowMs,
    standbys: standbysBeside(pod, facts.pods),
  };
}

/**
 * Notes why it ends as soon as that shows: afterwards the pod may be gone. What told of an end that was
 * contradicted since is forgotten.
 */
function ending({ cause: noted, ...tenure }: Tenure, look: HistoryInput): Tenure {
  const held = look.facts.lease?.holder === tenure.identity;
  const told = outlivedReport(tenure, look) ? undefined : noted;
  const cause = told ?? causeOfEnd(tenure, look);
  const decision = held ? look.decision : tenure.decision;
  const observes = decision.kind === 'refuse' && decision.because === 'observe-only';
  return {
    ...tenure,
    decision,
    ...(cause !== undefined && { cause }),
    ...(observes && { observedAtMs: tenure.observedAtMs ?? look.nowMs }),
  };
}

function outlivedReport({ identity }: Tenure, { memory }: HistoryInput): boolean {
  const { binding, death, contradicted } = memory;
  return binding?.identity === identity && death === undefined && contradicted !== undefined;
}

function changeOf(tenure: Tenure, look: HistoryInput): LeadershipChange {
  const to = look.facts.lease?.holder ?? '';
  return {
    cause: tenure.cause ?? causeAtHandover(tenure, look),
    fromIdentity: tenure.identity,
    toIdentity: to,
    winner: winnerOf(tenure, podOfHolder(to, look.facts.pods)),
    ...assistOf(tenure, look),
    ...(tenure.lastRenewalAtMs !== undefined && {
      leaderlessMilliseconds: Math.round(look.nowMs - tenure.lastRenewalAtMs),
    }),
  };
}

function winnerOf(tenure: Tenure, pod: Pod | undefined): FailoverRecord['winner'] {
  if (pod === undefined) return 'Unknown';
  if (pod.uid === tenure.podUid) return 'Restarted';
  return tenure.standbys.includes(pod.uid) ? 'Standby' : 'Replacement';
}

type Assist = Pick<FailoverRecord, 'assist' | 'assistReason'>;

function assistOf(tenure: Tenure, { facts, memory, missingRight, nowMs }: HistoryInput): Assist {
  if (facts.policy.mode === 'Disabled') {
    return { assist: 'Disabled', assistReason: REFUSALS.disabled };
  }
  if (memory.clears.some(({ identity }) => identity === tenure.identity)) {
    return { assist: 'Cleared', assistReason: 'The kubelet reported the end of the leader' };
  }
  if (tenure.observedAtMs !== undefined) {
    const savedMs = Math.round(nowMs - tenure.observedAtMs);
    return {
      assist: 'Observed',
      assistReason: `The Lease would have been freed ${savedMs} ms before it changed hands`,
    };
  }
  if (missingRight !== undefined) {
    return { assist: 'Refused', assistReason: `The operator lacks the right to ${missingRight}` };
  }
  if (tenure.decision.kind === 'refuse') {
    return { assist: 'Refused', assistReason: REFUSALS[tenure.decision.because] };
  }
  return tenure.decision.kind === 'clear'
    ? { assist: 'Refused', assistReason: 'The Lease changed hands before it could be freed' }
    : { assist: 'NotNeeded', assistReason: 'The Lease changed hands by itself' };
}

function standbysBeside(leader: Pod | undefined, pods: readonly Pod[]): readonly string[] {
  return pods.filter(({ uid, deleting }) => uid !== leader?.uid && !deleting).map(({ uid }) => uid);
}

/** For people: the pod of an identity, or the identity itself. */
export function leaderName(identity: string): string {
  return nameOfHolder(identity);
}
