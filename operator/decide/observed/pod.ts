/**
 * A pod of the controller, read once from the wire: for reconciling, failover, drills and views. What runs
 * in it, where, how its processes ended, and whether such an end proves that the holder is dead.
 */
import { conditionOf, isConditionTrue } from '../../base/conditions.ts';
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { oncePerObject } from '../../base/once-per-object.ts';
import { record, records, text } from '../../base/read.ts';
import { ADC_CONTAINER, MANAGER_CONTAINER } from '../../desired/pod/containers.ts';
import { markOf } from '../../desired/pod/leader-mark.ts';
import { ELECTION_MODE_ANNOTATION } from '../../desired/pod/pod-template.ts';
import { type ContainerRun, runOf } from './container-run.ts';
import { LONGEST_HOST_NAME, ownHostName } from './holder.ts';

/** What is read of it. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  /** Of the state that was read, so that an older state can be recognised. */
  readonly resourceVersion?: string;
  readonly nodeName?: string;
  /** The host name of its processes, where it is not the pod's name: see decide/observed/holder.ts. */
  readonly hostName?: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  /** Deleted without waiting for its kubelet: `kubectl delete --force --grace-period=0`. */
  readonly forced: boolean;
  /** Why the end of its container would prove nothing; undefined: it would. */
  readonly unsupported?: string;
  /** From our label: the release that it runs. */
  readonly version?: string;
  readonly managerImage?: string;
  readonly adcImage?: string;
  /** ConfigMaps that its volumes name. */
  readonly configMaps: readonly string[];
  /** Election mode it was started with, from our annotation. */
  readonly electionMode?: string;
  /** How much it carries of what marks the leader's pod. */
  readonly mark: 'whole' | 'part' | 'none';
  /** Tells pods of one template from those of the next: the ReplicaSet's own label. */
  readonly templateHash?: string;
  /** Reason of the condition DisruptionTarget: who asked for the pod's end. */
  readonly disruption?: string;
  /** The annotation of a drill or a switchover that took the pod down on purpose. */
  readonly announcedCause?: string;
  /** Present run of `manager`; undefined: its kubelet has not reported one yet. */
  readonly current?: ContainerRun;
  /** The run before it in the same pod. */
  readonly previous?: ContainerRun;
}

/** On a pod that is taken down on purpose: the cause that the history is to name, `Drill` or `Switchover`. */
export const CAUSE_ANNOTATION = 'ingressha.dev/failover-cause';

/** Fields that are not of the expected type read as absent. */
export const readPod = oncePerObject((pod: KubeObject): Pod => {
  const { name, uid = '', resourceVersion, labels, annotations, deletionTimestamp } = pod.metadata;
  const spec = record(pod.spec);
  const status = record(pod.status);
  const containers = records(spec.containers);
  const manager = records(status.containerStatuses).find((it) => it.name === MANAGER_CONTAINER);
  return {
    name,
    uid,
    ready: isConditionTrue(pod, 'Ready'),
    deleting: deletionTimestamp !== undefined,
    forced: deletionTimestamp !== undefined && pod.metadata.deletionGracePeriodSeconds === 0,
    mark: markOf(pod),
    configMaps: records(spec.volumes).flatMap(
      (volume) => text(record(volume.configMap).name) ?? [],
    ),
    ...defined({
      resourceVersion,
      nodeName: text(spec.nodeName),
      hostName: ownHostName(pod),
      unsupported: unsupportedShape(name, spec),
      version: labels?.['app.kubernetes.io/version'],
      managerImage: imageOf(containers, MANAGER_CONTAINER),
      adcImage: imageOf(containers, ADC_CONTAINER),
      electionMode: annotations?.[ELECTION_MODE_ANNOTATION],
      templateHash: labels?.['pod-template-hash'],
      disruption: isConditionTrue(pod, 'DisruptionTarget')
        ? text(conditionOf(pod, 'DisruptionTarget')?.reason)
        : undefined,
      announcedCause: annotations?.[CAUSE_ANNOTATION],
      current: manager && runOf(record(manager.state), manager),
      previous: manager && runOf(record(manager.lastState), manager),
    }),
  };
});

/**
 * The fields that a reconcile decides on. Heartbeats, restarts and ends of containers concern failover
 * only.
 */
export function reconciledPod(pod: Pod): Partial<Pod> {
  const { resourceVersion: _, forced: __, unsupported: ___, ...rest } = pod;
  const { templateHash: _t, disruption: _d, announcedCause: _a, ...more } = rest;
  const { current: _c, previous: _p, ...decisive } = more;
  return decisive;
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

function imageOf(containers: readonly Readonly<Record<string, unknown>>[], name: string) {
  return text(containers.find((container) => container.name === name)?.image);
}
