/** Percentiles by nearest rank: every figure is a value that was really measured, none is interpolated. */

/** The smallest sample that at least `percent` per cent of all samples do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('Cannot give a percentile of no samples.');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}

export function mean(samples: readonly number[]): number {
  if (samples.length === 0) throw new Error('Cannot give the mean of no samples.');
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
}
