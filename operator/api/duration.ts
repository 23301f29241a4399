/**
 * Durations as the resource writes them: `30s`, `1m30s`, `2h`. Whole hours, minutes and seconds
 * only, since a Lease stores whole seconds.
 */

/** The grammar, for JavaScript and CEL alike. Bounded everywhere, so no input makes it slow. */
export const DURATION_PATTERN = '^([0-9]{1,5}(h|m|s)){1,3}$';

/** Longest text that the grammar allows. */
export const DURATION_MAX_LENGTH = 18;

/** No duration is longer: a timer of Node ends at 24.8 days, and a day is past every use. */
export const DURATION_LIMIT = '24h';

const GRAMMAR = new RegExp(DURATION_PATTERN);
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };

/** Whether `text` is a duration of this grammar. */
export function isDuration(text: string): boolean {
  return GRAMMAR.test(text);
}

/** Milliseconds of a duration such as `1m30s`; `undefined` for any other text. */
export function parseDurationMs(text: string): number | undefined {
  if (!isDuration(text)) return undefined;
  let totalMs = 0;
  for (const [, count = '0', unit = 's'] of text.matchAll(/([0-9]+)([hms])/g)) {
    totalMs += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return totalMs;
}

/** The shortest text that parses to `ms`, for whole seconds below 100,000 h: 90000 gives `1m30s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
  return text === '' ? '0s' : text;
}
