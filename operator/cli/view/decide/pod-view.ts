/** A pod of a resource as it is shown. */
import { defined } from '../../../base/defined.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { count, record, records, text } from '../../../base/read.ts';
import { readPod } from '../../../decide/observed/pod.ts';
import { MANAGER_CONTAINER } from '../../../desired/pod/containers.ts';
import { sinceMsOf } from './since.ts';

/** `standby`: Ready, and not the leader; `starting`: not Ready yet. */
export interface PodView {
  readonly name: string;
  readonly uid: string;
  readonly nodeName?: string;
  readonly role: 'leader' | 'standby' | 'stopping' | 'starting';
  readonly ready: boolean;
  /** Its deletion has begun, whatever its role. */
  readonly stopping?: true;
  /** Of the container `manager`. */
  readonly restarts: number;
  /** Since it was created, in whole ms. */
  readonly ageMs: number;
}

/** `leaderPod`: name of the pod that holds the Lease. `nowMs`: the calendar, in ms since 1970. */
export function podView(pod: KubeObject, leaderPod: string | undefined, nowMs: number): PodView {
  const { name, uid, nodeName, ready, deleting } = readPod(pod);
  const containers = records(record(pod.status).containerStatuses);
  const manager = containers.find((container) => container.name === MANAGER_CONTAINER);
  const waiting = ready ? 'standby' : 'starting';
  return defined({
    name,
    uid,
    ready,
    role: name === leaderPod ? 'leader' : deleting ? 'stopping' : waiting,
    restarts: count(manager?.restartCount),
    ageMs: sinceMsOf(text(pod.metadata.creationTimestamp), nowMs) ?? 0,
    stopping: deleting ? true : undefined,
    nodeName,
  });
}
