/**
 * A machine's clocks, apart from true time. The monotonic one runs too fast or too slow; the
 * calendar runs as fast, is off by any amount, and may be set while the story goes on.
 */
export interface MachineClock {
  /** Its seconds in a true second. client-go's election bears up to LD/RD between two machines. */
  readonly rate: number;
  /** Of the calendar, in ms. */
  offsetMs: number;
}

/** 2026-01-01T00:00:00Z: start of the story by a calendar that is right. */
const START_MS = 1_767_225_600_000;

/** Of its calendar, in ms since the epoch, to the microsecond that a Lease's times have. */
export function calendarMs(clock: MachineClock, nowMs: number): number {
  return START_MS + clock.offsetMs + Math.floor(clock.rate * nowMs * 1000) / 1000;
}

/** Of its calendar, in whole seconds since the epoch: what a kubelet's reports have. */
export function calendarS(clock: MachineClock, nowMs: number): number {
  return Math.floor(calendarMs(clock, nowMs) / 1000);
}

/** True ms that pass while the machine counts `ms`. */
export function trueMs(clock: MachineClock, ms: number): number {
  return ms / clock.rate;
}
