/** Whether the machine let electors run, so that who led, and how often, tells of them and not of it. */
import type { ElectionSettings } from '../../../operator/decide/election/settings.ts';
import { type ElectorEvent, timesOf } from './history.ts';

/** How evenly the electors ran. A leader writes every 50 ms, and renews every retry period. */
export interface Pace {
  /** Between two writes, or two renewals, of one leader: the longest time, in ms. */
  readonly longestMs: { readonly write: number; readonly renewed: number };
  /** No process was left without CPU, or without an answer, for so long that it shows in who led. */
  readonly isEven: boolean;
}

export function paceOf(
  events: readonly ElectorEvent[],
  { renewDeadlineMs, retryPeriodMs }: ElectionSettings,
): Pace {
  const ofEach = [...Map.groupBy(events, ({ elector }) => elector).values()];
  const longest = (kind: 'write' | 'renewed') =>
    Math.max(0, ...ofEach.flatMap((own) => gapsOf(timesOf(own, kind))));
  const longestMs = { write: longest('write'), renewed: longest('renewed') };
  const isEven =
    longestMs.write < retryPeriodMs / 2 &&
    longestMs.renewed - retryPeriodMs < (renewDeadlineMs - retryPeriodMs) / 2;
  return { longestMs, isEven };
}

function gapsOf(timesMs: readonly number[]): readonly number[] {
  return timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? atMs));
}
