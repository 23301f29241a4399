/**
 * Rollouts that nobody asked for: a new version of the operator renders other pods, or somebody
 * edited the child. They wait for their turn, so that gateways roll one after the other; what a user
 * changes in the resource rolls at once.
 */
import { DeploymentKind } from '../base/resource-kinds.ts';
import { APPLIED_HASH_ANNOTATION } from '../desired/naming.ts';
import type { DeploymentFacts } from './facts.ts';
import type { Present } from './observation.ts';
import { type Plan, refOfStep, type Step } from './plan.ts';

/** Whether carrying out the plan replaces pods although the resource has not changed. */
export function startsUnaskedRollout(plan: Plan, observation: Present): boolean {
  return (
    wasApplied(observation) &&
    plan.rehearse.some((step) => step.kind === 'update' && touchesPods(step.changed))
  );
}

/** An earlier pass has carried out this very generation to the end, or left only its rollout. */
function wasApplied({ resource, status }: Present): boolean {
  if (status.observedGeneration !== (resource.metadata.generation ?? 0)) return false;
  const open = status.conditions?.some(
    ({ type, reason }) => type === 'Stalled' || reason === 'Retrying' || reason === 'Applying',
  );
  return open !== true;
}

/** The same plan with the Deployment left as it is. */
export function withoutRollout(plan: Plan): Plan {
  return { waves: plan.waves.map(otherSteps).filter(({ length }) => length > 0), rehearse: [] };
}

/** Under way: pods of an older template are left, and there is still hope. */
export function isRollingOut(facts: DeploymentFacts): boolean {
  const complete =
    facts.current && facts.updated === facts.replicas && facts.available === facts.replicas;
  return !complete && !facts.deadlineExceeded;
}

/** A change that only the hash tells is one of a field that is gone: it may be in the template. */
function touchesPods(changed: readonly string[]): boolean {
  const told = changed.filter((path) => !path.includes(APPLIED_HASH_ANNOTATION));
  return told.length === 0 || told.some((path) => path.startsWith('spec.template'));
}

function otherSteps(wave: readonly Step[]): readonly Step[] {
  return wave.filter((step) => refOfStep(step).kind !== DeploymentKind.kind);
}
