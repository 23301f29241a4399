/**
 * How a Lease that we no longer want ends. It is deleted only if no other client used it; one that others
 * may use is given back: an apply that names none of our fields removes our labels, and leaves its record
 * alone.
 *
 * A Lease is shared once the resource asks for that. From then on it carries the mark, every apply of ours
 * carries it too, and only giving it back removes it. A Lease whose holder is no pod of our Deployment is
 * given back too, whether it carries the mark or not.
 */
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { asShared, SHARED_LABEL } from '../../desired/lease.ts';
import {
  childName,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  NAME_LABEL,
  selectorLabels,
} from '../../desired/naming.ts';
import { hostNameOf } from '../observed/holder-name.ts';
import { recordOf } from '../observed/lease-record.ts';

/** `give-back`: our labels are removed, and the Lease stays. */
export type LeaseEnd = 'delete' | 'give-back';

/** Whose Lease it is: that of the resource of this name. */
interface Owner {
  readonly name: string;
}

/** `knownShared`: this very Lease was shared, although another client may have removed its mark since. */
export function endOfLease(lease: KubeObject, owner: Owner, knownShared: boolean): LeaseEnd {
  if (knownShared || isMarkedShared(lease)) return 'give-back';
  const { holderIdentity } = recordOf(lease.spec);
  const isOurs = holderIdentity === '' || isNamedLikeOurs(holderIdentity, owner);
  return isOurs ? 'delete' : 'give-back';
}

/** Whether it carries the mark of a shared Lease. */
export function isMarkedShared({ metadata }: KubeObject): boolean {
  return metadata.labels?.[SHARED_LABEL] !== undefined;
}

/** `desired`, with the mark if it is a Lease and the live one carries it. */
export function markedLike(live: KubeObject, desired: KubeObject): KubeObject {
  return desired.kind === LeaseKind.kind && isMarkedShared(live) ? asShared(desired) : desired;
}

/** For server-side apply: the address of exactly this Lease, and none of our fields. */
export function givenBack({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...defined({ namespace, uid }) },
  };
}

/**
 * The same Lease without our labels, for a write on condition of its version; undefined: it has none. It
 * is needed after an apply that removes them, since that removes only what was applied: labels from a POST
 * of ours (a Lease that was created again after a deletion), or that others own too, stay.
 */
export function withoutOurLabels(lease: KubeObject): KubeObject | undefined {
  const { labels = {} } = lease.metadata;
  const { [NAME_LABEL]: name, [SHARED_LABEL]: _, ...others } = labels;
  const ours: Readonly<Record<string, string>> = {
    ...(name !== undefined && selectorLabels({ name })),
    [MANAGED_BY_LABEL]: MANAGED_BY,
  };
  const left = Object.entries(others).filter(([key, value]) => ours[key] !== value);
  if (left.length === Object.keys(labels).length) return undefined;
  return { ...lease, metadata: { ...lease.metadata, labels: Object.fromEntries(left) } };
}

/** Whether the name is `<Deployment>-<template hash>-<five characters>`: also that of a pod that is gone. */
function isNamedLikeOurs(holder: string, owner: Owner): boolean {
  const host = hostNameOf(holder) ?? '';
  const prefix = `${childName(owner)}-`;
  return host.startsWith(prefix) && /^[a-z0-9]{1,10}-[a-z0-9]{5}$/.test(host.slice(prefix.length));
}
