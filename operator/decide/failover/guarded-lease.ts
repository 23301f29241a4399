/**
 * The Lease of the controllers as failover reads it, and the one record that we may write into it: an
 * empty holder, exactly as client-go's own release does, so that every elector understands it.
 */
import { canonicalJson, contentHash } from '../../base/canonical-json.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import { seconds } from '../observed/candidate-pod.ts';
import { recordOf, releasedRecord } from '../observed/lease-record.ts';
import { isControlled, isLabelled } from '../observed/ownership.ts';
import type { GuardedLease } from './types.ts';

/** `changedAtMs`: when its spec last changed, on our clock. */
export function guardedLease(
  lease: KubeObject,
  owner: { readonly name: string },
  changedAtMs: number,
): GuardedLease {
  const { uid = '', resourceVersion = '' } = lease.metadata;
  const { strategy, preferredHolder } = record(lease.spec);
  const { holderIdentity, acquireTime, renewTime } = recordOf(lease.spec);
  const renewedAtMs = renewTime === undefined ? Number.NaN : Date.parse(renewTime);
  const acquiredAtS = seconds(acquireTime);
  return {
    uid,
    resourceVersion,
    holder: holderIdentity,
    record: recordText(lease.spec),
    changedAtMs,
    ours: isLabelled(lease, owner) && !isControlled(lease),
    coordinated: isSet(strategy) || isSet(preferredHolder),
    ...(acquiredAtS !== undefined && { acquiredAtS }),
    ...(renewedAtMs > 0 && { renewedAtMs }),
  };
}

/**
 * The Lease as it was read, without a holder. Its resourceVersion stays in it: that makes the write
 * conditional. `timestamp`: MicroTime, for people only.
 */
export function freedLease(lease: KubeObject, timestamp: string): KubeObject {
  const spec = record(lease.spec);
  return { ...lease, spec: { ...spec, ...releasedRecord(recordOf(spec), timestamp) } };
}

/** Of a record longer than any elector's a hash: it is kept for each resource, and only compared. */
const LONGEST_RECORD = 4_096;

function recordText(spec: unknown): string {
  const text = canonicalJson(spec ?? {});
  return text.length <= LONGEST_RECORD ? text : contentHash(text, 64);
}

function isSet(field: unknown): boolean {
  return field !== undefined && field !== null && field !== '';
}
