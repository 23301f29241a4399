/**
 * What a test and a host of electors say to each other, one JSON line each: commands go in, events
 * come out. `test/candidate/elector` speaks the same with client-go's electors.
 */
import type { ElectionSettings } from '../../../operator/decide/election/settings.ts';

export type Command =
  | ({ readonly kind: 'start'; readonly namespace: string } & Seat & ElectionSettings)
  /** The work ends, and the Lease is released. */
  | { readonly kind: 'release'; readonly elector: string }
  /** The same, but the API server is not heard any more; whether it still hears is `fate`. Only ours. */
  | { readonly kind: 'release-unheard'; readonly elector: string; readonly fate: Unheard }
  /** Blocks the event loop for that long; only a host of ours has one. */
  | { readonly kind: 'block'; readonly ms: number };

/** What becomes of an elector's requests: the answer of each is lost, or the request itself is. */
export type Unheard = 'answer-lost' | 'request-lost';

/** One elector, by its identity, and the Lease that it wants. An elector leads once at most. */
export interface Seat {
  readonly elector: string;
  readonly lease: string;
}

/**
 * `looked`: its first look at the Lease is over. `leading` and `stopped`: it says that it leads,
 * and that it no longer does. `write`: it led, and acted. `renewed`: the API server took its record,
 * which was sent at `atNs`. `releasing`: it sent the record that frees the Lease. `ended`: all is over.
 */
export interface HostLine extends Seat {
  readonly kind: 'looked' | 'leading' | 'stopped' | 'write' | 'renewed' | 'releasing' | 'ended';
  /** CLOCK_MONOTONIC: the same for all processes of a machine. */
  readonly atNs: number;
  /** Of `ended`: an `ElectionEnd`. */
  readonly how?: string;
}

/** Nanoseconds on the clock of `HostLine.atNs`. */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}

/** Milliseconds on the same clock. */
export function monotonicMs(): number {
  return monotonicNs() / 1e6;
}
