/** What came of a request that changes a pod. */
import type { KubeFailure } from '../../../base/failure.ts';
import type { ObjectRef } from '../../../base/kube-object.ts';
import { PodKind, refTo } from '../../../base/resource-kinds.ts';
import type { DrillContext } from '../context.ts';

/** Whether the request was done. */
export type StrikeResult = { readonly kind: 'done' } | NotDone;

/** It was not, or perhaps not; `why` is a sentence. */
export type NotDone =
  | { readonly kind: 'failed'; readonly why: string }
  /** No answer came: perhaps it was done all the same. */
  | { readonly kind: 'in-doubt'; readonly why: string };

/** The request was done. */
export const DONE: StrikeResult = { kind: 'done' };

/** Whether the request may have arrived although no answer came. */
export function isLost({ kind }: KubeFailure): boolean {
  return kind === 'unreachable' || kind === 'timeout' || kind === 'server-error';
}

/** A pod of the resource. */
export function podRef({ namespace }: DrillContext, name: string): ObjectRef {
  return refTo(PodKind, { namespace, name });
}
