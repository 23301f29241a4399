/** What trials amount to: the values that reports and events are made from. */
import type { FailoverRecord } from '../../../api/types.generated.ts';
import type { Method } from './drill-snapshot.ts';
import type { Duration } from './span.ts';

/** A leader, before a trial or after it. */
export interface TrialLeader {
  readonly identity: string;
  readonly pod: string;
  readonly node?: string;
}

/** One trial, begun and ended. */
export interface Trial {
  /** From 1. */
  readonly number: number;
  readonly method: Method;
  readonly from: TrialLeader;
  /** RFC 3339 with ms, by this machine's clock. */
  readonly struckAt: string;
  /** Missing: nobody has taken over in time. */
  readonly takeover?: Takeover;
  /** What the operator has written about it into `status.failovers`, if it did in time. */
  readonly record?: FailoverRecord;
}

/** How another one took over. */
export interface Takeover {
  readonly to: TrialLeader;
  readonly leaderless: Duration;
  /** When the old leader stopped to lead, and when the new one began: RFC 3339, by this machine's clock. */
  readonly end: { readonly earliest: string; readonly latest: string };
  readonly begin: { readonly earliest: string; readonly seen: string; readonly latest: string };
  /** By the new holder's clock. */
  readonly acquireTime?: string;
  readonly works: Works;
}

/** From the old leader's end until the new one's first successful push. */
export type Works =
  | { readonly kind: 'known'; readonly after: Duration }
  | { readonly kind: 'unknown'; readonly why: string };

/** Why there are fewer trials than were asked for. */
export type Stop =
  | { readonly kind: 'interrupted'; readonly why: string }
  /** It was not safe to begin. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It was not safe again in time after a trial. */
  | { readonly kind: 'not-recovered'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** All trials of one drill. */
export interface Drill {
  readonly namespace: string;
  readonly name: string;
  readonly method: Method;
  readonly wantedTrials: number;
  /** In ms. */
  readonly maxLeaderlessMs: number;
  readonly trials: readonly Trial[];
  readonly stop?: Stop;
}

/** What the drill has shown. `undecided`: it was ended before all trials were done. */
export type DrillVerdict = {
  readonly kind: 'passed' | 'failed' | 'undecided' | 'skipped';
  /** One sentence. */
  readonly text: string;
};

/** A drill and its verdict: what every format of the report is made from. */
export interface DrillReport {
  readonly drill: Drill;
  readonly verdict: DrillVerdict;
}

/** Why a trial does not pass; undefined: it does, since even its upper bound is within the limit, in ms. */
export function trialProblem(trial: Trial, maxLeaderlessMs: number): string | undefined {
  const { takeover } = trial;
  const limit = secondsText(maxLeaderlessMs);
  if (takeover === undefined) return 'nobody has taken over in time';
  const { atLeastMs, atMostMs } = takeover.leaderless;
  if (atLeastMs > maxLeaderlessMs) return `without a leader for more than ${limit}`;
  return atMostMs > maxLeaderlessMs ? `perhaps without a leader for more than ${limit}` : undefined;
}

/** A failed trial decides, then why the drill was ended early. */
export function verdictOf(drill: Drill): DrillVerdict {
  const { trials, wantedTrials, maxLeaderlessMs, stop } = drill;
  const failed = trials.filter((trial) => trialProblem(trial, maxLeaderlessMs) !== undefined);
  const done = `${trials.length} of ${countText(wantedTrials)} done`;
  if (failed.length > 0) {
    const reasons = failed.map((trial) => {
      return `trial ${trial.number} ${trialProblem(trial, maxLeaderlessMs)}`;
    });
    return { kind: 'failed', text: `${capital(reasons.join(', '))}${longestText(trials)}.` };
  }
  if (stop?.kind === 'not-recovered') return { kind: 'failed', text: `${done}. ${stop.why}` };
  if (stop !== undefined) {
    const before = trials.length === 0 ? '' : `${done}. `;
    return { kind: 'undecided', text: `${before}${stop.why}` };
  }
  const within = `within ${secondsText(maxLeaderlessMs)}`;
  return { kind: 'passed', text: `${countText(wantedTrials)} ${within}${longestText(trials)}.` };
}

/** 0 within the limit in all trials or skipped, 1 too slow or not recovered, 2 undecided. */
export function exitCodeOf({ kind }: DrillVerdict): 0 | 1 | 2 {
  switch (kind) {
    case 'passed':
    case 'skipped':
      return 0;
    case 'failed':
      return 1;
    case 'undecided':
      return 2;
  }
}

/** `0.63 - 1.12 s`. */
export function durationText({ atLeastMs, atMostMs }: Duration): string {
  const [least, most] = [hundredths(atLeastMs, Math.floor), hundredths(atMostMs, Math.ceil)];
  return `${least}-${most} s`;
}

/** `5 s`, `0.5 s`. */
export function secondsText(ms: number): string {
  return `${ms / 1000} s`;
}

/** Bounds are rounded outwards, or they would not be bounds. */
function hundredths(ms: number, round: (value: number) => number): string {
  return (round(ms / 10) / 100).toFixed(2);
}

function longestText(trials: readonly Trial[]): string {
  const spans = trials.flatMap(({ takeover }) => takeover?.leaderless ?? []);
  const [longest] = spans.toSorted((one, other) => other.atMostMs - one.atMostMs);
  return longest === undefined ? '' : `; the longest ${durationText(longest)}`;
}

function countText(trials: number): string {
  return trials === 1 ? '1 trial' : `${trials} trials`;
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
