/** What a drill remembers of a Lease that it reads many times a second: bounded, and enough to measure by. */
import type { LeaseSample } from './evidence.ts';

/** A drill of a quarter of an hour remembers every sample; a longer one those that bound its figures. */
export const MAX_SAMPLES = 20_000;

/**
 * The samples with one more, in the order in which they came, at most `most` (at least 4). When there is no more room,
 * samples that show the same as those beside them are dropped first: of each state the first one stays, the first by a
 * watch, and the read that was sent last. Then the oldest are dropped, but for the very first. A dropped sample can only
 * make a measured span wider.
 */
export function withSample(
  samples: readonly LeaseSample[],
  next: LeaseSample,
  most = MAX_SAMPLES,
): readonly LeaseSample[] {
  const all = [...samples, next];
  if (all.length <= most) return all;
  const thin = thinned(all);
  const room = Math.floor(most / 2);
  return thin.length <= room ? thin : [...thin.slice(0, 1), ...thin.slice(1 - room)];
}

function thinned(samples: readonly LeaseSample[]): readonly LeaseSample[] {
  return runsOf(samples).flatMap((run) => {
    const byWatch = run.find(({ sentAtMs }) => sentAtMs === undefined);
    const sentLast = run.reduce((best, sample) => (sentAt(sample) > sentAt(best) ? sample : best));
    return run.filter((sample, at) => at === 0 || sample === byWatch || sample === sentLast);
  });
}

/** Samples in a row that show the same. */
function runsOf(samples: readonly LeaseSample[]): readonly (readonly LeaseSample[])[] {
  const runs: LeaseSample[][] = [];
  let shown = '';
  for (const sample of samples) {
    const shows = JSON.stringify(sample.record);
    const run = runs.at(-1);
    if (run !== undefined && shows === shown) run.push(sample);
    else runs.push([sample]);
    shown = shows;
  }
  return runs;
}

function sentAt({ sentAtMs = Number.NEGATIVE_INFINITY }: LeaseSample): number {
  return sentAtMs;
}
