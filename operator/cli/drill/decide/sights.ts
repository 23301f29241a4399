/** What a drill remembers of a Lease that it looks at many times a second: bounded, and enough to measure by. */
import type { LeaseSight } from './measure.ts';

/** A drill of a quarter of an hour remembers every look; a longer one what bounds its figures. */
export const MOST_SIGHTS = 20_000;

/**
 * The sights with one more, in the order in which they came, at most `most` (at least 4). When there is no
 * more room, looks that showed the same as those beside them go first: of each state stay the first sight,
 * the first by a watch, and the read that was sent last. Then the oldest go, but for the very first. What
 * is gone can only make a measured span wider.
 */
export function withSight(
  sights: readonly LeaseSight[],
  next: LeaseSight,
  most = MOST_SIGHTS,
): readonly LeaseSight[] {
  const all = [...sights, next];
  if (all.length <= most) return all;
  const thin = thinned(all);
  const room = Math.floor(most / 2);
  return thin.length <= room ? thin : [...thin.slice(0, 1), ...thin.slice(1 - room)];
}

function thinned(sights: readonly LeaseSight[]): readonly LeaseSight[] {
  return runsOf(sights).flatMap((run) => {
    const byWatch = run.find(({ sentAtMs }) => sentAtMs === undefined);
    const sentLast = run.reduce((best, sight) => (sentAt(sight) > sentAt(best) ? sight : best));
    return run.filter((sight, at) => at === 0 || sight === byWatch || sight === sentLast);
  });
}

/** Sights in a row that show the same. */
function runsOf(sights: readonly LeaseSight[]): readonly (readonly LeaseSight[])[] {
  const runs: LeaseSight[][] = [];
  let shown = '';
  for (const sight of sights) {
    const shows = JSON.stringify(sight.record);
    const run = runs.at(-1);
    if (run !== undefined && shows === shown) run.push(sight);
    else runs.push([sight]);
    shown = shows;
  }
  return runs;
}

function sentAt({ sentAtMs = Number.NEGATIVE_INFINITY }: LeaseSight): number {
  return sentAtMs;
}
