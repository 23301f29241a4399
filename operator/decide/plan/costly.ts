/**
 * A resource whose reconciles cost the API server many seconds and change nothing. It is reconciled less
 * often, so that a few of them do not keep the API server, and the workers that others need, busy for ever.
 * When the API server is slow for all resources, the ordinary pauses hold.
 */
import { type KubeFailure, unreachable } from '../../base/failure.ts';
import type { Outcome } from './outcome.ts';

/** How a reconcile ended, as far as it shows what the next one may cost. */
export interface ReconcileCost {
  readonly outcome: Outcome;
  readonly tookMs: number;
  /** The API server has answered requests of this operator lately, of whatever resource. */
  readonly othersAnswered: boolean;
}

/**
 * From this duration on a reconcile is costly, in ms. An ordinary one takes well below 1 s; admission by a
 * webhook may take 10 s.
 */
const COSTLY_FROM_MS = 5_000;
/** The longest pause, in ms: a repair that no watch delivers is noticed within it. */
const LONGEST_PAUSE_MS = 5 * 60_000;
/** A pause is at most this many times as long as the reconcile took. */
const LONGEST_SHARE = 10;

/**
 * How many costly reconciles in a row, with this one. An outcome that shows nothing about the resource (no
 * answer, or the server throttles) leaves the count as it is.
 */
export function costlyInARow(before: number, cost: ReconcileCost): number {
  switch (judge(cost)) {
    case 'costly':
      return before + 1;
    case 'cheap':
      return 0;
    case 'unknown':
      return before;
  }
}

/**
 * How long to wait after so many costly reconciles in a row, in ms: 0 after the first, then twice what it
 * took, doubled each time, up to ten times that and five minutes. An event is reconciled at once all the same.
 */
export function pauseAfterCostlyMs(inARow: number, tookMs: number): number {
  if (inARow < 2) return 0;
  const share = Math.min(LONGEST_SHARE, 2 ** (inARow - 1));
  return Math.min(LONGEST_PAUSE_MS, tookMs * share);
}

function judge({ outcome, tookMs, othersAnswered }: ReconcileCost): 'costly' | 'cheap' | 'unknown' {
  const own = tookMs >= COSTLY_FROM_MS ? 'costly' : 'cheap';
  if (outcome.kind === 'terminal-error') return own;
  const failed = failureIn(outcome);
  return failed === undefined ? 'cheap' : judgeFailure(failed, own, othersAnswered);
}

/** If the status was rejected too, what failed before that counts first. */
function failureIn(outcome: Outcome): KubeFailure | undefined {
  if (outcome.kind === 'unreported') return failureIn(outcome.outcome) ?? outcome.failure;
  return outcome.kind === 'failed' ? outcome.failure : undefined;
}

function judgeFailure(
  { kind }: KubeFailure,
  own: 'costly' | 'cheap',
  othersAnswered: boolean,
): 'costly' | 'cheap' | 'unknown' {
  switch (kind) {
    case 'timeout':
    case 'server-error':
      return othersAnswered ? own : 'unknown';
    case 'invalid':
    case 'denied':
    case 'forbidden':
    case 'bug':
      return own;
    case 'unreachable':
    case 'unauthorized':
    case 'not-found':
    case 'conflict':
    case 'expired':
    case 'throttled':
    case 'aborted':
      return 'unknown';
    default:
      return unreachable(kind);
  }
}
