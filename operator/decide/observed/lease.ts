/** A Lease of the controllers, read once from the wire: for reconciling, failover and metrics. */
import { canonicalJson, contentHash } from '../../base/canonical-json.ts';
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { oncePerObject } from '../../base/once-per-object.ts';
import { record } from '../../base/read.ts';
import { seconds } from './container-run.ts';
import { recordOf } from './lease-record.ts';

/** What is read of it. */
export interface Lease {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** At most 512 printable characters. Empty: it has no holder. */
  readonly holder: string;
  readonly durationSeconds?: number;
  /** MicroTime by the holder's clock. */
  readonly acquireTime?: string;
  /** The same in whole seconds. */
  readonly acquiredAtS?: number;
  /** `renewTime`, in ms on the holder's clock. */
  readonly renewedAtMs?: number;
  readonly transitions: number;
  /** Text of the whole spec, or its hash: any change of it shows that its holder lives. */
  readonly record: string;
  /** Another component chooses its holder (KEP-4355): `strategy` or `preferredHolder` is set. */
  readonly coordinated: boolean;
}

/**
 * A longer record, in characters, is kept as a hash: it is kept for each resource, and only compared. No
 * elector's is that long.
 */
const LONGEST_RECORD = 4_096;

/** Fields that are not of the expected type read as absent. */
export const readLease = oncePerObject(({ metadata, spec }: KubeObject): Lease => {
  const { name, uid = '', resourceVersion = '' } = metadata;
  const { strategy, preferredHolder } = record(spec);
  const { holderIdentity, leaseDurationSeconds, leaseTransitions, acquireTime, renewTime } =
    recordOf(spec);
  const renewedAtMs = renewTime === undefined ? Number.NaN : Date.parse(renewTime);
  return {
    name,
    uid,
    resourceVersion,
    holder: holderIdentity,
    transitions: leaseTransitions,
    record: recordText(spec),
    coordinated: isSet(strategy) || isSet(preferredHolder),
    ...defined({
      durationSeconds: leaseDurationSeconds,
      acquireTime,
      acquiredAtS: seconds(acquireTime),
      renewedAtMs: renewedAtMs > 0 ? renewedAtMs : undefined,
    }),
  };
});

function recordText(spec: unknown): string {
  const text = canonicalJson(spec ?? {});
  return text.length <= LONGEST_RECORD ? text : contentHash(text, 64);
}

function isSet(field: unknown): boolean {
  return field !== undefined && field !== null && field !== '';
}
