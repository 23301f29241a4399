/** The Lease that controllers elect their leader with, as it is shown. */
import { defined } from '../../../base/defined.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { recordOf } from '../../../decide/observed/lease-record.ts';
import { sinceMsOf } from './since.ts';

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
export function leaseView(lease: KubeObject, nowMs: number): LeaseView {
  const { holderIdentity, leaseDurationSeconds, renewTime, leaseTransitions } = recordOf(
    lease.spec,
  );
  const ageMs = sinceMsOf(renewTime, nowMs);
  const durationMs = leaseDurationSeconds === undefined ? undefined : leaseDurationSeconds * 1000;
  const expires = ageMs !== undefined && durationMs !== undefined && holderIdentity !== '';
  return defined({
    name: lease.metadata.name,
    holder: holderIdentity,
    transitions: leaseTransitions,
    durationMs,
    ageMs,
    expiresInMs: expires ? durationMs - ageMs : undefined,
  });
}
