/** Names, labels and owner of everything we create: fixed, so that others can rely on them. */
import type { Ha } from '../api/ha.ts';
import type { OwnerReference } from '../base/kube-object.ts';
import { API_GROUP, API_VERSION, RESOURCE_KIND } from '../base/resource-kinds.ts';

/** Names the resource that an object belongs to. */
export const NAME_LABEL = `${API_GROUP}/name`;
/** Says that this operator manages the object; what our watches select by. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
/** The value of MANAGED_BY_LABEL. */
export const MANAGED_BY = 'ingress-controller-ha';
/** Hash of what we applied last: tells a field that is no longer wanted from one that never was ours. */
export const APPLIED_HASH_ANNOTATION = `${API_GROUP}/applied-hash`;
/** Label selector of every watch but that of the resource itself. */
export const OURS_SELECTOR = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;

/** Name of every child but the Lease and the ConfigMap. */
export function childName(ha: Pick<Ha, 'name'>): string {
  return `${ha.name}-icha`;
}

/**
 * `app.kubernetes.io/name` of the controller's pods. Differs from every chart name of the vendors and
 * from our own chart's, whose selectors are just name and instance and would otherwise match our pods.
 */
const CONTROLLER_APP_NAME = 'icha-ingress-controller';

/** What the Deployment, the Service and the PodDisruptionBudget select pods by. Never changes. */
export function selectorLabels(ha: Pick<Ha, 'name'>): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/instance': ha.name,
    'app.kubernetes.io/name': CONTROLLER_APP_NAME,
    [NAME_LABEL]: ha.name,
  };
}

/** Our labels on every child; the user's inherited ones never override them. */
export function childLabels(ha: Pick<Ha, 'name' | 'inherited'>): Readonly<Record<string, string>> {
  return { ...ha.inherited.labels, ...selectorLabels(ha), [MANAGED_BY_LABEL]: MANAGED_BY };
}

/** Controller reference without blockOwnerDeletion: that would need a right on finalizers. */
export function ownerReference(ha: Pick<Ha, 'name' | 'uid'>): OwnerReference {
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    name: ha.name,
    uid: ha.uid,
    controller: true,
  };
}

/** The same selector as text: what the scale subresource hands to an autoscaler. */
export function selectorText(ha: Pick<Ha, 'name'>): string {
  return Object.entries(selectorLabels(ha))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
