/**
 * Runs a plan against the API server and collects what became of each step. Knows no kinds.
 * Failures come back as values. All looks come before the first write: a foreign object or a
 * refused rehearsal stops the whole plan, and what runs is left as it is.
 */
import { failureOf } from '../../base/failure.ts';
import { type KubeObject, refOf } from '../../base/kube-object.ts';
import { type Adoption, adopt } from '../../decide/plan/adoption.ts';
import { equalInOurFields } from '../../decide/plan/difference.ts';
import { withoutOurLabels } from '../../decide/plan/lease-end.ts';
import type { StepResult } from '../../decide/plan/outcome.ts';
import type { Plan, Step } from '../../decide/plan/step.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

type Update = Extract<Step, { kind: 'update' }>;

export interface ApplyPlanOptions extends CallOptions {
  /** Whose resource the plan serves: decides whether an object that turns up is ours. */
  readonly owner: { readonly name: string; readonly uid: string };
}

export async function applyPlan(
  kube: KubeClient,
  plan: Plan,
  options: ApplyPlanOptions,
): Promise<readonly StepResult[]> {
  const steps = plan.waves.flat();
  const obstacles = steps.flatMap(obstacle);
  if (obstacles.length > 0) return obstacles;

  // Side by side, since neither writes; what a look has changed about a step is rehearsed anew.
  const [looks, early] = await Promise.all([
    Promise.all(steps.map((step) => look(kube, step, options))),
    Promise.all(plan.dryRun.map((step) => rehearse(kube, step, options))),
  ]);
  const stops = looks.flatMap((one) => (one.kind === 'stop' ? [one.result] : []));
  if (stops.length > 0) return stops;
  const found = new Map(
    looks.flatMap((one, index) => (one.kind === 'go' ? [[steps[index], one.step]] : [])),
  );
  const asFound = (step: Step): Step => found.get(step) ?? step;

  const rehearsals = await Promise.all(
    plan.dryRun.map((step, index) =>
      asFound(step) === step ? early[index] : rehearse(kube, asFound(step), options),
    ),
  );
  const refused = rehearsals.filter((result) => result?.kind === 'failed');
  if (refused.length > 0) return refused.filter((result) => result !== undefined);
  const unchanged = new Set(rehearsals.map((result) => result?.step));

  const results: StepResult[] = rehearsals.filter((result) => result !== undefined);
  for (const wave of plan.waves) {
    const open = wave.map(asFound).filter((step) => !unchanged.has(step));
    const done = await Promise.all(open.map((step) => perform(kube, step, options)));
    results.push(...done);
    if (done.some((result) => result.kind !== 'done' && result.kind !== 'unchanged')) break;
  }
  return results;
}

/** Steps that are known to be impossible before anything is asked. */
function obstacle(step: Step): readonly StepResult[] {
  if (step.kind === 'refuse') return [{ kind: 'refused', step, owner: step.owner }];
  if (step.kind === 'await') return [{ kind: 'awaiting', step, what: step.what }];
  return [];
}

/**
 * The one live GET before a create: our caches see labelled objects only, and an apply would merge
 * into a foreign object of the same name.
 */
async function look(kube: KubeClient, step: Step, options: ApplyPlanOptions): Promise<Adoption> {
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

/** Asks the server for the result without writing: refused, no change at all, or worth a write. */
async function rehearse(
  kube: KubeClient,
  step: Step,
  options: ApplyPlanOptions,
): Promise<StepResult | undefined> {
  if (step.kind !== 'create' && step.kind !== 'update') return undefined;
  try {
    const result =
      step.kind === 'create'
        ? await kube.apply(step.object, { ...options, conflicts: 'yield', dryRun: true })
        : await force(kube, step.object, { live: step.live, ...options, dryRun: true });
    return step.kind === 'update' && equalInOurFields(result, step.live, step.object)
      ? { kind: 'unchanged', step }
      : undefined;
  } catch (error) {
    return { kind: 'failed', step, failure: failureOf(error) };
  }
}

function perform(kube: KubeClient, step: Step, options: ApplyPlanOptions): Promise<StepResult> {
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
  options: ApplyPlanOptions,
): Promise<StepResult> {
  if (step.changed.length === 0) return { kind: 'unchanged', step, object: step.live };
  try {
    const result = await force(kube, step.object, { live: step.live, ...options });
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
    await kube.delete(step.ref, { ...options, uid, ...(resourceVersion && { resourceVersion }) });
    return undefined;
  });
  const gone = result.kind === 'failed' && result.failure.kind === 'not-found';
  return gone ? { kind: 'unchanged', step } : result;
}

/** An apply to an object that has gone meanwhile would create one, and is refused for that. */
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

/**
 * Takes our labels off a Lease and leaves its record alone: `address` as `givenBack` makes it. Throws a
 * conflict when somebody wrote meanwhile, or when there is no Lease of that uid any more: then look again.
 */
export async function giveBack(
  kube: Pick<KubeClient, 'apply' | 'replace'>,
  address: KubeObject,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  try {
    const left = await kube.apply(address, { ...options, conflicts: 'force' });
    const cleaned = withoutOurLabels(left);
    return cleaned === undefined ? left : await kube.replace(cleaned, options);
  } catch (error) {
    // It went between the two writes, or its namespace did: then it is given back already.
    const { kind } = failureOf(error);
    if (kind === 'not-found' || kind === 'invalid') return undefined;
    throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(['not-found', 'conflict', 'invalid']);

/** Takes our fields back by force, from exactly the object we saw: a newer one of that name conflicts. */
function force(
  kube: KubeClient,
  object: KubeObject,
  options: CallOptions & { readonly live: KubeObject; readonly dryRun?: boolean },
): Promise<KubeObject> {
  const { live, ...rest } = options;
  const metadata = {
    ...object.metadata,
    ...(live.metadata.uid !== undefined && { uid: live.metadata.uid }),
  };
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
