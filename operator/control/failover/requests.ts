/**
 * The requests of the failover loop: live reads, whose answers go into the caches, and the one conditional
 * write. They decide nothing and never throw: a failure is a result.
 */
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { LeaseKind, PodKind } from '../../base/resource-kinds.ts';
import { type Clock, toMicroTime } from '../../base/time.ts';
import { freedLease } from '../../decide/failover/guarded-lease.ts';
import { trimPod } from '../../decide/observed/trim-pod.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Caches } from '../cache/caches.ts';
import {
  type LiveRead,
  missingRight,
  READ_TIMEOUT_MS,
  type ReadSubject,
  readLive,
} from './live-read.ts';
import type { Trouble } from './report.ts';

/** What failover needs of the API server. */
export type FailoverClient = Pick<KubeClient, 'get' | 'replace'>;

/** Dependencies of the requests. */
export interface RequestOptions {
  readonly caches: Caches;
  readonly clock: Clock;
  /** On connections of its own, never behind the reconcilers' requests. */
  readonly client: FailoverClient;
}

/** As `readLive`; what was read goes into the caches too, since a watch may be silent. */
export async function readIntoCaches(
  { caches, client }: RequestOptions,
  subject: ReadSubject,
  signal: AbortSignal,
): Promise<LiveRead> {
  const read = await readLive(client, subject, signal);
  if (read.kind === 'failed') return read;
  if (read.pod !== undefined) caches.wrote(PodKind, trimPod(read.pod));
  if (read.lease !== undefined) caches.wrote(LeaseKind, read.lease);
  return read;
}

/**
 * Writes an empty holder on condition that the Lease is unchanged since `lease`. The caches are left as
 * they are.
 */
export async function writeFreed(
  { client, clock }: RequestOptions,
  lease: KubeObject,
  signal: AbortSignal,
): Promise<
  | { readonly kind: 'freed'; readonly written: KubeObject }
  | { readonly kind: 'failed'; readonly trouble: Trouble }
> {
  const freed = freedLease(lease, toMicroTime(clock.wallClock()));
  const options = { timeoutMs: READ_TIMEOUT_MS, retry: 'never', signal } as const;
  try {
    return { kind: 'freed', written: await client.replace(freed, options) };
  } catch (error) {
    const failure = failureOf(error);
    const trouble = { failure, ...missingRight(failure, 'update leases') };
    return { kind: 'failed', trouble };
  }
}
