/**
 * The record in a Lease that electors keep, read as it stands: whatever a hand left out or spoilt
 * reads as absent, so that no Lease can make the election throw.
 */
import type { KubeObject } from '../base/kube-object.ts';

/** The fields of a Lease's spec that an election reads and writes. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds?: number;
  /** MicroTime by the holder's clock; for people only. */
  readonly acquireTime?: string;
  /** MicroTime by the holder's clock; only whether it changes means something. */
  readonly renewTime?: string;
  readonly leaseTransitions: number;
}

/** What one look at a Lease shows. */
export type Sighting =
  | { readonly kind: 'held'; readonly record: LeaseRecord }
  | { readonly kind: 'released'; readonly record: LeaseRecord } // by its holder, for anyone to take
  | { readonly kind: 'emptied'; readonly record: LeaseRecord } // no holder, and no release: a hand
  | { readonly kind: 'absent' };

/** client-go releases with this duration; the API server refuses 0. */
const RELEASED_SECONDS = 1;

/** Reads a Lease, or its absence. */
export function sightingOf(lease: KubeObject | undefined): Sighting {
  if (lease === undefined) return { kind: 'absent' };
  const record = recordOf(lease.spec);
  if (record.holderIdentity !== '') return { kind: 'held', record };
  return { kind: isRelease(record) ? 'released' : 'emptied', record };
}

/** The record that frees the Lease for everyone at once: the one client-go's own release writes. */
export function releasedRecord(record: LeaseRecord, timestamp: string): LeaseRecord {
  return {
    holderIdentity: '',
    leaseDurationSeconds: RELEASED_SECONDS,
    acquireTime: timestamp,
    renewTime: timestamp,
    leaseTransitions: record.leaseTransitions,
  };
}

/** A release has both times from one clock reading; a record that was renewed and then emptied has not. */
function isRelease({ leaseDurationSeconds, acquireTime, renewTime }: LeaseRecord): boolean {
  const atOnce = acquireTime !== undefined && acquireTime === renewTime;
  return leaseDurationSeconds === RELEASED_SECONDS && atOnce;
}

/** The record of a Lease's spec, whatever that is. */
export function recordOf(spec: unknown): LeaseRecord {
  const fields: Readonly<Record<string, unknown>> = isRecord(spec) ? spec : {};
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } = fields;
  return {
    holderIdentity: typeof holderIdentity === 'string' ? holderIdentity : '',
    ...(isCount(leaseDurationSeconds) && { leaseDurationSeconds }),
    ...(typeof acquireTime === 'string' && { acquireTime }),
    ...(typeof renewTime === 'string' && { renewTime }),
    leaseTransitions: isCount(leaseTransitions) ? leaseTransitions : 0,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
