/**
 * The kinds this program reads or writes, each with the plural its URL needs.
 * Every other layer addresses the API through this table and never spells a path.
 */
import type { ObjectRef, TypeMeta } from './kube-object.ts';

/** API group of the custom resource. Provisional: docs/adr/0002-api-group.md. */
export const API_GROUP = 'ingressha.dev';
/** Group and version of the custom resource. */
export const API_VERSION = `${API_GROUP}/v1alpha1`;
/** Kind of the custom resource. */
export const RESOURCE_KIND = 'IngressControllerHA';

/** A kind of objects, and how its URL is spelt. */
export interface ResourceKind extends TypeMeta {
  /** The segment of the path, in lower case: `deployments`. */
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

function namespaced(apiVersion: string, kind: string, plural: string): ResourceKind {
  return { apiVersion, kind, plural, scope: 'Namespaced' };
}

/** The custom resource. */
export const IngressControllerHAKind = namespaced(
  API_VERSION,
  RESOURCE_KIND,
  'ingresscontrollerhas',
);
/** Of the controllers. */
export const DeploymentKind = namespaced('apps/v1', 'Deployment', 'deployments');
/** Of the controllers' configuration. */
export const ConfigMapKind = namespaced('v1', 'ConfigMap', 'configmaps');
/** Of the controllers' metrics. */
export const ServiceKind = namespaced('v1', 'Service', 'services');
/** Of the controllers. */
export const PodKind = namespaced('v1', 'Pod', 'pods');
/** core/v1, which kubectl describe shows. */
export const EventKind = namespaced('v1', 'Event', 'events');
/** By which controllers and operators elect their leaders. */
export const LeaseKind = namespaced('coordination.k8s.io/v1', 'Lease', 'leases');
/** The controllers' rights on their Lease. */
export const RoleKind = namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles');
/** Gives the controllers their rights. */
export const RoleBindingKind = namespaced(
  'rbac.authorization.k8s.io/v1',
  'RoleBinding',
  'rolebindings',
);
/** Of the controllers' pods. */
export const DisruptionBudgetKind = namespaced(
  'policy/v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
);
/** Read only: whether the node of a leader is ready. */
export const NodeKind: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Node',
  plural: 'nodes',
  scope: 'Cluster',
};
/** Read by the operator, written by the command line only. */
export const CustomResourceDefinitionKind: ResourceKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  scope: 'Cluster',
};

/** The kinds of children, in the order in which they are applied: what a pod needs comes first. */
export const CHILD_KINDS: readonly ResourceKind[] = [
  ConfigMapKind,
  RoleKind,
  RoleBindingKind,
  LeaseKind,
  ServiceKind,
  DisruptionBudgetKind,
  DeploymentKind,
];

const KNOWN: ReadonlyMap<string, ResourceKind> = new Map(
  [
    ...CHILD_KINDS,
    IngressControllerHAKind,
    PodKind,
    EventKind,
    NodeKind,
    CustomResourceDefinitionKind,
  ].map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]),
);

/** `apiVersion` and `kind` of an object to be written: metav1.TypeMeta. */
export function typeMeta({ apiVersion, kind }: ResourceKind): TypeMeta {
  return { apiVersion, kind };
}

/** Addresses the object of that kind and name. A namespace is left out for kinds that are cluster-scoped. */
export function refTo(
  kind: ResourceKind,
  { namespace, name }: Pick<ObjectRef, 'namespace' | 'name'>,
): ObjectRef {
  const ref = { ...typeMeta(kind), name };
  return kind.scope === 'Cluster' || namespace === undefined ? ref : { ...ref, namespace };
}

/** The entry for an object or reference. Throws for a kind that is not in the table: a bug, not input. */
export function kindOf(object: TypeMeta): ResourceKind {
  const found = KNOWN.get(`${object.apiVersion}/${object.kind}`);
  if (found === undefined) {
    throw new Error(
      `No entry for ${object.apiVersion} ${object.kind} in base/resource-kinds.ts: add the kind there`,
    );
  }
  return found;
}
