/** Reasons against taking a leader down now, a sentence each. Empty: there is none of that sort. */
import { ConditionType } from '../../../api/status.ts';
import { CAUSE_ANNOTATION } from '../../../decide/observed/pod.ts';
import { deploymentFacts } from '../../../decide/observed/workload.ts';
import type { InstanceView } from '../../view/decide/instance-view.ts';
import type { DrillSnapshot, Method, Target } from './drill-snapshot.ts';

/** The resource itself: it is not Ready, is paused, has one replica, or no leader. */
export function standingReasons(view: InstanceView): readonly string[] {
  const { standing, replicas, paused } = view;
  const elected = conditionOf(view, ConditionType.LeaderElected);
  return [
    ...(standing.kind === 'current' ? [] : [`It is not Ready: ${standing.text}.`]),
    ...(paused
      ? ['It is paused (spec.paused): the operator would not repair what goes wrong.']
      : []),
    ...(replicas.wanted < 2
      ? [`It has ${replicas.wanted} replica: nobody would lead until that one is back.`]
      : []),
    ...(elected?.status === 'True'
      ? []
      : [`No leader is elected: ${elected?.message ?? 'the operator has not said so'}.`]),
  ];
}

/** Its Deployment: it is rolling, or may not be read. */
export function rolloutReasons({ view, instance }: DrillSnapshot): readonly string[] {
  const { deployment } = instance;
  if (deployment === undefined) return ['Its Deployment is not there, or may not be read.'];
  const { current, replicas, updated, ready } = deploymentFacts(deployment);
  const { wanted } = view.replicas;
  if (current && replicas === wanted && updated === wanted && ready === wanted) return [];
  return [
    `Something is rolling: of ${wanted} wanted replicas ${replicas} exist, ${updated} updated and ${ready} ready.`,
  ];
}

/** Its pods: who leads, who stands ready, and who is being deleted. */
export function podReasons(
  { view, pods }: DrillSnapshot,
  target: Target | undefined,
): readonly string[] {
  const { identity } = view.leader ?? {};
  const stopping = pods.filter(({ deleting }) => deleting);
  return [
    ...(identity === undefined ? ['Nobody holds its Lease.'] : []),
    ...(identity !== undefined && target === undefined
      ? [`Its Lease is held by "${identity}", which is no pod of it.`]
      : []),
    ...(target !== undefined && !target.leader.ready
      ? [`Pod "${target.leader.name}", which leads, is not Ready.`]
      : []),
    ...(target !== undefined && target.standbys.length === 0 ? ['No standby is Ready.'] : []),
    ...stopping.map(({ name }) => `Pod "${name}" is being deleted.`),
  ];
}

/** A drill that runs already, or one that was killed before it could clean up. */
export function announcedReasons({ view: { namespace }, pods }: DrillSnapshot): readonly string[] {
  const announced = pods.filter(({ announcedCause }) => announcedCause !== undefined);
  return announced.map(({ name, announcedCause }) => {
    const command = withdrawCommand({ namespace, name });
    return `Pod "${name}" is announced for a ${announcedCause}: another one runs, or was killed before it could clean up (${command}).`;
  });
}

/** By which a person takes back what a drill has announced on a pod. */
export function withdrawCommand(pod: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `kubectl annotate pod ${pod.name} -n ${pod.namespace} ${CAUSE_ANNOTATION}-`;
}

/** The API server holds only evictions to the budget; a drill holds deletions and crashes to it as well. */
export function budgetReasons({ budget }: InstanceView, method: Method): readonly string[] {
  if (budget === undefined || budget.disruptionsAllowed > 0) return [];
  const would = method === 'evict' ? ', so the API server would refuse' : '';
  return [`PodDisruptionBudget "${budget.name}" allows no disruption now${would}.`];
}

/** The condition of that type; undefined while the operator has not written it. */
export function conditionOf({ conditions }: InstanceView, type: string) {
  return conditions.find((condition) => condition.type === type);
}
