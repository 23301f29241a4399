/** From what was measured to what is told of a trial: instants of the calendar, and whole ms. */
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, text } from '../../../base/read.ts';
import { nameOfHolder } from '../../../decide/observed/holder-name.ts';
import { type DrillContext, wallMsAt } from '../context.ts';
import { type Duration, ledBy, type Measured } from '../decide/measure.ts';
import type { Takeover, TrialLeader } from '../decide/verdict.ts';
import type { WorkResult } from './pushes.ts';

export function takeoverOf(
  context: DrillContext,
  measured: Measured,
  { to, workResult }: { readonly to: TrialLeader; readonly workResult: WorkResult },
): Takeover {
  const told = workResult.kind === 'known' ? ledBy(measured, workResult.atMs) : measured;
  const { leaderless, end, begin, seenAtMs, acquireTime } = told;
  return {
    to,
    leaderless: rounded(leaderless),
    end: { earliest: instant(context, end.earliestMs), latest: instant(context, end.latestMs) },
    begin: {
      earliest: instant(context, begin.earliestMs),
      seen: instant(context, seenAtMs),
      latest: instant(context, begin.latestMs),
    },
    works:
      workResult.kind === 'known'
        ? { kind: 'known', after: rounded(workResult.after) }
        : workResult,
    ...(acquireTime !== undefined && { acquireTime }),
  };
}

/** A holder and its pod, with the node where that is known. */
export function leaderOf(
  identity: string,
  podBy: (name: string) => KubeObject | undefined,
): TrialLeader {
  const pod = nameOfHolder(identity);
  const node = text(record(podBy(pod)?.spec).nodeName);
  return { identity, pod, ...(node !== undefined && { node }) };
}

/** RFC 3339 with ms, by this machine's calendar. */
export function instant(context: DrillContext, atMs: number): string {
  return new Date(wallMsAt(context, atMs)).toISOString();
}

/** Outwards, or it would not hold the true value. */
function rounded({ atLeastMs, atMostMs }: Duration): Duration {
  return { atLeastMs: Math.floor(atLeastMs), atMostMs: Math.ceil(atMostMs) };
}
