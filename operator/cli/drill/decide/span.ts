/** Instants and durations that are known between two bounds only. In ms. */

/** From `earliest` to `latest`, both included. */
export interface Span {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** A duration in ms, between two bounds. */
export interface Duration {
  readonly atLeastMs: number;
  readonly atMostMs: number;
}

/** From the one instant to the other, when each is only known to lie in a span. */
export function between(from: Span, to: Span): Duration {
  return {
    atLeastMs: Math.max(0, to.earliestMs - from.latestMs),
    atMostMs: Math.max(0, to.latestMs - from.earliestMs),
  };
}
