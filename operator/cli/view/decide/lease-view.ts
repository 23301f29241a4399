/** The Lease that controllers elect their leader with, as it is shown. */
import { defined } from '../../../base/defined.ts';
import type { Lease } from '../../../decide/observed/lease.ts';
import { elapsedMs } from './since.ts';

/** Durations in whole ms, by the calendar of this machine. */
export interface LeaseView {
  readonly name: string;
  /** Empty: nobody. */
  readonly holder: string;
  readonly transitions: number;
  /** How long the holder may go without a renewal. */
  readonly durationMs?: number;
  /** Since the last renewal. */
  readonly ageMs?: number;
  /** Until standbys may take it; negative: they may since then. Missing while nobody holds it. */
  readonly expiresInMs?: number;
}

/** `nowMs`: the calendar, in ms since 1970. A field that the Lease does not have is missing. */
export function leaseView(lease: Lease, nowMs: number): LeaseView {
  const { name, holder, transitions, durationSeconds, renewedAtMs } = lease;
  const ageMs = renewedAtMs === undefined ? undefined : elapsedMs(renewedAtMs, nowMs);
  const durationMs = durationSeconds === undefined ? undefined : durationSeconds * 1000;
  const expires = ageMs !== undefined && durationMs !== undefined && holder !== '';
  return defined({
    name,
    holder,
    transitions,
    durationMs,
    ageMs,
    expiresInMs: expires ? durationMs - ageMs : undefined,
  });
}
