/**
 * The controller's ClusterRole: the union over all versions in the catalogue, which is what 2.2.0 needs.
 * No Leases: each resource gets its one Lease by a Role of its own.
 */

/** One rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE_STATUS = ['get', 'update'];

const APISIX_WITH_STATUS = [
  'apisixconsumers',
  'apisixglobalrules',
  'apisixpluginconfigs',
  'apisixroutes',
  'apisixtlses',
  'apisixupstreams',
  'backendtrafficpolicies',
  'consumers',
  'httproutepolicies',
  'l4routepolicies',
];

const GATEWAY_API = [
  'gateways',
  'grpcroutes',
  'httproutes',
  'referencegrants',
  'tcproutes',
  'tlsroutes',
  'udproutes',
];

/** Rules that hold in the whole cluster: the controller knows no namespaces. It reads all Secrets. */
export const CONTROLLER_RULES: readonly PolicyRule[] = [
  rule('', ['configmaps', 'namespaces', 'pods', 'secrets', 'services'], READ),
  rule('', ['events'], ['create', 'patch']),
  rule('apisix.apache.org', [...APISIX_WITH_STATUS, 'gatewayproxies', 'pluginconfigs'], READ),
  rule('apisix.apache.org', APISIX_WITH_STATUS.map(statusOf), WRITE_STATUS),
  // TokenReview and SubjectAccessReview guard the metrics with secureMetrics.
  rule('authentication.k8s.io', ['tokenreviews'], ['create']),
  rule('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
  rule('discovery.k8s.io', ['endpointslices'], READ),
  // Update sets the finalizer apisix.apache.org/gc-protection.
  rule('gateway.networking.k8s.io', ['gatewayclasses'], [...READ, 'update']),
  rule('gateway.networking.k8s.io', GATEWAY_API, READ),
  rule('gateway.networking.k8s.io', ['gatewayclasses', ...GATEWAY_API].map(statusOf), WRITE_STATUS),
  rule('networking.k8s.io', ['ingressclasses', 'ingresses'], READ),
  rule('networking.k8s.io', ['ingresses/status'], WRITE_STATUS),
];

/** A rule on all objects of some resources in one API group. */
export function rule(
  apiGroup: string,
  resources: readonly string[],
  verbs: readonly string[],
): PolicyRule {
  return { apiGroups: [apiGroup], resources, verbs };
}

function statusOf(resource: string): string {
  return `${resource}/status`;
}
