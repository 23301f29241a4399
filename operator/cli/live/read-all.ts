/**
 * Every resource of a namespace, or of all, and what belongs to them: a request a kind, however many there are. Reads
 * only; what may not be listed leaves a gap.
 */
import { leaseNameOf } from '../../api/lease-name.ts';
import { defined } from '../../base/defined.ts';
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
import { NAME_LABEL, OURS_SELECTOR } from '../../desired/naming.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import type { InstanceSnapshot, ReadGap } from '../view/decide/instance-snapshot.ts';
import { byKind } from './read-instance.ts';

type Lister = Pick<KubeClient, 'list'>;

/** Sorted by namespace and name; '' is all namespaces. Throws a KubeError only when the resources cannot be listed. */
export async function readAllInstances(
  client: Lister,
  namespace: string,
  options: CallOptions,
): Promise<readonly InstanceSnapshot[]> {
  const resources = (await client.list(IngressControllerHAKind, namespace, options)).items;
  if (resources.length === 0) return [];
  const gaps: ReadGap[] = [];

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
    const leaseName = leaseNameOf(resource);
    return defined({
      resource,
      pods: (pods?.get(key) ?? []).toSorted(byKey),
      gaps: gaps.toSorted(byKind),
      deployment: deployments?.get(key)?.[0],
      budget: budgets?.get(key)?.[0],
      lease: leases?.get(key)?.find(({ metadata }) => metadata.name === leaseName),
    });
  });
}

function keyOf({ metadata }: KubeObject, name: string | undefined): string {
  return `${metadata.namespace ?? ''}/${name ?? ''}`;
}

function byKey(a: KubeObject, b: KubeObject): number {
  return keyOf(a, a.metadata.name) < keyOf(b, b.metadata.name) ? -1 : 1;
}
