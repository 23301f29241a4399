/**
 * What the leader's pod carries besides its template: a deletion cost, so that a ReplicaSet which has
 * to give up pods gives up the leader last, and a label for `kubectl get pods -L ingressha.dev/role`.
 * Not part of the template, since a new leader must not roll pods.
 */
import type { KubeObject } from '../../base/kube-object.ts';
import { API_GROUP, PodKind, typeMeta } from '../../base/resource-kinds.ts';

/** Label of the leader's pod; no other pod carries it. */
export const ROLE_LABEL = `${API_GROUP}/role`;
/** The value of ROLE_LABEL. */
export const LEADER_ROLE = 'leader';
/** Read by the ReplicaSet controller: among Ready pods the cheapest goes first; the default is 0. */
export const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';
const LEADER_COST = '1000';

/** The pod that gets or loses the mark. */
export interface MarkedPod {
  readonly name: string;
  readonly namespace: string;
  /** A pod that has taken the place of this one must not be marked. */
  readonly uid: string;
}

/** For server-side apply. Without leadership it names none of our fields, which removes them. */
export function leaderMark({ name, namespace, uid }: MarkedPod, leads: boolean): KubeObject {
  const mark = {
    labels: { [ROLE_LABEL]: LEADER_ROLE },
    annotations: { [DELETION_COST_ANNOTATION]: LEADER_COST },
  };
  return { ...typeMeta(PodKind), metadata: { name, namespace, uid, ...(leads && mark) } };
}

/** How much of the mark a pod carries: label and annotation, one of them, or none. */
export function markOf({ metadata }: KubeObject): 'whole' | 'part' | 'none' {
  const marks = [
    metadata.labels?.[ROLE_LABEL] === LEADER_ROLE,
    metadata.annotations?.[DELETION_COST_ANNOTATION] === LEADER_COST,
  ];
  if (marks.every((present) => present)) return 'whole';
  return marks.some((present) => present) ? 'part' : 'none';
}
