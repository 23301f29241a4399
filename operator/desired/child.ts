/** What all children have in common: name, labels, annotations, owner, and the hash of what we apply. */
import type { Ha, PassThrough } from '../api/ha.ts';
import { contentHash } from '../base/canonical-json.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { type ResourceKind, typeMeta } from '../base/resource-kinds.ts';
import { APPLIED_HASH_ANNOTATION, childLabels, childName, ownerReference } from './naming.ts';

/**
 * One child with everything but its own fields filled in. `name` defaults to `<name>-icha`.
 * Not for the Lease, which has neither owner nor annotations.
 */
export function child(
  ha: Ha,
  kind: ResourceKind,
  { name = childName(ha), ...fields }: { readonly name?: string } & PassThrough,
): KubeObject {
  return withAppliedHash({
    ...typeMeta(kind),
    metadata: {
      name,
      namespace: ha.namespace,
      labels: childLabels(ha),
      annotations: ha.inherited.annotations,
      ownerReferences: [ownerReference(ha)],
    },
    ...fields,
  });
}

/**
 * The members that are set: `undefined`, empty lists and empty maps are left out, since
 * server-side apply would make us the owner of a field that we do not care about.
 */
export function onlySet(members: PassThrough): PassThrough {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => isSet(member)));
}

/** Adds the hash of the whole object as it was before the hash itself was added. */
function withAppliedHash(object: KubeObject): KubeObject {
  const annotations = {
    ...object.metadata.annotations,
    [APPLIED_HASH_ANNOTATION]: contentHash(object),
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function isSet(member: unknown): boolean {
  if (member === undefined) return false;
  if (Array.isArray(member)) return member.length > 0;
  return typeof member !== 'object' || member === null || Object.keys(member).length > 0;
}
