/** Figures as people read them. */

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** An age as kubectl writes it: `119s`, `9m5s`, `179m`, `7h30m`, `47h`, `7d3h`, `400d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / MINUTE);
  const hours = Math.floor(seconds / HOUR);
  const days = Math.floor(seconds / DAY);
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (minutes < 10) return twoParts([minutes, 'm'], [seconds % MINUTE, 's']);
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return twoParts([hours, 'h'], [minutes % 60, 'm']);
  if (hours < 48) return `${hours}h`;
  if (days < 8) return twoParts([days, 'd'], [hours % 24, 'h']);
  return `${days}d`;
}

/** Since a time of the API, by `nowMs` of the calendar. */
export function ageOf(time: string | undefined, nowMs: number): string {
  const atMs = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(atMs) ? '<unknown>' : age(nowMs - atMs);
}

/** A measured time, to what it can be trusted: `0.91s`, `31.4s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}s`;
}

/** A calculated time: `6.9s`, `38s`. */
export function roughly(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))}s`;
}

/** `1 pod`, `2 pods`. */
export function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function twoParts(first: readonly [number, string], second: readonly [number, string]): string {
  const [rest, unit] = second;
  return first.join('') + (rest === 0 ? '' : `${rest}${unit}`);
}
