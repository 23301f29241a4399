/**
 * One live look at every resource of a namespace, or of all, and what belongs to them: a request a
 * kind, however many there are. Reads only; what may not be listed leaves a gap.
 */
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import {
  DeploymentKind,
  DisruptionBudgetKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import { leaseNameOf } from '../../decide/facts.ts';
import { NAME_LABEL, OURS_SELECTOR } from '../../desired/naming.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import type { Gap, InstanceLook } from './look.ts';

type Lister = Pick<KubeClient, 'list'>;

/** Sorted by namespace and name; '' is all namespaces. Throws a KubeError only when the resources cannot be listed. */
export async function lookAtAll(
  client: Lister,
  namespace: string,
  options: CallOptions,
): Promise<readonly InstanceLook[]> {
  const resources = (await client.list(IngressControllerHAKind, namespace, options)).items;
  if (resources.length === 0) return [];
  const gaps: Gap[] = [];

  async function childrenBy(kind: ResourceKind): Promise<ReadonlyMap<string, KubeObject[]>> {
    try {
      const ours = { ...options, labelSelector: OURS_SELECTOR };
      const { items } = await client.list(kind, namespace, ours);
      return Map.groupBy(items, (child) => keyOf(child, child.metadata.labels?.[NAME_LABEL]));
    } catch (error) {
      gaps.push({ what: kind.plural, failure: failureOf(error) });
      return new Map();
    }
  }

  const [deployments, budgets, leases, pods] = await Promise.all(
    [DeploymentKind, DisruptionBudgetKind, LeaseKind, PodKind].map(childrenBy),
  );
  return resources.toSorted(byKey).map((resource) => {
    const key = keyOf(resource, resource.metadata.name);
    const deployment = deployments?.get(key)?.[0];
    const budget = budgets?.get(key)?.[0];
    const leaseName = leaseNameOf(resource);
    const lease = leases?.get(key)?.find(({ metadata }) => metadata.name === leaseName);
    return {
      resource,
      pods: (pods?.get(key) ?? []).toSorted(byKey),
      gaps: gaps.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
      ...(deployment !== undefined && { deployment }),
      ...(budget !== undefined && { budget }),
      ...(lease !== undefined && { lease }),
    };
  });
}

function keyOf({ metadata }: KubeObject, name: string | undefined): string {
  return `${metadata.namespace ?? ''}/${name ?? ''}`;
}

function byKey(a: KubeObject, b: KubeObject): number {
  return keyOf(a, a.metadata.name) < keyOf(b, b.metadata.name) ? -1 : 1;
}
