/** From what was measured to what is told of a trial: instants of the calendar, and whole ms. */
import type { KubeObject } from '../../base/kube-object.ts';
import { record, text } from '../../base/read.ts';
import { nameOfHolder } from '../../decide/observed/holder-name.ts';
import { type Duration, ledBy, type Measured } from './decide/measure.ts';
import type { Side, Takeover } from './decide/verdict.ts';
import { type Site, wallMsAt } from './site.ts';
import type { Worked } from './works.ts';

export function takeoverBy(
  site: Site,
  measured: Measured,
  { to, worked }: { readonly to: Side; readonly worked: Worked },
): Takeover {
  const told = worked.kind === 'known' ? ledBy(measured, worked.atMs) : measured;
  const { leaderless, end, begin, seenAtMs, acquireTime } = told;
  return {
    to,
    leaderless: rounded(leaderless),
    end: { earliest: instant(site, end.earliestMs), latest: instant(site, end.latestMs) },
    begin: {
      earliest: instant(site, begin.earliestMs),
      seen: instant(site, seenAtMs),
      latest: instant(site, begin.latestMs),
    },
    works: worked.kind === 'known' ? { kind: 'known', after: rounded(worked.after) } : worked,
    ...(acquireTime !== undefined && { acquireTime }),
  };
}

/** A holder and its pod, with the node where that is known. */
export function sideOf(identity: string, podBy: (name: string) => KubeObject | undefined): Side {
  const pod = nameOfHolder(identity);
  const node = text(record(podBy(pod)?.spec).nodeName);
  return { identity, pod, ...(node !== undefined && { node }) };
}

/** RFC 3339 with ms, by this machine's calendar. */
export function instant(site: Site, atMs: number): string {
  return new Date(wallMsAt(site, atMs)).toISOString();
}

/** Outwards, or it would not hold the true value. */
function rounded({ atLeastMs, atMostMs }: Duration): Duration {
  return { atLeastMs: Math.floor(atLeastMs), atMostMs: Math.ceil(atMostMs) };
}
