/** The Lease that the controllers of one resource elect by: how it is read, and how it is freed. */
import type { KubeObject } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import { readLease } from '../observed/lease.ts';
import { recordOf, releasedRecord } from '../observed/lease-record.ts';
import { isControlled, isLabelled } from '../observed/ownership.ts';
import type { GuardedLease } from './types.ts';

/** `changedAtMs`: when its record last changed, in ms on our clock. */
export function guardedLease(
  lease: KubeObject,
  owner: { readonly name: string },
  changedAtMs: number,
): GuardedLease {
  const ours = isLabelled(lease, owner) && !isControlled(lease);
  return { ...readLease(lease), ours, changedAtMs };
}

/**
 * The Lease as it was read, without a holder. Its resourceVersion stays in it: that makes the write
 * conditional. `timestamp`: MicroTime, for people only.
 */
export function freedLease(lease: KubeObject, timestamp: string): KubeObject {
  const spec = record(lease.spec);
  return { ...lease, spec: { ...spec, ...releasedRecord(recordOf(spec), timestamp) } };
}
