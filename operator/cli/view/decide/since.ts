/** Ages by the calendar of this machine: they can be off by the difference between two machines' clocks. */

/**
 * Whole ms from a time of the API (RFC 3339) to `nowMs`, which is ms since 1970. Never negative, since clocks differ a
 * little. Undefined: there is no such time.
 */
export function sinceMsOf(time: string | undefined, nowMs: number): number | undefined {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? undefined : elapsedMs(atMs, nowMs);
}

/** The same from an instant in ms since 1970. */
export function elapsedMs(atMs: number, nowMs: number): number {
  return Math.max(0, Math.round(nowMs - atMs));
}
