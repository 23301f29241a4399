/**
 * A resource whose passes cost the API server many seconds and come to nothing. It pays for them with
 * its own patience, so that a few of them do not keep the API server, and the workers that others need,
 * busy for ever. What everybody suffers from is no fault of one: then the ordinary pauses hold.
 */
import { type KubeFailure, unreachable } from '../../base/failure.ts';
import type { Outcome } from './outcome.ts';

/** How a pass ended, as far as it tells what the next one may cost. */
export interface ReconcileCost {
  readonly outcome: Outcome;
  readonly tookMs: number;
  /** Somebody's requests are answered: the API server is there, and not only for this resource. */
  readonly othersAnswered: boolean;
}

/** An ordinary pass takes well below a second; admission by a webhook may take 10 s. */
const COSTLY_FROM_MS = 5_000;
/** The longest pause: what was mended where no event tells it is noticed within it. */
const LONGEST_PAUSE_MS = 5 * 60_000;
/** A pause is at most so many times what the pass took. */
const LONGEST_SHARE = 10;

/**
 * How many costly passes in a row, with this one. The first may have been bad luck. An ending that says
 * nothing about the resource (nobody answered, the server asks for patience) leaves the count as it is.
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
 * How long to leave it alone after so many costly passes in a row, in ms: nothing after the first, then
 * twice what it took, growing, up to ten times and five minutes. An event looks at once all the same.
 */
export function pauseAfterCostlyMs(inARow: number, tookMs: number): number {
  if (inARow < 2) return 0;
  const share = Math.min(LONGEST_SHARE, 2 ** (inARow - 1));
  return Math.min(LONGEST_PAUSE_MS, tookMs * share);
}

function judge({ outcome, tookMs, othersAnswered }: ReconcileCost): 'costly' | 'cheap' | 'unknown' {
  const own = tookMs >= COSTLY_FROM_MS ? 'costly' : 'cheap';
  if (outcome.kind === 'blocked') return own;
  const failed = failureIn(outcome);
  return failed === undefined ? 'cheap' : judgeFailure(failed, own, othersAnswered);
}

/** Of a pass whose status was refused, what went wrong before counts first. */
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
