/**
 * A pod as failover sees it: which process runs in its `manager`, how an earlier one ended, and
 * whether the end of a container proves the end of an elector here at all.
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { record, records, text } from '../../base/read.ts';
import { MANAGER_CONTAINER } from '../../desired/pod/containers.ts';
import { LONGEST_HOST_NAME, ownHostName } from './holder.ts';

export interface CandidatePod {
  readonly name: string;
  readonly uid: string;
  /** Of the state that was read: tells an older one from a newer. */
  readonly resourceVersion?: string;
  readonly nodeName?: string;
  /** As in decide/observed/holder.ts: where it is not the pod's name. */
  readonly hostName?: string;
  readonly deleting: boolean;
  /** Deleted without waiting for its kubelet: `--force --grace-period=0`. */
  readonly forced: boolean;
  /** Why the end of its container would prove nothing; undefined: it would. */
  readonly unsupported?: string;
  /** From our label: the release that it runs. */
  readonly version?: string;
  /** Tells pods of one template from those of the next: the ReplicaSet's own label. */
  readonly templateHash?: string;
  readonly ready: boolean;
  /** Reason of the condition DisruptionTarget: who asked for the pod's end. */
  readonly disruption?: string;
  /** What a person who took the pod down on purpose has written on it. */
  readonly announcedCause?: string;
  /** Present run of `manager`; undefined: its kubelet has not reported one yet. */
  readonly current?: ContainerRun;
  /** The run before it in the same pod. */
  readonly previous?: ContainerRun;
}

/** One run of a container, as its kubelet reports it. Times are whole seconds on the node's clock. */
export type ContainerRun =
  | { readonly kind: 'running'; readonly containerId: string; readonly startedAtS: number }
  | { readonly kind: 'ended'; readonly containerId: string; readonly exit: Exit }
  | { readonly kind: 'waiting' };

export interface Exit {
  readonly code: number;
  readonly reason: string;
  /** Missing: nobody has seen the exit; the kubelet only concluded it. */
  readonly finishedAtS?: number;
}

/** On a pod that a person takes down: the cause that history shall tell, `Drill` or `Switchover`. */
export const CAUSE_ANNOTATION = 'ingressha.dev/failover-cause';

export function candidatePod(pod: KubeObject): CandidatePod {
  const { name, uid = '', resourceVersion, labels, annotations, deletionTimestamp } = pod.metadata;
  const spec = record(pod.spec);
  const status = record(pod.status);
  const manager = records(status.containerStatuses).find((it) => it.name === MANAGER_CONTAINER);
  const current = manager && runOf(record(manager.state), manager);
  const previous = manager && runOf(record(manager.lastState), manager);
  const conditions = records(status.conditions);
  const disruption = text(conditions.find(isTrue('DisruptionTarget'))?.reason);
  const unsupported = unsupportedShape(name, spec);
  const nodeName = text(spec.nodeName);
  const hostName = ownHostName(pod);
  const version = labels?.['app.kubernetes.io/version'];
  const templateHash = labels?.['pod-template-hash'];
  const announcedCause = annotations?.[CAUSE_ANNOTATION];
  return {
    name,
    uid,
    deleting: deletionTimestamp !== undefined,
    forced: deletionTimestamp !== undefined && pod.metadata.deletionGracePeriodSeconds === 0,
    ready: conditions.some(isTrue('Ready')),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(nodeName !== undefined && { nodeName }),
    ...(hostName !== undefined && { hostName }),
    ...(unsupported !== undefined && { unsupported }),
    ...(version !== undefined && { version }),
    ...(templateHash !== undefined && { templateHash }),
    ...(disruption !== undefined && { disruption }),
    ...(announcedCause !== undefined && { announcedCause }),
    ...(current !== undefined && { current }),
    ...(previous !== undefined && { previous }),
  };
}

/** Shapes in which the host name is not the pod's name, or the container's first process not alone. */
function unsupportedShape(name: string, spec: Readonly<Record<string, unknown>>) {
  const set = ['hostNetwork', 'hostPID', 'shareProcessNamespace', 'setHostnameAsFQDN'].find(
    (field) => spec[field] === true,
  );
  if (set !== undefined) return `\`${set}\` is set`;
  const named = ['hostname', 'hostnameOverride'].find((field) => text(spec[field]) !== undefined);
  if (named !== undefined) return `\`${named}\` is set`;
  return name.length > LONGEST_HOST_NAME
    ? `its name is longer than ${LONGEST_HOST_NAME} characters`
    : undefined;
}

function runOf(
  state: Readonly<Record<string, unknown>>,
  status: Readonly<Record<string, unknown>>,
): ContainerRun | undefined {
  if (state.running !== undefined) {
    const containerId = text(status.containerID);
    const startedAtS = seconds(record(state.running).startedAt);
    return containerId === undefined || startedAtS === undefined
      ? { kind: 'waiting' }
      : { kind: 'running', containerId, startedAtS };
  }
  if (state.terminated !== undefined) {
    const ended = record(state.terminated);
    const finishedAtS = seconds(ended.finishedAt);
    const exit = {
      code: typeof ended.exitCode === 'number' ? ended.exitCode : -1,
      reason: text(ended.reason) ?? '',
      ...(finishedAtS !== undefined && { finishedAtS }),
    };
    return { kind: 'ended', containerId: text(ended.containerID) ?? '', exit };
  }
  return state.waiting === undefined ? undefined : { kind: 'waiting' };
}

/** Whole seconds since the epoch. The epoch itself is a runtime's way to say that it does not know. */
export function seconds(time: unknown): number | undefined {
  const parsedMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return parsedMs > 0 ? Math.floor(parsedMs / 1000) : undefined;
}

function isTrue(type: string) {
  return (condition: Readonly<Record<string, unknown>>) =>
    condition.type === type && condition.status === 'True';
}
