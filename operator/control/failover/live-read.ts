/**
 * The live reads before a Lease is freed: what a watch has delivered may be old, and news may be missing.
 * Side by side, each tried once: whoever asks decides what a failure means.
 */
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../../base/kube-object.ts';
import { record, records } from '../../base/read.ts';
import { LeaseKind, NodeKind, PodKind, type ResourceKind } from '../../base/resource-kinds.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

/** What is read: each by its name. */
export interface ReadSubject {
  readonly namespace: string;
  readonly podName: string;
  readonly leaseName: string;
  /** Left out where no write follows. */
  readonly nodeName?: string;
}

export type LiveRead =
  | {
      readonly kind: 'read';
      /** Missing: there is none any more. */
      readonly pod?: KubeObject;
      readonly lease?: KubeObject;
      readonly node: 'unasked' | 'ready' | 'not-ready';
    }
  | { readonly kind: 'failed'; readonly failure: KubeFailure; readonly missingRight?: string };

/** One request is given this long: an answer that takes longer comes too late to help. */
export const READ_TIMEOUT_MS = 2_000;

export async function readLive(
  client: Pick<KubeClient, 'get'>,
  subject: ReadSubject,
  signal: AbortSignal,
): Promise<LiveRead> {
  const options: CallOptions = { timeoutMs: READ_TIMEOUT_MS, retry: 'never', signal };
  const get = (kind: ResourceKind, name: string) =>
    read(client, refTo(kind, { namespace: subject.namespace, name }), options);
  const [pod, lease, node] = await Promise.all([
    get(PodKind, subject.podName),
    get(LeaseKind, subject.leaseName),
    subject.nodeName === undefined ? undefined : get(NodeKind, subject.nodeName),
  ]);
  for (const answer of [pod, lease, node]) if (answer?.kind === 'failed') return answer;
  return {
    kind: 'read',
    node: node === undefined ? 'unasked' : isReady(node) ? 'ready' : 'not-ready',
    ...(pod.kind === 'found' && { pod: pod.object }),
    ...(lease.kind === 'found' && { lease: lease.object }),
  };
}

type Answer =
  | { readonly kind: 'found'; readonly object: KubeObject }
  | { readonly kind: 'absent' }
  | Extract<LiveRead, { kind: 'failed' }>;

async function read(
  client: Pick<KubeClient, 'get'>,
  ref: ObjectRef,
  options: CallOptions,
): Promise<Answer> {
  try {
    return { kind: 'found', object: await client.get(ref, options) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') return { kind: 'absent' };
    return { kind: 'failed', failure, ...missingRight(failure, `get ${ref.kind.toLowerCase()}s`) };
  }
}

/** The right that a refusal names; nothing for any other failure. */
export function missingRight(failure: KubeFailure, right: string) {
  const lacks = failure.kind === 'forbidden' && failure.cause === 'rights';
  return lacks ? { missingRight: right } : {};
}

function refTo({ apiVersion, kind, scope }: ResourceKind, key: ObjectKey): ObjectRef {
  const { namespace, name } = key;
  return scope === 'Cluster' ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace };
}

/** A node that is gone, or that does not say so itself, is not. */
function isReady(answer: Answer): boolean {
  if (answer.kind !== 'found') return false;
  const conditions = records(record(answer.object.status).conditions);
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
