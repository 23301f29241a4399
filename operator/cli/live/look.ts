/**
 * One live look at a resource and all that belongs to it, for every command that shows or judges it.
 * Reads only. What may not be read leaves a gap with a sentence, and the rest is shown all the same.
 */
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { KubeObject, ObjectRef } from '../../base/kube-object.ts';
import {
  DeploymentKind,
  DisruptionBudgetKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import { leaseNameOf } from '../../decide/facts.ts';
import { childName, selectorText } from '../../desired/naming.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

/** The objects as they are, newest read; children that do not exist are missing. */
export interface InstanceLook {
  readonly resource: KubeObject;
  readonly deployment?: KubeObject;
  /** Sorted by name. */
  readonly pods: readonly KubeObject[];
  readonly lease?: KubeObject;
  readonly budget?: KubeObject;
  /** What could not be read, one each: `pods`, and why. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  /** Plural of the kind. */
  readonly what: string;
  readonly failure: KubeFailure;
}

type Reader = Pick<KubeClient, 'get' | 'list'>;

/** Throws a KubeError only when the resource itself cannot be read. */
export async function lookAtInstance(
  client: Reader,
  address: { readonly namespace: string; readonly name: string },
  options: CallOptions,
): Promise<InstanceLook> {
  const resource = await client.get(refTo(IngressControllerHAKind, address), options);
  return lookAround(client, resource, options);
}

/** The same around a resource that has been read already. */
async function lookAround(
  client: Reader,
  resource: KubeObject,
  options: CallOptions,
): Promise<InstanceLook> {
  const { name, namespace = '' } = resource.metadata;
  const gaps: Gap[] = [];
  const child = { namespace, name: childName({ name }) };

  async function get(kind: ResourceKind, address: typeof child): Promise<KubeObject | undefined> {
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
  return {
    resource,
    pods,
    gaps: gaps.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    ...(deployment !== undefined && { deployment }),
    ...(budget !== undefined && { budget }),
    ...(lease !== undefined && { lease }),
  };
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

function refTo(
  { apiVersion, kind }: ResourceKind,
  address: { readonly namespace: string; readonly name: string },
): ObjectRef {
  return { apiVersion, kind, ...address };
}

/** `pods: …` as a sentence, for the end of what is shown. */
export function gapText({ what, failure }: Gap, { resource }: InstanceLook): string {
  const { namespace = '' } = resource.metadata;
  return `${what} in "${namespace}" could not be read: ${failure.message.split('\n')[0]}`;
}
