/** A maintenance window: hours of the day, in one time zone, in which a drill may begin. */

/** Minutes since midnight; the end is not in it, and may lie before the start: then it spans midnight. */
export interface Window {
  readonly text: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

const GRAMMAR = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)$/;
const DAY_MINUTES = 24 * 60;

/** `02:00-04:00`, `23:30-01:00`; undefined for any other text. */
export function parseWindow(text: string): Window | undefined {
  const match = GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [fromHour = 0, from = 0, toHour = 0, to = 0] = match.slice(1).map(Number);
  const window = { text, fromMinute: fromHour * 60 + from, toMinute: toHour * 60 + to };
  const ends = window.toMinute <= DAY_MINUTES && window.toMinute !== window.fromMinute;
  return ends ? window : undefined;
}

/** Whether the runtime knows a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isWithin({ fromMinute, toMinute }: Window, minute: number): boolean {
  return fromMinute < toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}

/** The minute of the day there. */
export function minuteAt(date: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(date);
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return number('hour') * 60 + number('minute');
}

/** Why no trial may begin at this moment; undefined: it may. */
export function outsideText(window: Window, date: Date, timeZone: string): string | undefined {
  const minute = minuteAt(date, timeZone);
  if (isWithin(window, minute)) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  const now = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  return `It is ${now} in ${timeZone}, outside the window ${window.text}.`;
}
