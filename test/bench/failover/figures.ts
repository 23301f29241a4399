/** From trials to figures: one group a row, and what holds for all of them together. */
import type { Violation } from '../../support/history.ts';
import type { Figure } from '../bench.ts';
import { mean, median, percentile } from '../statistics.ts';
import type { Clear } from './oracle.ts';
import { nameOf, type Row } from './rows.ts';
import type { RowResult } from './run-rows.ts';

/** Mean of the time until a Lease has expired and one standby has noticed: LD + 1.175 RP. */
const EXPIRY_IN_RETRY_PERIODS = 1.175;
/** The harness may differ from the formula by this share. */
const TOLERANCE = 0.05;

export function* rowFigures({ row, trials }: RowResult): Generator<Figure> {
  const { goals } = row;
  const at = figuresOf(nameOf(row));
  const leaderless = trials.map(({ leaderlessMs }) => leaderlessMs);
  yield at('trials', 'count', trials.length);
  yield at('leaderless min', 'ms', percentile(leaderless, 0), { atLeast: goals.min });
  yield at('leaderless mean', 'ms', mean(leaderless), { atMost: goals.mean });
  yield at('leaderless p95', 'ms', percentile(leaderless, 95), { atMost: goals.p95 });
  yield at('leaderless max', 'ms', percentile(leaderless, 100), { atMost: goals.max });
  if (goals.nearFormula === true) yield ratio(row, mean(leaderless));
  const synced = trials.flatMap(({ firstSyncMs }) => firstSyncMs ?? []);
  if (synced.length > 0) {
    yield at('to first sync mean', 'ms', mean(synced));
    yield at('to first sync max', 'ms', percentile(synced, 100));
  }
  const transitions = trials.map((trial) => trial.transitions);
  yield at('transitions mean', 'count', mean(transitions));
  yield at('transitions max', 'count', percentile(transitions, 100), { atMost: goals.transitions });
}

/** Below 1 where a restarted or replaced process stands for election too: 1 to 3 %, by simulation. */
function ratio(row: Row, meanMs: number): Figure {
  const { leaseDurationMs, retryPeriodMs } = row.timings;
  const formulaMs = leaseDurationMs + EXPIRY_IN_RETRY_PERIODS * retryPeriodMs;
  const bounds = { atLeast: 1 - TOLERANCE, atMost: 1 + TOLERANCE };
  return figuresOf(nameOf(row))('mean / formula', 'x', meanMs / formulaMs, bounds);
}

/** Time from the operator's receipt of the deciding event, or from the end of a wait, to the answer. */
export function* shareFigures(of: string, tookMs: readonly number[]): Generator<Figure> {
  const at = figuresOf(of);
  yield at('Leases freed', 'count', tookMs.length, { atLeast: 1 });
  if (tookMs.length === 0) return;
  yield at('p50', 'ms', median(tookMs), { atMost: 30 });
  yield at('p99', 'ms', percentile(tookMs, 99), { atMost: 150 });
  yield at('max', 'ms', percentile(tookMs, 100));
}

/** Over all trials: whoever was struck from a Lease was dead, and never did two act at once. */
export function* safetyFigures(
  clears: readonly Clear[],
  results: readonly RowResult[],
): Generator<Figure> {
  const at = figuresOf('all trials');
  const found = results.flatMap(({ violations }) => violations);
  const count = (kinds: readonly Violation['kind'][]) =>
    found.filter(({ kind }) => kinds.includes(kind)).length;
  const writes = ['overlapping-writes', 'late-write', 'write-without-leadership'] as const;
  const unsafe = clears.filter(({ process }) => process !== 'dead');
  yield at('trials', 'count', results.flatMap(({ trials }) => trials).length);
  yield at('clears seen', 'count', clears.length);
  yield at('unsafe clears', 'count', unsafe.length, { atMost: 0 });
  yield at('two leaders at once', 'count', count(['two-leaders']), { atMost: 0 });
  yield at('overlapping writes', 'count', count(writes), { atMost: 0 });
}

type Bounds = {
  readonly atMost?: number | undefined;
  readonly atLeast?: number | undefined;
};

function figuresOf(of: string) {
  return (
    metric: string,
    unit: Figure['unit'],
    value: number,
    { atMost, atLeast }: Bounds = {},
  ): Figure => ({
    case: of,
    metric,
    unit,
    value,
    ...(atMost !== undefined && { atMost }),
    ...(atLeast !== undefined && { atLeast }),
  });
}
