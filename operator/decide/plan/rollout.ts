/**
 * Rollouts that nobody asked for: a new version of the operator renders other pods. They wait for
 * their turn, so that gateways roll one after the other. What a user changes in the resource rolls at
 * once, and so does the repair of a child that somebody edited: the pods that run are not those that
 * were asked for.
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
  return { waves: plan.waves.map(otherSteps).filter(({ length }) => length > 0), dryRun: [] };
}

/**
 * Pods are being replaced, and there is hope. Not: replicas that became unavailable after the rollout
 * had finished, a Deployment that somebody paused, one that is going, and one that has given up.
 */
export function isRollingOut(facts: DeploymentFacts): boolean {
  if (facts.paused || facts.deleting || facts.progress === 'failed') return false;
  return !facts.current || facts.updated < facts.replicas || facts.progress === 'under-way';
}

/**
 * What we mean differs from what we last applied, in the pods: then no drift explains it. With the
 * hash as it should be, somebody edited the child; without one, too, since every version writes it.
 */
function rendersOtherPods({ live, object, changed }: Extract<Step, { kind: 'update' }>): boolean {
  const applied = live.metadata.annotations?.[APPLIED_HASH_ANNOTATION];
  const meant = object.metadata.annotations?.[APPLIED_HASH_ANNOTATION];
  if (applied === undefined || applied === meant) return false;
  // A change that only the hash tells is one of a field that is gone: it may be in the template.
  const told = changed.filter((path) => !path.includes(APPLIED_HASH_ANNOTATION));
  return told.length === 0 || differences(templateOf(live), templateOf(object), 1).length > 0;
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
