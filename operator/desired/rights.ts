/**
 * The rights of the operator and of the controllers it runs, as objects for people without Helm; the
 * chart renders the same. This is the only cluster-scoped thing of the product, and the operator
 * itself never writes it: no bind, no escalate, no wildcard, no Secrets for the operator.
 */
import { DNS_LABEL } from '../base/dns.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { API_GROUP, IngressControllerHAKind } from '../base/resource-kinds.ts';
import { CONTROLLER_RULES, type PolicyRule, rule } from './controller-rules.ts';
import { DEFAULT_OPERAND_ACCOUNT } from './installer.ts';
import { MANAGED_BY } from './naming.ts';

/** Namespace of the operator unless the installer names another one; so for the account and the Lease below. */
export const DEFAULT_OPERATOR_NAMESPACE = 'ingress-ha-system';
/** ServiceAccount of the operator. */
export const DEFAULT_OPERATOR_ACCOUNT = 'ingress-controller-ha';
/** The Lease by which operators elect their own leader. */
export const OPERATOR_LEASE = 'ingress-controller-ha';

/** Where the operator runs, and what it serves. */
export interface RightsOptions {
  readonly operatorNamespace: string;
  readonly servedNamespaces: readonly string[];
  /** Account of the operator; also names its roles. */
  readonly serviceAccountName: string;
  /** The Lease by which operators elect their leader. Default: OPERATOR_LEASE. */
  readonly leaseName?: string;
  /** Account of the controller in each served namespace; also names its ClusterRole. */
  readonly operandServiceAccountName?: string;
  /** For controllers newer than the catalogue. */
  readonly extraControllerRules?: readonly PolicyRule[];
}

/** Why these namespaces can't be served, in one sentence; undefined: they can. */
export function servedNamespacesProblem(namespaces: readonly string[]): string | undefined {
  if (namespaces.length === 0) return 'Name at least one namespace that the operator shall serve.';
  const reserved = namespaces.find((name) => name === 'default' || name.startsWith('kube-'));
  if (reserved !== undefined) {
    return `Cannot serve namespace "${reserved}": whoever creates pods there could use the controller's account and so read all Secrets, so choose a namespace of its own.`;
  }
  const malformed = namespaces.find((name) => !DNS_LABEL.test(name));
  if (malformed !== undefined) {
    return `Cannot serve namespace ${JSON.stringify(malformed)}: it is not the name of a namespace.`;
  }
  return undefined;
}

/** Accounts first, then roles, then bindings of each scope; ask servedNamespacesProblem before. */
export function operatorRights(options: RightsOptions): readonly KubeObject[] {
  const problem = servedNamespacesProblem(options.servedNamespaces);
  if (problem !== undefined) throw new Error(problem);

  const served = [...new Set(options.servedNamespaces)].toSorted();
  const operand = options.operandServiceAccountName ?? DEFAULT_OPERAND_ACCOUNT;
  const operandRules = [...CONTROLLER_RULES, ...(options.extraControllerRules ?? [])];
  return [
    ...operatorObjects(options),
    object('ClusterRole', { name: operand }, { rules: operandRules }),
    ...served.flatMap((namespace) => [
      ...servedNamespaceObjects(namespace, options),
      account(operand, namespace),
      binding(
        { kind: 'ClusterRoleBinding', name: `${operand}-${namespace}` },
        { kind: 'ClusterRole', name: operand },
        { name: operand, namespace },
      ),
    ]),
  ];
}

/** What the operator needs once: its account, a look at its own CRD, its own Lease. */
function operatorObjects(options: RightsOptions) {
  const { operatorNamespace, serviceAccountName, leaseName = OPERATOR_LEASE } = options;
  const subject = { name: serviceAccountName, namespace: operatorNamespace };
  const own = { name: `${serviceAccountName}-own-lease`, namespace: operatorNamespace };
  return [
    account(serviceAccountName, operatorNamespace),
    object('ClusterRole', { name: serviceAccountName }, { rules: CLUSTER_RULES }),
    binding(
      { kind: 'ClusterRoleBinding', name: serviceAccountName },
      { kind: 'ClusterRole', name: serviceAccountName },
      subject,
    ),
    object('Role', own, { rules: ownLeaseRules(leaseName) }),
    binding({ kind: 'RoleBinding', ...own }, { kind: 'Role', name: own.name }, subject),
  ];
}

function servedNamespaceObjects(namespace: string, options: RightsOptions) {
  const { operatorNamespace, serviceAccountName: name } = options;
  return [
    object('Role', { name, namespace }, { rules: SERVED_RULES }),
    binding(
      { kind: 'RoleBinding', name, namespace },
      { kind: 'Role', name },
      { name, namespace: operatorNamespace },
    ),
  ];
}

const LEASES = 'coordination.k8s.io';
const EVENTS = rule('', ['events'], ['create', 'patch']);
/** A server-side apply needs `create` as well where it creates. */
const KEPT_VERBS = ['get', 'list', 'watch', 'create', 'patch'];
/** Of children that a resource may stop wanting; all others go with their owner. */
const CHILD_VERBS = [...KEPT_VERBS, 'delete'];

/** Read-only, and the only rights beyond the served namespaces and the operator's own. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  {
    ...rule('apiextensions.k8s.io', ['customresourcedefinitions'], ['get']),
    resourceNames: [`${IngressControllerHAKind.plural}.${API_GROUP}`],
  },
  rule('', ['nodes'], ['get']), // the one of a dead leader, before its Lease is freed
];

/** `create` can't be limited by name. */
function ownLeaseRules(name: string): readonly PolicyRule[] {
  return [
    rule(LEASES, ['leases'], ['create']),
    { ...rule(LEASES, ['leases'], ['get', 'update']), resourceNames: [name] },
  ];
}

/** Whoever writes a Role must hold its rules: leases get and update, events create and patch. */
export const SERVED_RULES: readonly PolicyRule[] = [
  rule(API_GROUP, [IngressControllerHAKind.plural], ['list', 'watch']),
  rule(API_GROUP, [`${IngressControllerHAKind.plural}/status`], ['patch']),
  rule('', ['configmaps'], CHILD_VERBS),
  rule('', ['services'], KEPT_VERBS),
  rule('apps', ['deployments'], KEPT_VERBS),
  rule('policy', ['poddisruptionbudgets'], CHILD_VERBS),
  rule('rbac.authorization.k8s.io', ['roles', 'rolebindings'], KEPT_VERBS),
  rule(LEASES, ['leases'], [...CHILD_VERBS, 'update']),
  rule('', ['pods'], ['get', 'list', 'watch', 'patch']),
  EVENTS,
];

const RBAC_GROUP = 'rbac.authorization.k8s.io';

interface Address {
  readonly name: string;
  readonly namespace?: string;
}

function account(name: string, namespace: string): KubeObject {
  return {
    ...object('ServiceAccount', { name, namespace }, {}),
    apiVersion: 'v1',
    automountServiceAccountToken: false, // pods that need the token ask for it
  };
}

function binding(
  { kind, ...address }: { readonly kind: string } & Address,
  role: { readonly kind: string; readonly name: string },
  subject: Address,
): KubeObject {
  return object(kind, address, {
    roleRef: { apiGroup: RBAC_GROUP, ...role },
    subjects: [{ kind: 'ServiceAccount', ...subject }],
  });
}

function object(kind: string, address: Address, fields: Readonly<Record<string, unknown>>) {
  const labels = { 'app.kubernetes.io/name': MANAGED_BY };
  const apiVersion = `${RBAC_GROUP}/v1`;
  return { apiVersion, kind, metadata: { ...address, labels }, ...fields } satisfies KubeObject;
}
