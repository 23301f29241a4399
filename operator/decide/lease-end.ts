/**
 * How a Lease that we no longer want ends. It is deleted only if it was never anybody's but ours; one
 * that others may use is given back: an apply that names none of our fields takes our labels off it, and
 * leaves its record alone.
 *
 * A Lease is shared once the resource says so, and also once somebody was seen to hold it who is no pod
 * of our Deployment. From then on it carries the mark, every apply of ours carries it too, and
 * nothing takes it off again but giving it back.
 */
import type { KubeObject } from '../base/kube-object.ts';
import { LeaseKind } from '../base/resource-kinds.ts';
import { asShared, SHARED_LABEL } from '../desired/lease.ts';
import { childName } from '../desired/naming.ts';
import { hostNameOf } from './holder.ts';
import { recordOf } from './lease-record.ts';

export type LeaseEnd = 'delete' | 'give-back';

/** Whose Lease it is: that of the resource of this name. */
interface Owner {
  readonly name: string;
}

/** `knownShared`: what was remembered of this very Lease, in case that somebody took the mark off. */
export function endOfLease(lease: KubeObject, owner: Owner, knownShared: boolean): LeaseEnd {
  return knownShared || isShared(lease, owner) ? 'give-back' : 'delete';
}

/** It carries the mark, or is held by somebody who is no pod of our Deployment. */
export function isShared(lease: KubeObject, owner: Owner): boolean {
  if (lease.metadata.labels?.[SHARED_LABEL] !== undefined) return true;
  const { holderIdentity } = recordOf(lease.spec);
  return holderIdentity !== '' && !isNamedLikeOurs(holderIdentity, owner);
}

/** `desired`, with the mark if it is a Lease that shows itself to be shared. */
export function markedLike(live: KubeObject, desired: KubeObject, owner: Owner): KubeObject {
  return desired.kind === LeaseKind.kind && isShared(live, owner) ? asShared(desired) : desired;
}

/** For server-side apply: the address of exactly this Lease, and none of our fields. */
export function givenBack({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) },
  };
}

/** `<Deployment>-<template hash>-<five characters>`: also of a pod that has gone. */
function isNamedLikeOurs(holder: string, owner: Owner): boolean {
  const host = hostNameOf(holder) ?? '';
  const prefix = `${childName(owner)}-`;
  return host.startsWith(prefix) && /^[a-z0-9]{1,10}-[a-z0-9]{5}$/.test(host.slice(prefix.length));
}
