/**
 * The one write to a resource: its status, as the live CRD stores it. What the API server rejects is tried
 * with less, down to the conditions; it is logged and announced once for each change, and tried again only
 * when the status has changed, or after `TRY_AGAIN_MS`.
 */

import { isDeepStrictEqual } from 'node:util';
import { fitStatus } from '../../api/fit-status.ts';
import type { HaStatus } from '../../api/status.ts';
import { contentHash } from '../../base/canonical-json.ts';
import { defined } from '../../base/defined.ts';
import type { KubeFailure } from '../../base/failure.ts';
import { keyText } from '../../base/kube-object.ts';
import type { Present } from '../../decide/observed/observation.ts';
import { leanerStatuses } from '../../decide/status/lean-status.ts';
import type { Context } from './context.ts';
import { putStatus, type WrittenStatus } from './put-status.ts';
import type { Rejection } from './status-rejections.ts';

/** How long a rejected status that has not changed is not tried again, in ms. */
const TRY_AGAIN_MS = 300_000;
/** The same while nothing of it is stored. */
const TRY_ALL_AGAIN_MS = 60_000;

/** Writes `status` if it differs from the one observed. Failures of requests are values. */
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
    instead.rejected === contentHash(wanted);
  if (asBefore && known !== undefined) return { kind: 'rejected', failure: known.failure };
  const answer = await putStatus(context, observation, wanted);
  if (answer.kind === 'rejected') {
    return writeLess(context, observation, { status, wanted, failure: answer.failure });
  }
  if (answer.kind === 'written' && context.rejections.forget(key)) {
    context.log.info('Status written again', { resource: keyText(key) });
  }
  return answer;
}

/** The live CRD, read again, may declare less; if not, what the rejection names is left out. */
async function writeLess(
  context: Context,
  observation: Present,
  rejected: {
    readonly status: HaStatus;
    readonly wanted: HaStatus;
    readonly failure: KubeFailure;
  },
): Promise<WrittenStatus> {
  const { status, wanted, failure } = rejected;
  const { key } = observation;
  if (failure.kind !== 'invalid' && failure.kind !== 'denied') {
    return reportRejection(context, observation, { failure, stored: [] });
  }
  await context.crd.refresh();
  const fresh = fitStatus(status, context.crd.statusSchema());
  const known = !isDeepStrictEqual(fresh, wanted);
  const leaner = leanerStatuses(fresh, failure.message, observation.status);
  for (const less of [...(known ? [fresh] : []), ...leaner]) {
    const answer = isDeepStrictEqual(observation.status, less)
      ? ({ kind: 'written', status: less } as const)
      : await putStatus(context, observation, less);
    if (answer.kind === 'rejected') continue;
    if (answer.kind !== 'written') return answer;
    if (known && less === fresh) {
      // All that the live CRD declares: there is advice about the rest.
      context.log.warn('Status cut to the live CRD', { resource: keyText(key), ...failure });
      return answer;
    }
    const untilMs = context.clock.nowMs() + TRY_AGAIN_MS;
    const instead = { rejected: contentHash(fresh), status: less, untilMs };
    return reportRejection(context, observation, { failure, instead, stored: Object.keys(less) });
  }
  const untilMs = context.clock.nowMs() + TRY_ALL_AGAIN_MS;
  const instead = { rejected: contentHash(fresh), status: observation.status, untilMs };
  return reportRejection(context, observation, { failure, instead, stored: [] });
}

interface Stored {
  /** Members of the status that were written in the end. */
  readonly stored: readonly string[];
}

/** Once for each change: in the log, and as an event, since the status cannot report it. */
function reportRejection(
  context: Context,
  { key, resource }: Present,
  { failure, instead, stored: members }: Pick<Rejection, 'failure' | 'instead'> & Stored,
): WrittenStatus {
  const reported = `${failure.kind}: ${failure.message}`;
  const rejection = { reported, failure, ...defined({ instead }) };
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
