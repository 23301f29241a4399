/**
 * The record that electors keep in a Lease (client-go's LeaderElectionRecord). A field that is missing or
 * of another type reads as absent, so that no Lease can make the election throw. Its texts are written by
 * others: here, and nowhere else, they are made fit to be compared, logged, shown and written into a status.
 */
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { record as asRecord } from '../../base/read.ts';
import { shownIdentity } from './shown-identity.ts';

/** The fields of a Lease's spec that an election reads and writes. */
export interface LeaseRecord {
  /** As `shownIdentity` gives it, so at most 512 printable characters. Empty: no holder. */
  readonly holderIdentity: string;
  /** Whole seconds, 0 to 2^31 - 1, as the API has it. */
  readonly leaseDurationSeconds?: number;
  /** MicroTime by the holder's clock; for people only. */
  readonly acquireTime?: string;
  /** MicroTime by the holder's clock; only whether it changes is used. */
  readonly renewTime?: string;
  /** 0 to 2^31 - 1, as the API has it. */
  readonly leaseTransitions: number;
}

/** The state of a Lease, as one read shows it. */
export type ObservedLease =
  | { readonly kind: 'held'; readonly record: LeaseRecord }
  /** By its holder: any candidate may acquire it at once. */
  | { readonly kind: 'released'; readonly record: LeaseRecord }
  /** It has no holder, and is not as a release leaves it: another client removed the holder. */
  | { readonly kind: 'emptied'; readonly record: LeaseRecord }
  | { readonly kind: 'absent' };

/** An int32 of the API. */
const LARGEST_COUNT = 2_147_483_647;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** client-go releases with this duration (leaderelection.go, `release`); the API server refuses 0. */
const RELEASED_SECONDS = 1;

/** Reads a Lease; undefined: there is none. */
export function observedLease(lease: KubeObject | undefined): ObservedLease {
  if (lease === undefined) return { kind: 'absent' };
  const record = recordOf(lease.spec);
  if (record.holderIdentity !== '') return { kind: 'held', record };
  return { kind: isRelease(record) ? 'released' : 'emptied', record };
}

/** The record that frees the Lease at once: the one client-go's own release writes. `timestamp`: MicroTime. */
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
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } =
    asRecord(spec);
  return {
    holderIdentity: typeof holderIdentity === 'string' ? shownIdentity(holderIdentity) : '',
    ...defined({
      leaseDurationSeconds: isCount(leaseDurationSeconds) ? leaseDurationSeconds : undefined,
      acquireTime: isTime(acquireTime) ? acquireTime : undefined,
      renewTime: isTime(renewTime) ? renewTime : undefined,
    }),
    leaseTransitions: isCount(leaseTransitions) ? leaseTransitions : 0,
  };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_COUNT;
}

/** RFC 3339, of a day that exists. */
function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}
