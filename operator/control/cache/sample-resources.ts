/** The state of every resource at a scrape, read from the caches: nothing is kept in between. */
import { CONDITIONS } from '../../api/conditions.ts';
import { leaseNameOf } from '../../api/lease-name.ts';
import { defined } from '../../base/defined.ts';
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { record, records, text } from '../../base/read.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { readLease } from '../../decide/observed/lease.ts';
import type { Caches } from './caches.ts';

/** One condition, as it stands in the status. */
export interface ConditionSample {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

/** One resource. */
export interface ResourceSample {
  readonly key: ObjectKey;
  /** `failover.mode`, as written. */
  readonly failoverMode: string;
  /** Of the types that we know only, which bounds their number. */
  readonly conditions: readonly ConditionSample[];
  /** Present while the Lease has a holder. */
  readonly lease?: LeaseSample;
}

/** A Lease with a holder. */
export interface LeaseSample {
  /** Since the record last changed, in ms on our clock. */
  readonly ageMs: number;
  readonly durationMs: number;
}

/** What is read of the caches. */
export type SampledCaches = Pick<Caches, 'resources' | 'children' | 'leaseChangedAtMs'>;

/** In the order of their keys. */
export function sampleResources(caches: SampledCaches, clock: Clock): readonly ResourceSample[] {
  return caches
    .resources()
    .map((resource) => {
      const { namespace = '', name } = resource.metadata;
      const key = { namespace, name };
      const lease = sampleLease(caches, resource, { key, nowMs: clock.nowMs() });
      return {
        key,
        failoverMode: text(record(record(resource.spec).failover).mode) ?? 'Assisted',
        conditions: conditionsOf(resource),
        ...defined({ lease }),
      };
    })
    .toSorted((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1));
}

function conditionsOf(resource: KubeObject): readonly ConditionSample[] {
  return records(record(resource.status).conditions).flatMap(({ type, status, reason }) =>
    typeof type === 'string' && Object.hasOwn(CONDITIONS, type)
      ? [{ type, status: text(status) ?? '', reason: text(reason) ?? '' }]
      : [],
  );
}

function sampleLease(
  caches: SampledCaches,
  resource: KubeObject,
  { key, nowMs }: { readonly key: ObjectKey; readonly nowMs: number },
): LeaseSample | undefined {
  const name = leaseNameOf(resource);
  const lease = caches
    .children(key)
    .find(({ kind, metadata }) => kind === LeaseKind.kind && metadata.name === name);
  if (lease === undefined) return undefined;
  const { holder, durationSeconds } = readLease(lease);
  if (holder === '' || durationSeconds === undefined) return undefined;
  return { ageMs: nowMs - caches.leaseChangedAtMs(lease), durationMs: durationSeconds * 1000 };
}
