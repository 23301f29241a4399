/**
 * What happened at each change of leader: why the old one ended, how long no leader was known, which pod
 * leads next, and what the operator did. Only what was observed is reported; nothing is concluded afterwards.
 */

import type { FailoverRecord } from '../../api/types.generated.ts';
import { defined } from '../../base/defined.ts';
import { podOfHolder } from '../observed/holder.ts';
import type { Pod } from '../observed/pod.ts';
import { assistOf } from './assist.ts';
import { causeAtHandover, causeOfEnd } from './cause.ts';
import type { HistoryInput, HistoryMemory, LeadershipChange, Tenure } from './history-types.ts';

/** Of a resource that was never observed. */
export const noHistory: HistoryMemory = { isWatched: false, lossesAtMs: [] };

/** More losses than this within `FLAPPING_WINDOW_MS` are flapping. */
const TOLERATED_LOSSES = 3;
const FLAPPING_WINDOW_MS = 600_000;

/** The next memory, and the change of leader that this snapshot shows, if any. */
export function followLeader(
  history: HistoryMemory,
  input: HistoryInput,
): { readonly history: HistoryMemory; readonly change?: LeadershipChange } {
  const { facts, nowMs } = input;
  const { lease } = facts;
  if (lease === undefined) return { history };
  const { tenure } = history;
  const watched = { ...history, isWatched: true };
  if (lease.holder === '') {
    return { history: { ...watched, ...defined({ tenure: tenure && ending(tenure, input) }) } };
  }
  if (tenure?.identity === lease.holder) {
    return { history: { ...watched, tenure: ending(renewed(tenure, input), input) } };
  }
  const next = beginning(history, lease.holder, input);
  if (tenure === undefined) return { history: { ...watched, tenure: next } };
  const change = changeOf(tenure, input);
  const recent = history.lossesAtMs.filter((atMs) => nowMs - atMs < FLAPPING_WINDOW_MS);
  const lossesAtMs = change.cause === 'LeaseLost' ? [...recent, nowMs] : recent;
  return { history: { ...watched, tenure: next, lossesAtMs }, change };
}

/** Leaders lost their Lease more than 3 times within 10 minutes although their processes ran. */
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
    ...defined({ lastRenewalAtMs: isWatched ? nowMs : undefined }),
    record: facts.lease?.record ?? '',
    standbys: standbysBeside(pod, facts.pods),
    decision: { kind: 'hold' },
    ...defined({ podUid: pod?.uid }),
  };
}

/** The holder has it still; if the record has changed, it lives, and the standbys of now are noted. */
function renewed(tenure: Tenure, { facts, nowMs }: HistoryInput): Tenure {
  const record = facts.lease?.record ?? tenure.record;
  const pod = podOfHolder(tenure.identity, facts.pods);
  const podUid = tenure.podUid ?? pod?.uid;
  const known = { ...tenure, ...defined({ podUid }) };
  if (record === tenure.record) return known;
  return {
    ...known,
    record,
    lastRenewalAtMs: nowMs,
    standbys: standbysBeside(pod, facts.pods),
  };
}

/**
 * Notes why it ends as soon as that shows: afterwards the pod may be gone. A cause is forgotten when the
 * report of the end was contradicted.
 */
function ending({ cause: noted, ...tenure }: Tenure, input: HistoryInput): Tenure {
  const held = input.facts.lease?.holder === tenure.identity;
  const known = outlivedReport(tenure, input) ? undefined : noted;
  const cause = known ?? causeOfEnd(tenure, input);
  const decision = held ? input.decision : tenure.decision;
  const observes = decision.kind === 'refuse' && decision.because === 'observe-only';
  return {
    ...tenure,
    decision,
    ...defined({
      cause,
      observedAtMs: observes ? (tenure.observedAtMs ?? input.nowMs) : undefined,
    }),
  };
}

function outlivedReport({ identity }: Tenure, { memory }: HistoryInput): boolean {
  const { binding, death, contradicted } = memory;
  return binding?.identity === identity && death === undefined && contradicted !== undefined;
}

function changeOf(tenure: Tenure, input: HistoryInput): LeadershipChange {
  const to = input.facts.lease?.holder ?? '';
  return {
    cause: tenure.cause ?? causeAtHandover(tenure, input),
    fromIdentity: tenure.identity,
    toIdentity: to,
    winner: winnerOf(tenure, podOfHolder(to, input.facts.pods)),
    ...assistOf(tenure, input),
    ...defined({
      leaderlessMilliseconds: leaderlessMs(tenure, input.nowMs),
    }),
  };
}

/** At most this long no leader was known, in whole ms; undefined: it was not observed alive. */
function leaderlessMs({ lastRenewalAtMs }: Tenure, nowMs: number): number | undefined {
  return lastRenewalAtMs === undefined ? undefined : Math.round(nowMs - lastRenewalAtMs);
}

function winnerOf(tenure: Tenure, pod: Pod | undefined): FailoverRecord['winner'] {
  if (pod === undefined) return 'Unknown';
  if (pod.uid === tenure.podUid) return 'Restarted';
  return tenure.standbys.includes(pod.uid) ? 'Standby' : 'Replacement';
}

function standbysBeside(leader: Pod | undefined, pods: readonly Pod[]): readonly string[] {
  return pods.filter(({ uid, deleting }) => uid !== leader?.uid && !deleting).map(({ uid }) => uid);
}
