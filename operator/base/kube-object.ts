/**
 * The shape every Kubernetes object has in this program: plain JSON, as it travels on the wire.
 * Times stay strings (RFC 3339), unknown fields stay where they are, and nothing is a class.
 */

/** `metadata` of an object, reduced to the fields this program reads or writes. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** metav1.OwnerReference. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Which kind an object is of: metav1.TypeMeta. */
export interface TypeMeta {
  /** Group and version, `apps/v1`; of the core group the version alone. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** Any object, read or to be written. Fields beyond the three common ones are unknown until parsed. */
export interface KubeObject extends TypeMeta {
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** Enough to address one object. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectRef extends TypeMeta {
  readonly name: string;
  readonly namespace?: string;
}

/** Namespace and name of an `IngressControllerHA`: what the queue holds. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** The address of an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  const ref = { apiVersion: object.apiVersion, kind: object.kind, name };
  return namespace === undefined ? ref : { ...ref, namespace };
}

/** `Deployment "prod/edge"`: how messages, events and logs name an object. */
export function describeRef(ref: ObjectRef): string {
  const path = ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
  return `${ref.kind} "${path}"`;
}

/** `namespace/name`: how maps, queues and logs name a key. */
export function keyText(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}
