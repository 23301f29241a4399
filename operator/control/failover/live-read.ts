/**
 * The live reads before a Lease is freed: what a watch has delivered may be out of date. In parallel, each
 * tried once: the caller decides what a failure means.
 */
import { isConditionTrue } from '../../base/conditions.ts';
import { defined } from '../../base/defined.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { KubeObject, ObjectRef } from '../../base/kube-object.ts';
import {
  LeaseKind,
  NodeKind,
  PodKind,
  type ResourceKind,
  refTo,
} from '../../base/resource-kinds.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

/** What is read: each by its name. */
export interface ReadSubject {
  readonly namespace: string;
  readonly podName: string;
  readonly leaseName: string;
  /** Left out where no write follows. */
  readonly nodeName?: string;
}

/** What was read, or the first request that failed. */
export type LiveRead =
  | {
      readonly kind: 'read';
      /** Missing: there is none any more. So for `lease`. */
      readonly pod?: KubeObject;
      readonly lease?: KubeObject;
      readonly node: 'unasked' | 'ready' | 'not-ready';
    }
  | { readonly kind: 'failed'; readonly failure: KubeFailure; readonly missingRight?: string };

/** Limit of one request, in ms: a later answer would come too late to help. */
export const READ_TIMEOUT_MS = 2_000;

/** GET of Pod, Lease and, if it is named, Node. Never throws. */
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
    ...defined({ pod: foundIn(pod), lease: foundIn(lease) }),
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

/** `right` as a missing one, if that is why the request failed; else nothing. */
export function missingRight(failure: KubeFailure, right: string) {
  const lacks = failure.kind === 'forbidden' && failure.cause === 'rights';
  return lacks ? { missingRight: right } : {};
}

function foundIn(answer: Answer): KubeObject | undefined {
  return answer.kind === 'found' ? answer.object : undefined;
}

/** A node that is gone, or without the condition Ready, is not. */
function isReady(answer: Answer): boolean {
  return answer.kind === 'found' && isConditionTrue(answer.object, 'Ready');
}
