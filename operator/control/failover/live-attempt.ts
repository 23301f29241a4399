/**
 * The requests of the failover loop: a live look, which the caches learn from, and the one conditional
 * write. They decide nothing, and a failure is an answer.
 */
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { LeaseKind, PodKind } from '../../base/resource-kinds.ts';
import { type Clock, toMicroTime } from '../../base/time.ts';
import { freedLease } from '../../decide/failover/guarded-lease.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Caches } from '../cache/caches.ts';
import { podEssentials } from '../cache/watches.ts';
import {
  type LiveLook,
  LOOK_TIMEOUT_MS,
  lookLive,
  missingRight,
  type Subject,
} from './live-look.ts';
import type { Trouble } from './report.ts';

export type FailoverClient = Pick<KubeClient, 'get' | 'replace'>;

export interface AttemptOptions {
  readonly caches: Caches;
  readonly clock: Clock;
  /** On connections of its own, never behind the reconcilers' requests. */
  readonly client: FailoverClient;
}

/** What is seen goes to the caches too: a watch may be silent. */
export async function lookAndLearn(
  { caches, client }: AttemptOptions,
  subject: Subject,
  signal: AbortSignal,
): Promise<LiveLook> {
  const seen = await lookLive(client, subject, signal);
  if (seen.kind === 'failed') return seen;
  if (seen.pod !== undefined) caches.wrote(PodKind, podEssentials(seen.pod));
  if (seen.lease !== undefined) caches.wrote(LeaseKind, seen.lease);
  return seen;
}

/** An empty holder on condition that nobody has written since. The caches are not told yet. */
export async function writeFreed(
  { client, clock }: AttemptOptions,
  lease: KubeObject,
  signal: AbortSignal,
): Promise<
  | { readonly kind: 'freed'; readonly written: KubeObject }
  | { readonly kind: 'failed'; readonly trouble: Trouble }
> {
  const freed = freedLease(lease, toMicroTime(clock.wallClock()));
  const options = { timeoutMs: LOOK_TIMEOUT_MS, retry: 'never', signal } as const;
  try {
    return { kind: 'freed', written: await client.replace(freed, options) };
  } catch (error) {
    const failure = failureOf(error);
    const trouble = { failure, ...missingRight(failure, 'update leases') };
    return { kind: 'failed', trouble };
  }
}
