/**
 * Whether a leader may be taken down on purpose now: only in a system in which nothing else is going
 * on and somebody stands ready. Each reason against it is a sentence.
 */
import { ConditionType } from '../../../api/status.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { count, records } from '../../../base/read.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import { CAUSE_ANNOTATION, type Pod, readPod } from '../../../decide/observed/pod.ts';
import { deploymentFacts } from '../../../decide/observed/workload.ts';
import type { InstanceSnapshot } from '../../view/decide/instance-snapshot.ts';
import { type InstanceView, instanceView } from '../../view/decide/instance-view.ts';

/** How a leader is taken down. */
export type Method = 'delete' | 'evict' | 'crash';

/** One look at everything, as it is judged before a leader is taken down. */
export interface DrillSnapshot {
  readonly view: InstanceView;
  /** Sorted by name. */
  readonly pods: readonly Pod[];
  /** The pods and the Deployment as they were read. */
  readonly objects: InstanceSnapshot;
}

/** Whom it hits, and who stands ready. */
export interface Target {
  readonly identity: string;
  readonly leader: Pod;
  readonly standbys: readonly Pod[];
}

export type Safety =
  | {
      readonly kind: 'safe';
      readonly target: Target;
      readonly cautions: readonly string[];
      /** The operator would free the Lease. */
      readonly assisted: boolean;
    }
  | { readonly kind: 'unsafe'; readonly reasons: readonly string[] };

/** `nowMs`: the calendar, in ms since 1970. */
export function drillSnapshot(objects: InstanceSnapshot, nowMs: number): DrillSnapshot {
  return { view: instanceView(objects, nowMs), pods: objects.pods.map(readPod), objects };
}

export function safetyOf(snapshot: DrillSnapshot, method: Method): Safety {
  const target = targetOf(snapshot);
  const reasons = [
    ...standingReasons(snapshot.view),
    ...rolloutReasons(snapshot),
    ...podReasons(snapshot, target),
    ...announcedReasons(snapshot),
    ...budgetReasons(snapshot.view, method),
  ];
  if (target === undefined || reasons.length > 0) return { kind: 'unsafe', reasons };
  const cautions = cautionsOf(snapshot, target, method);
  return { kind: 'safe', target, cautions, assisted: isAssisted(snapshot.view) };
}

function targetOf({ view, pods }: DrillSnapshot): Target | undefined {
  const identity = view.leader?.identity ?? '';
  const leader = podOfHolder(identity, pods);
  if (leader === undefined) return undefined;
  const standbys = pods.filter(({ uid, ready, deleting }) => {
    return uid !== leader.uid && ready && !deleting;
  });
  return { identity, leader, standbys };
}

function standingReasons(view: InstanceView): readonly string[] {
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

function rolloutReasons({ view, objects }: DrillSnapshot): readonly string[] {
  const { deployment } = objects;
  if (deployment === undefined) return ['Its Deployment is not there, or may not be read.'];
  const { current, replicas, updated, ready } = deploymentFacts(deployment);
  const { wanted } = view.replicas;
  if (current && replicas === wanted && updated === wanted && ready === wanted) return [];
  return [
    `Something is rolling: of ${wanted} wanted replicas ${replicas} exist, ${updated} updated and ${ready} ready.`,
  ];
}

function podReasons({ view, pods }: DrillSnapshot, target: Target | undefined): readonly string[] {
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

function announcedReasons({ view: { namespace }, pods }: DrillSnapshot): readonly string[] {
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

/** Deleting and crashing are not held to the budget by the API server, so we hold ourselves to it. */
function budgetReasons({ budget }: InstanceView, method: Method): readonly string[] {
  if (budget === undefined || budget.disruptionsAllowed > 0) return [];
  const would = method === 'evict' ? ', so the API server would refuse' : '';
  return [`PodDisruptionBudget "${budget.name}" allows no disruption now${would}.`];
}

function cautionsOf(
  { view, objects }: DrillSnapshot,
  { leader }: Target,
  method: Method,
): readonly string[] {
  const assist = conditionOf(view, ConditionType.FailoverAssistReady);
  const pod = objects.pods.find(({ metadata }) => metadata.uid === leader.uid);
  const left = method === 'crash' && pod !== undefined ? ephemeralCount(pod) : 0;
  return [
    ...(isAssisted(view)
      ? []
      : [
          `The operator would not free the Lease (${assist?.message ?? 'it has not said so'}), so it must expire${withinText(view)}.`,
        ]),
    ...(left > 0 ? [`Pod "${leader.name}" has ${left} ephemeral containers already.`] : []),
  ];
}

function isAssisted(view: InstanceView): boolean {
  const assist = conditionOf(view, ConditionType.FailoverAssistReady);
  return assist?.status === 'True' && assist.reason === 'Watching';
}

function withinText({ election }: InstanceView): string {
  if (election === undefined) return '';
  return `, in ${(election.worstCaseFailoverMilliseconds / 1000).toFixed(1)} s at the latest`;
}

function ephemeralCount(pod: KubeObject): number {
  const { ephemeralContainers } = (pod.spec ?? {}) as { readonly ephemeralContainers?: unknown };
  return count(records(ephemeralContainers).length);
}

function conditionOf({ conditions }: InstanceView, type: string) {
  return conditions.find((condition) => condition.type === type);
}
