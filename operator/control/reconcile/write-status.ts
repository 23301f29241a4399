/**
 * The one write to a resource: its status, as the live CRD stores it. What is refused is tried with less,
 * down to the conditions; it is logged and announced once for each change, and asked for again only
 * when there is something new to say, or after a while.
 */

import { isDeepStrictEqual } from 'node:util';
import { fitStatus } from '../../api/fit-status.ts';
import type { HaStatus } from '../../api/status.ts';
import { contentHash } from '../../base/canonical-json.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import { type KubeObject, keyText } from '../../base/kube-object.ts';
import { IngressControllerHAKind } from '../../base/resource-kinds.ts';
import type { Present } from '../../decide/observed/observation.ts';
import { leanerStatuses } from '../../decide/status/lean-status.ts';
import type { Context } from './context.ts';
import type { Rejection } from './status-rejections.ts';

export type WrittenStatus =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'written'; readonly status: HaStatus }
  /** Refused. `status` is what was written instead; missing: nothing was. */
  | { readonly kind: 'rejected'; readonly failure: KubeFailure; readonly status?: HaStatus }
  /** No answer, or one that another try may change. */
  | { readonly kind: 'failed'; readonly failure: KubeFailure }
  | { readonly kind: 'gone' };

/** How long a refused status is not asked for again while there is nothing new to say. */
const ASK_AGAIN_MS = 300_000;
/** The same while nothing of it is stored: somebody may mend that soon. */
const ASK_AGAIN_FOR_ALL_MS = 60_000;

export async function writeStatus(
  context: Context,
  observation: Present,
  status: HaStatus,
): Promise<WrittenStatus> {
  const { key, status: previous } = observation;
  const wanted = fitStatus(status, context.crd.statusSchema());
  if (isDeepStrictEqual(previous, wanted)) {
    context.rejections.forget(key);
    return { kind: 'unchanged' };
  }
  const known = context.rejections.of(key);
  const { instead } = known ?? {};
  const asBefore =
    instead !== undefined &&
    context.clock.nowMs() < instead.untilMs &&
    isDeepStrictEqual(previous, instead.status) &&
    instead.refused === contentHash(wanted);
  if (asBefore && known !== undefined) return { kind: 'rejected', failure: known.failure };
  const answer = await put(context, observation, wanted);
  if (answer.kind === 'rejected') {
    return writeLess(context, observation, { status, wanted, failure: answer.failure });
  }
  if (answer.kind === 'written' && context.rejections.forget(key)) {
    context.log.info('Status written again', { resource: keyText(key) });
  }
  return answer;
}

/** The fresh schema of the live CRD may say why; if not, what the rejection names is left out. */
async function writeLess(
  context: Context,
  observation: Present,
  refused: {
    readonly status: HaStatus;
    readonly wanted: HaStatus;
    readonly failure: KubeFailure;
  },
): Promise<WrittenStatus> {
  const { status, wanted, failure } = refused;
  const { key } = observation;
  if (failure.kind !== 'invalid' && failure.kind !== 'denied') {
    return tell(context, observation, { failure, stored: [] });
  }
  await context.crd.refresh();
  const fresh = fitStatus(status, context.crd.statusSchema());
  const known = !isDeepStrictEqual(fresh, wanted);
  const leaner = leanerStatuses(fresh, failure.message, observation.status);
  for (const less of [...(known ? [fresh] : []), ...leaner]) {
    const answer = isDeepStrictEqual(observation.status, less)
      ? ({ kind: 'written', status: less } as const)
      : await put(context, observation, less);
    if (answer.kind === 'rejected') continue;
    if (answer.kind !== 'written') return answer;
    if (known && less === fresh) {
      // All that the live CRD declares: the rest is told by the advice about it.
      context.log.warn('Status cut to the live CRD', { resource: keyText(key), ...failure });
      return answer;
    }
    const untilMs = context.clock.nowMs() + ASK_AGAIN_MS;
    const instead = { refused: contentHash(fresh), status: less, untilMs };
    return tell(context, observation, { failure, instead, stored: Object.keys(less) });
  }
  const untilMs = context.clock.nowMs() + ASK_AGAIN_FOR_ALL_MS;
  const instead = { refused: contentHash(fresh), status: observation.status, untilMs };
  return tell(context, observation, { failure, instead, stored: [] });
}

interface Stored {
  /** Members of the status that were written in the end. */
  readonly stored: readonly string[];
}

/** Once for each change: in the log, and as an event, since the status cannot say it. */
function tell(
  context: Context,
  { key, resource }: Present,
  { failure, instead, stored: members }: Pick<Rejection, 'failure' | 'instead'> & Stored,
): WrittenStatus {
  const news = `${failure.kind}: ${failure.message}`;
  const rejection = { news, failure, ...(instead !== undefined && { instead }) };
  if (context.rejections.note(key, rejection)) {
    const stored = members.length === 0 ? 'nothing' : members.join(', ');
    context.log.warn('Status not written', { resource: keyText(key), stored, ...failure });
    context.announce(resource, {
      type: 'Warning',
      reason: 'StatusNotWritten',
      message: `The API server refused the status (written of it: ${stored}): ${failure.message}`,
    });
  }
  const written = members.length > 0 && instead !== undefined;
  return { kind: 'rejected', failure, ...(written && { status: instead.status }) };
}

async function put(
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

/** Only a person, or another content, changes the answer. */
function isRejection(failure: KubeFailure): boolean {
  if (failure.kind === 'forbidden') return failure.cause === 'rights';
  return failure.kind === 'invalid' || failure.kind === 'denied' || failure.kind === 'bug';
}

/**
 * A status that is not found is one of a resource that has gone, or of a CRD without the subresource. The
 * API server has one answer for both, and only of a resource that has gone may we forget all.
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

/** The uid makes a status meant for an earlier resource of this name conflict. */
function statusObject(resource: KubeObject, status: HaStatus): KubeObject {
  const { name, namespace, uid } = resource.metadata;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
    },
    status,
  };
}
