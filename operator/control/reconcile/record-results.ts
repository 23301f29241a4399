/**
 * What the results of a plan change before the watches deliver it: our own writes are in the caches at
 * once, and a difference that the server showed to be none is not tried again.
 */
import { keyText } from '../../base/kube-object.ts';
import { kindOf } from '../../base/resource-kinds.ts';
import type { Present } from '../../decide/observed/observation.ts';
import { trimPod } from '../../decide/observed/trim-pod.ts';
import type { StepResult } from '../../decide/plan/outcome.ts';
import { describeStep, refOfStep } from '../../decide/plan/step.ts';
import type { Context } from './context.ts';

/** Counts, caches, remembers and logs the results of all steps. */
export function recordResults(
  context: Context,
  observation: Present,
  results: readonly StepResult[],
): void {
  for (const result of results) {
    context.count(result);
    if (result.kind === 'done') noteWrite(context, observation, result);
    if (result.kind === 'unchanged') noteFound(context, result);
    if (result.kind === 'unchanged' && result.step.kind === 'update') {
      context.memories.noteNoOp(observation.key, result.step.fingerprint);
    }
  }
}

function noteFound({ caches }: Context, { object }: Extract<StepResult, { kind: 'unchanged' }>) {
  if (object !== undefined) caches.wrote(kindOf(object), object);
}

function noteWrite(
  { caches, log }: Context,
  { key }: Present,
  { step, object }: Extract<StepResult, { kind: 'done' }>,
): void {
  if (object !== undefined) {
    caches.wrote(kindOf(object), step.kind === 'mark' ? trimPod(object) : object);
  }
  // A Lease without our labels is none of ours: the watch delivers it as deleted.
  if (step.kind === 'delete' || step.kind === 'give-back') caches.removed(refOfStep(step), key);
  const reason = 'reason' in step ? step.reason : '';
  const changed = step.kind === 'update' ? { changed: step.changed } : {};
  log.info(step.kind === 'mark' ? 'Pod marked' : 'Child written', {
    resource: keyText(key),
    step: describeStep(step),
    reason,
    ...changed,
  });
}
