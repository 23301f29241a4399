/** The one write of a step, and what became of it. */
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import type { StepResult } from '../../decide/plan/outcome.ts';
import type { Step } from '../../decide/plan/step.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { giveBack } from './give-back.ts';

type Update = Extract<Step, { kind: 'update' }>;

/** What the API server answers to a write on condition of a uid when that object is gone. */
const GONE: ReadonlySet<string> = new Set(['not-found', 'conflict', 'invalid']);

/** Runs one step. Never throws: a failure is a result. */
export function performStep(
  kube: KubeClient,
  step: Step,
  options: CallOptions,
): Promise<StepResult> {
  switch (step.kind) {
    case 'create':
      return attempt(step, () =>
        step.record !== undefined
          ? kube.create({ ...step.object, spec: step.record }, options)
          : kube.apply(step.object, { ...options, conflicts: 'yield' }),
      );
    case 'update':
      return performUpdate(kube, step, options);
    case 'delete':
      return attemptDelete(kube, step, options);
    case 'mark':
      return attemptMark(kube, step, options);
    case 'give-back':
      return attempt(step, () => giveBack(kube, step.object, options));
    case 'refuse':
      return Promise.resolve({ kind: 'refused', step, owner: step.owner });
    case 'await':
      return Promise.resolve({ kind: 'awaiting', step, what: step.what });
  }
}

async function performUpdate(
  kube: KubeClient,
  step: Update,
  options: CallOptions,
): Promise<StepResult> {
  if (step.changed.length === 0) return { kind: 'unchanged', step, object: step.live };
  try {
    const result = await forceApply(kube, step.object, { live: step.live, ...options });
    return sameVersion(result, step.live)
      ? { kind: 'unchanged', step }
      : { kind: 'done', step, object: result };
  } catch (error) {
    return { kind: 'failed', step, failure: failureOf(error) };
  }
}

async function attemptDelete(
  kube: KubeClient,
  step: Extract<Step, { kind: 'delete' }>,
  options: CallOptions,
): Promise<StepResult> {
  const result = await attempt(step, async () => {
    const { uid, resourceVersion } = step;
    await kube.delete(step.ref, { ...options, uid, ...defined({ resourceVersion }) });
    return undefined;
  });
  const gone = result.kind === 'failed' && result.failure.kind === 'not-found';
  return gone ? { kind: 'unchanged', step } : result;
}

/** An apply to a pod that was deleted meanwhile would create one, and the API server rejects that. */
async function attemptMark(
  kube: KubeClient,
  step: Extract<Step, { kind: 'mark' }>,
  options: CallOptions,
): Promise<StepResult> {
  const result = await attempt(step, () =>
    kube.apply(step.object, { ...options, conflicts: 'force' }),
  );
  const gone = result.kind === 'failed' && GONE.has(result.failure.kind);
  return gone ? { kind: 'unchanged', step } : result;
}

/** Applies our fields by force to exactly the object that was observed: another one of that name conflicts. */
export function forceApply(
  kube: KubeClient,
  object: KubeObject,
  options: CallOptions & { readonly live: KubeObject; readonly dryRun?: boolean },
): Promise<KubeObject> {
  const { live, ...rest } = options;
  const metadata = { ...object.metadata, ...defined({ uid: live.metadata.uid }) };
  return kube.apply({ ...object, metadata }, { ...rest, conflicts: 'force' });
}

async function attempt(
  step: Step,
  action: () => Promise<KubeObject | undefined>,
): Promise<StepResult> {
  try {
    const object = await action();
    return object === undefined ? { kind: 'done', step } : { kind: 'done', step, object };
  } catch (error) {
    return { kind: 'failed', step, failure: failureOf(error) };
  }
}

function sameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.resourceVersion === b.metadata.resourceVersion;
}
