/** One write of a status, and what the answer means. */
import type { HaStatus } from '../../api/status.ts';
import { defined } from '../../base/defined.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { IngressControllerHAKind } from '../../base/resource-kinds.ts';
import type { Present } from '../../decide/observed/observation.ts';
import type { Context } from './context.ts';

/** What became of a status. */
export type WrittenStatus =
  /** It was so already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'written'; readonly status: HaStatus }
  /** The API server rejected it. `status` is what was written instead; missing: nothing was. */
  | { readonly kind: 'rejected'; readonly failure: KubeFailure; readonly status?: HaStatus }
  /** No answer, or one that another try may change. */
  | { readonly kind: 'failed'; readonly failure: KubeFailure }
  /** There is no such resource any more. */
  | { readonly kind: 'gone' };

/** One apply of the status subresource. Never throws. */
export async function putStatus(
  context: Context,
  observation: Present,
  status: HaStatus,
): Promise<Exclude<WrittenStatus, { kind: 'unchanged' }>> {
  try {
    const written = await context.kube.apply(statusObject(observation.resource, status), {
      conflicts: 'force',
      subresource: 'status',
      signal: context.signal,
    });
    context.caches.wrote(IngressControllerHAKind, written);
    return { kind: 'written', status };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') return whatIsMissing(context, observation);
    return isRejection(failure) ? { kind: 'rejected', failure } : { kind: 'failed', failure };
  }
}

/** Whether the same request would fail again until a person, or another content, changes that. */
function isRejection(failure: KubeFailure): boolean {
  if (failure.kind === 'forbidden') return failure.cause === 'rights';
  return failure.kind === 'invalid' || failure.kind === 'denied' || failure.kind === 'bug';
}

/**
 * After a 404: the resource is gone, or the CRD declares no status subresource. The API server has one answer
 * for both, and only a resource that is gone may be removed from the caches.
 */
async function whatIsMissing(
  context: Context,
  { resource }: Present,
): Promise<Exclude<WrittenStatus, { kind: 'unchanged' | 'written' }>> {
  const { name, namespace = '', uid } = resource.metadata;
  try {
    const { items } = await context.kube.list(IngressControllerHAKind, namespace, {
      fieldSelector: `metadata.name=${name}`,
      signal: context.signal,
    });
    if (items.some(({ metadata }) => metadata.uid === uid)) {
      return { kind: 'rejected', failure: { kind: 'not-found', message: NO_SUBRESOURCE } };
    }
    context.caches.resourceIsGone(resource);
    return { kind: 'gone' };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

const NO_SUBRESOURCE =
  'Cannot apply the status: the CustomResourceDefinition in the cluster declares no subresource `status`; apply the one of this version';

/** With the uid, so that a status for an earlier resource of this name conflicts. */
function statusObject(resource: KubeObject, status: HaStatus): KubeObject {
  const { name, namespace, uid } = resource.metadata;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { name, ...defined({ namespace, uid }) },
    status,
  };
}
