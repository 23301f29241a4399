/**
 * Rollouts that no user asked for: a new version of the operator renders other pods. They wait for
 * their turn, so that gateways roll one after the other. What a user changes in the resource rolls at
 * once, and so does the repair of a child that another client edited: the pods that run are not those
 * that were asked for.
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { record } from '../../base/read.ts';
import { DeploymentKind } from '../../base/resource-kinds.ts';
import { APPLIED_HASH_ANNOTATION } from '../../desired/naming.ts';
import type { Present } from '../observed/observation.ts';
import type { DeploymentFacts } from '../observed/workload.ts';
import { differences } from './difference.ts';
import { type Plan, refOfStep, type Step } from './step.ts';

/** Whether carrying out the plan replaces pods although neither resource nor child were changed. */
export function startsUnaskedRollout(plan: Plan, observation: Present): boolean {
  return (
    wasApplied(observation) &&
    plan.dryRun.some((step) => step.kind === 'update' && rendersOtherPods(step))
  );
}

/** An earlier reconcile has applied this very generation, or left only its rollout. */
function wasApplied({ resource, status }: Present): boolean {
  if (status.observedGeneration !== (resource.metadata.generation ?? 0)) return false;
  const open = status.conditions?.some(
    ({ type, reason }) => type === 'Stalled' || reason === 'Retrying' || reason === 'Applying',
  );
  return open !== true;
}

/** The same plan with the Deployment left as it is. */
export function withoutRollout(plan: Plan): Plan {
  return { waves: plan.waves.map(otherSteps).filter(({ length }) => length > 0), dryRun: [] };
}

/**
 * Whether pods are being replaced, and may become ready. False for replicas that became unavailable after
 * the rollout had finished, and for a Deployment that is paused, being deleted, or past its deadline.
 */
export function isRollingOut(facts: DeploymentFacts): boolean {
  if (facts.paused || facts.deleting || facts.progress === 'failed') return false;
  return !facts.current || facts.updated < facts.replicas || facts.progress === 'under-way';
}

/**
 * Whether the desired pods differ from those that we last applied. If the applied hash is the desired one,
 * another client edited the child; without a hash too, since every version of the operator writes it.
 */
function rendersOtherPods({ live, object, changed }: Extract<Step, { kind: 'update' }>): boolean {
  const applied = live.metadata.annotations?.[APPLIED_HASH_ANNOTATION];
  const desired = object.metadata.annotations?.[APPLIED_HASH_ANNOTATION];
  if (applied === undefined || applied === desired) return false;
  // A change that only the hash shows is one of a field that is no longer set: it may be in the template.
  const fields = changed.filter((path) => !path.includes(APPLIED_HASH_ANNOTATION));
  return fields.length === 0 || differences(templateOf(live), templateOf(object), 1).length > 0;
}

/** The object with its pod template only. */
function templateOf(deployment: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = deployment;
  const { name } = metadata;
  return { apiVersion, kind, metadata: { name }, template: record(deployment.spec).template };
}

function otherSteps(wave: readonly Step[]): readonly Step[] {
  return wave.filter((step) => refOfStep(step).kind !== DeploymentKind.kind);
}
