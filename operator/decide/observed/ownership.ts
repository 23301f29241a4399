/**
 * Whose an object is, by its controller owner reference and our labels alone: it can be decided for any
 * object.
 */
import type { Ha } from '../../api/ha.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { RESOURCE_KIND } from '../../base/resource-kinds.ts';
import { MANAGED_BY, MANAGED_BY_LABEL, NAME_LABEL } from '../../desired/naming.ts';

/** Of an object, for one resource. `foreign`: another object is its controller. */
export type Ownership =
  | { readonly kind: 'ours' }
  /** Owned by an earlier resource of the same name: the garbage collector will remove it. */
  | { readonly kind: 'predecessor' }
  | { readonly kind: 'foreign'; readonly owner: string };

/**
 * By its controller. An object without one counts as ours: whether it carries our labels is for the caller
 * to check.
 */
export function ownershipOf(live: KubeObject, ha: Pick<Ha, 'name' | 'uid'>): Ownership {
  const owner = live.metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return { kind: 'ours' };
  if (owner.uid === ha.uid) return { kind: 'ours' };
  if (owner.kind === RESOURCE_KIND && owner.name === ha.name) return { kind: 'predecessor' };
  return { kind: 'foreign', owner: `${owner.kind} "${owner.name}"` };
}

/** Whether it has a controller owner reference: then that alone decides whose it is. */
export function isControlled({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
}

/** Carries our labels, naming this resource. */
export function isLabelled({ metadata }: KubeObject, { name }: Pick<Ha, 'name'>): boolean {
  const { [MANAGED_BY_LABEL]: manager, [NAME_LABEL]: resource } = metadata.labels ?? {};
  return manager === MANAGED_BY && resource === name;
}

/** Carries no label of any resource of ours. */
export function isUnclaimed({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NAME_LABEL] === undefined;
}
