/**
 * One resource and all that belongs to it, read by a request each, for every command that shows or judges it. Reads
 * only. What may not be read leaves a gap with a sentence, and the rest is shown all the same.
 */
import { leaseNameOf } from '../../api/lease-name.ts';
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import {
  DeploymentKind,
  DisruptionBudgetKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
  refTo,
} from '../../base/resource-kinds.ts';
import { childName, selectorText } from '../../desired/naming.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import type { InstanceSnapshot, ReadGap } from '../view/decide/instance-snapshot.ts';

type Reader = Pick<KubeClient, 'get' | 'list'>;

/** Five requests, the resource first. Throws a KubeError only when the resource itself cannot be read. */
export async function readInstance(
  client: Reader,
  key: ObjectKey,
  options: CallOptions,
): Promise<InstanceSnapshot> {
  const resource = await client.get(refTo(IngressControllerHAKind, key), options);
  const { name, namespace = '' } = resource.metadata;
  const gaps: ReadGap[] = [];
  const child = { namespace, name: childName({ name }) };

  async function get(kind: ResourceKind, address: ObjectKey): Promise<KubeObject | undefined> {
    try {
      return await client.get(refTo(kind, address), options);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'not-found') gaps.push({ what: kind.plural, failure });
      return undefined;
    }
  }

  const [deployment, budget, lease, pods] = await Promise.all([
    get(DeploymentKind, child),
    get(DisruptionBudgetKind, child),
    get(LeaseKind, { namespace, name: leaseNameOf(resource) }),
    listPods(client, resource, options).catch((error: unknown) => {
      gaps.push({ what: PodKind.plural, failure: failureOf(error) });
      return [];
    }),
  ]);
  return defined({ resource, pods, gaps: gaps.toSorted(byKind), deployment, budget, lease });
}

/** The order of gaps. */
export function byKind(a: ReadGap, b: ReadGap): number {
  return a.what < b.what ? -1 : 1;
}

/** Pods of one resource never fill a page: there are at most 20 replicas. */
async function listPods(client: Reader, { metadata }: KubeObject, options: CallOptions) {
  const labelSelector = selectorText(metadata);
  const { items } = await client.list(PodKind, metadata.namespace ?? '', {
    ...options,
    labelSelector,
  });
  return items.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
