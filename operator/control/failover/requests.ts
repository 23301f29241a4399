/**
 * The requests of the failover loop: live reads, which the caches learn from, and the one conditional
 * write. They decide nothing and never throw: a failure is an answer.
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

export type FailoverClient = Pick<KubeClient, 'get' | 'replace'>;

export interface RequestOptions {
  readonly caches: Caches;
  readonly clock: Clock;
  /** On connections of its own, never behind the reconcilers' requests. */
  readonly client: FailoverClient;
}

/** What was read goes to the caches too: a watch may be silent. */
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

/** An empty holder on condition that nobody has written since. The caches are not told yet. */
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
