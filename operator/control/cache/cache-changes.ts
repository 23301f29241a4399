/**
 * What the caches decide about objects: which resource one concerns, which state is newer, and which change
 * is worth a reconcile.
 */
import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { record, text as textOf } from '../../base/read.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import { isNewerVersion } from '../../base/resource-version.ts';
import { readPod, reconciledPod } from '../../decide/observed/pod.ts';
import { NAME_LABEL } from '../../desired/naming.ts';

/**
 * `controllerName` of a resource; empty where it is not set, so that all without one share a name.
 * undefined: no resource.
 */
export function controllerName(resource: KubeObject | undefined): string | undefined {
  if (resource === undefined) return undefined;
  const controller = record(record(resource.spec).controller);
  return textOf(record(controller.config).controllerName) ?? '';
}

/** The id under which the entry of one object lapses: see lapses.ts. */
export function lapseId(key: ObjectKey, text: string): string {
  return `${keyText(key)} ${text}`;
}

/** The resource that an object concerns: itself, or the one that its label names. */
export function keyOf(kind: ResourceKind, object: KubeObject): ObjectKey | undefined {
  const { namespace, name, labels } = object.metadata;
  if (namespace === undefined) return undefined;
  if (kind.kind === IngressControllerHAKind.kind) return { namespace, name };
  const owner = labels?.[NAME_LABEL];
  return owner === undefined ? undefined : { namespace, name: owner };
}

/** Names an object among those of one resource: by kind and name; a resource by its key. */
export function refText(
  object: Pick<KubeObject, 'kind'> & { metadata: { name: string; namespace?: string } },
) {
  return object.kind === IngressControllerHAKind.kind
    ? `${object.metadata.namespace}/${object.metadata.name}`
    : `${object.kind}/${object.metadata.name}`;
}

/** Whether `a` is a newer state than `b`, or a newer object of its name. */
export function isNewer(a: KubeObject, b: KubeObject): boolean {
  return isNewerVersion(a.metadata.resourceVersion, b.metadata.resourceVersion);
}

/**
 * Whether the answer to our own write has another spec than the cache: then a user changed it meanwhile, and
 * it has to be reconciled, since the watch will deliver it as a state that the cache holds already.
 */
export function hasOtherSpec(before: KubeObject | undefined, written: KubeObject): boolean {
  return before !== undefined && before.metadata.generation !== written.metadata.generation;
}

/**
 * Whether a reconcile would decide on the change. Not for the renewal of a Lease, nor for heartbeats of
 * pods.
 */
export function matters(
  kind: ResourceKind,
  old: KubeObject | undefined,
  object: KubeObject,
): boolean {
  if (old === undefined) return true;
  if (kind.kind === LeaseKind.kind) {
    return !isDeepStrictEqual(withoutRenewal(old), withoutRenewal(object));
  }
  if (kind.kind === PodKind.kind) {
    return !isDeepStrictEqual(reconciledPod(readPod(old)), reconciledPod(readPod(object)));
  }
  return old.metadata.resourceVersion !== object.metadata.resourceVersion;
}

function withoutRenewal(lease: KubeObject): unknown {
  const { renewTime: _, ...spec } = record(lease.spec);
  const { name, uid, labels, annotations, ownerReferences, deletionTimestamp } = lease.metadata;
  return { spec, name, uid, labels, annotations, ownerReferences, deletionTimestamp };
}
