/** From what was measured to what a report has of a trial: instants of the calendar, and whole ms. */
import { defined } from '../../../base/defined.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, text } from '../../../base/read.ts';
import { nameOfHolder } from '../../../decide/observed/holder-name.ts';
import { type DrillContext, wallMsAt } from '../context.ts';
import { ledBy, type Measured } from '../decide/measure.ts';
import type { Duration } from '../decide/span.ts';
import type { Takeover, TrialLeader, Works } from '../decide/verdict.ts';
import type { WorkResult } from './pushes.ts';

/** Work that was seen narrows when the new leader began. */
export function takeoverOf(
  context: DrillContext,
  measured: Measured,
  { to, workResult }: { readonly to: TrialLeader; readonly workResult: WorkResult },
): Takeover {
  const best = workResult.kind === 'known' ? ledBy(measured, workResult.atMs) : measured;
  const works: Works =
    workResult.kind === 'known' ? { kind: 'known', after: rounded(workResult.after) } : workResult;
  const { leaderless, end, begin, seenAtMs, acquireTime } = best;
  return defined({
    to,
    leaderless: rounded(leaderless),
    end: { earliest: instant(context, end.earliestMs), latest: instant(context, end.latestMs) },
    begin: {
      earliest: instant(context, begin.earliestMs),
      seen: instant(context, seenAtMs),
      latest: instant(context, begin.latestMs),
    },
    works,
    acquireTime,
  });
}

/** A holder and its pod, with the node where that is known. */
export function leaderOf(
  identity: string,
  podBy: (name: string) => KubeObject | undefined,
): TrialLeader {
  const pod = nameOfHolder(identity);
  const node = text(record(podBy(pod)?.spec).nodeName);
  return defined({ identity, pod, node });
}

/** RFC 3339 with ms, by this machine's calendar. */
export function instant(context: DrillContext, atMs: number): string {
  return new Date(wallMsAt(context, atMs)).toISOString();
}

/** Outwards, or it would not hold the true value. */
function rounded({ atLeastMs, atMostMs }: Duration): Duration {
  return { atLeastMs: Math.floor(atLeastMs), atMostMs: Math.ceil(atMostMs) };
}
