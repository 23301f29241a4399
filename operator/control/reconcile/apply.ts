/**
 * Runs a plan against the API server and collects the result of each step. Knows no kinds. Failures are
 * values. All checks come before the first write: if an object is foreign, or a dry run is rejected, no
 * step runs, and what runs in the cluster is left as it is.
 */
import { failureOf } from '../../base/failure.ts';
import { refOf } from '../../base/kube-object.ts';
import { type Adoption, adopt } from '../../decide/plan/adoption.ts';
import { equalInOurFields } from '../../decide/plan/difference.ts';
import type { StepResult } from '../../decide/plan/outcome.ts';
import type { Plan, Step } from '../../decide/plan/step.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { forceApply, performStep } from './perform-step.ts';

/** Limits of the requests, and the resource of the plan. */
export interface ApplyPlanOptions extends CallOptions {
  /** The resource of the plan: decides whether an object that exists already is ours. */
  readonly owner: { readonly name: string; readonly uid: string };
}

/** Never throws. A wave runs only when all steps of the one before are done. */
export async function applyPlan(
  kube: KubeClient,
  plan: Plan,
  options: ApplyPlanOptions,
): Promise<readonly StepResult[]> {
  const steps = plan.waves.flat();
  const obstacles = steps.flatMap(obstacle);
  if (obstacles.length > 0) return obstacles;

  // In parallel, since neither writes; a step that its check has changed is tried anew.
  const [checks, early] = await Promise.all([
    Promise.all(steps.map((step) => checkCreate(kube, step, options))),
    Promise.all(plan.dryRun.map((step) => dryRun(kube, step, options))),
  ]);
  const stops = checks.flatMap((check) => (check.kind === 'stop' ? [check.result] : []));
  if (stops.length > 0) return stops;
  const checked = new Map(
    checks.flatMap((check, index) => (check.kind === 'go' ? [[steps[index], check.step]] : [])),
  );
  const asChecked = (step: Step): Step => checked.get(step) ?? step;

  const dryRuns = await Promise.all(
    plan.dryRun.map((step, index) =>
      asChecked(step) === step ? early[index] : dryRun(kube, asChecked(step), options),
    ),
  );
  const rejected = dryRuns.filter((result) => result?.kind === 'failed');
  if (rejected.length > 0) return rejected.filter((result) => result !== undefined);
  const unchanged = new Set(dryRuns.map((result) => result?.step));

  const results: StepResult[] = dryRuns.filter((result) => result !== undefined);
  for (const wave of plan.waves) {
    const open = wave.map(asChecked).filter((step) => !unchanged.has(step));
    const done = await Promise.all(open.map((step) => performStep(kube, step, options)));
    results.push(...done);
    if (done.some((result) => result.kind !== 'done' && result.kind !== 'unchanged')) break;
  }
  return results;
}

/** Steps that are known to be impossible before any request. */
function obstacle(step: Step): readonly StepResult[] {
  if (step.kind === 'refuse') return [{ kind: 'refused', step, owner: step.owner }];
  if (step.kind === 'await') return [{ kind: 'awaiting', step, what: step.what }];
  return [];
}

/**
 * The one live GET before a create: our caches hold labelled objects only, and an apply would merge
 * into a foreign object of the same name. Any other step is as it is.
 */
async function checkCreate(
  kube: KubeClient,
  step: Step,
  options: ApplyPlanOptions,
): Promise<Adoption> {
  if (step.kind !== 'create') return { kind: 'go', step };
  try {
    return adopt(step, await kube.get(refOf(step.object), options), options.owner);
  } catch (error) {
    const failure = failureOf(error);
    return failure.kind === 'not-found'
      ? { kind: 'go', step }
      : { kind: 'stop', result: { kind: 'failed', step, failure } };
  }
}

/**
 * Asks the server for the result without a write. undefined: the step is worth one; else it failed, or
 * changes nothing.
 */
async function dryRun(
  kube: KubeClient,
  step: Step,
  options: ApplyPlanOptions,
): Promise<StepResult | undefined> {
  if (step.kind !== 'create' && step.kind !== 'update') return undefined;
  try {
    const result =
      step.kind === 'create'
        ? await kube.apply(step.object, { ...options, conflicts: 'yield', dryRun: true })
        : await forceApply(kube, step.object, { live: step.live, ...options, dryRun: true });
    return step.kind === 'update' && equalInOurFields(result, step.live, step.object)
      ? { kind: 'unchanged', step }
      : undefined;
  } catch (error) {
    return { kind: 'failed', step, failure: failureOf(error) };
  }
}
