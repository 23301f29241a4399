/** Every value of the chart: what it means, what it may be, and its default. */

import { POD_METADATA_ENTRY } from '../../../operator/desired/pod/pod-metadata.ts';
import { drillValues } from './drill-values.ts';
import { instanceSpecSchema } from './instance-spec.ts';
import { observabilityValues } from './observability-values.ts';
import { operatorValues } from './operator-values.ts';
import { pathValues } from './path-values.ts';
import {
  ANY_OBJECT,
  choice,
  DURATION,
  group,
  leaf,
  NAME,
  OBJECTS,
  OPTIONAL_LABEL,
  OPTIONAL_NAME,
  REGISTRY,
  REPOSITORY,
  STRINGS,
  SWITCH,
  unset,
  type Value,
} from './value.ts';

const NAMESPACES = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' },
} as const;

const DIGEST = { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' } as const;

const REPOSITORIES = { type: 'array', uniqueItems: true, items: REPOSITORY } as const;

const POD_METADATA = {
  type: 'array',
  uniqueItems: true,
  items: {
    type: 'string',
    maxLength: 317,
    pattern: POD_METADATA_ENTRY.source.replaceAll('\\/', '/'),
  },
} as const;

const PULL_SECRETS = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', minLength: 1 } },
    additionalProperties: false,
  },
} as const;

/** In the order in which values.yaml and the README show them. */
export const VALUES: Readonly<Record<string, Value>> = {
  ...pathValues,
  instance: group('The IngressControllerHA that this release creates.', {
    create: leaf('Create one. Turn it off to write the resources yourself.', SWITCH, true),
    name: leaf(
      'Its name, at most 41 letters, digits and dashes; it begins with a letter. Empty: the name of the release.',
      OPTIONAL_NAME,
      '',
    ),
    namespace: leaf(
      'Its namespace, one of those that are served. Empty: the first of them.',
      OPTIONAL_LABEL,
      '',
    ),
    labels: leaf('Labels of the resource. They never reach its children.', STRINGS, {}),
    annotations: leaf('Annotations of the resource. They never reach its children.', STRINGS, {}),
    spec: leaf(
      'Any further field of the resource: docs/reference/ingresscontrollerha.md. Fields that have a path above are refused here.',
      instanceSpecSchema(),
      {},
    ),
  }),
  servedNamespaces: leaf(
    'Namespaces in which the operator acts; they must exist. Whoever can create pods there can use the controller’s account and so read all Secrets of the cluster. Empty: the namespace of the release.',
    NAMESPACES,
    [],
  ),
  image: group('The image of the operator, which scripts/image builds.', {
    registry: leaf('Put before the repository, unless global.imageRegistry is set.', REGISTRY, ''),
    repository: unset(
      'Where the image was pushed. Required: there is no public one.',
      { type: 'string', pattern: '^[^@\\s]*[^:@\\s]$', minLength: 1 },
      'registry.example/ingress-controller-ha',
    ),
    tag: unset(
      'Its tag. Not set: the appVersion of the chart. An empty one needs a digest.',
      { type: 'string', maxLength: 128, pattern: '^[A-Za-z0-9_]?[A-Za-z0-9._-]*$' },
      '0.1.0',
    ),
    digest: leaf('`sha256:…`; it counts before the tag.', DIGEST, ''),
    pullPolicy: leaf(
      'When the kubelet pulls it.',
      choice('IfNotPresent', 'Always', 'Never'),
      'IfNotPresent',
    ),
  }),
  imagePullSecrets: leaf(
    'Secrets to pull our image with. Empty: global.imagePullSecrets.',
    PULL_SECRETS,
    [],
  ),
  operator: operatorValues,
  policy: group('What the installer lets those do who may create a resource.', {
    imageRegistry: leaf(
      'Mirror that replaces the registry of every controller image. Empty: global.imageRegistry.',
      REGISTRY,
      '',
    ),
    allowedImageRepositories: leaf(
      'Repositories that a resource may name beside the known ones, without tag and digest.',
      REPOSITORIES,
      [],
    ),
    allowedPodMetadata: leaf(
      'Keys of spec.inheritedMetadata that may reach pods, and the annotations of the Deployment: whole keys, or all of a domain as example.com/*.',
      POD_METADATA,
      [],
    ),
    requireImageDigest: leaf('Refuse images that are not named by digest.', SWITCH, false),
    allowPodTemplatePatch: leaf('Let a resource patch the pod template.', SWITCH, false),
    allowEnvAndVolumes: leaf('Let a resource set env, volumes and volumeMounts.', SWITCH, false),
    allowSharedLease: leaf(
      'Let a resource take part in the election of an earlier installation (`existingLease: Share`), as a migration does.',
      SWITCH,
      false,
    ),
  }),
  controllerServiceAccount: group('The account of the controllers, one in each served namespace.', {
    name: leaf('Empty: the full name of the release with `-controller`.', OPTIONAL_NAME, ''),
    annotations: leaf('Annotations of the account.', STRINGS, {}),
    imagePullSecrets: leaf(
      'Secrets to pull the controllers’ images with; each must exist in every served namespace. Empty: global.imagePullSecrets.',
      PULL_SECRETS,
      [],
    ),
  }),
  controllerRBAC: group('What the controllers may do in the whole cluster.', {
    extraRules: leaf(
      'Rules for a controller that is newer than this chart, as in a ClusterRole.',
      OBJECTS,
      [],
    ),
  }),
  userRoles: group('ClusterRoles for the people who read and write the resources.', {
    create: leaf('Create the roles `….view` and `….edit`.', SWITCH, true),
    aggregateToView: leaf('Let everyone with the role `view` read them.', SWITCH, true),
    aggregateToEdit: leaf(
      'Let everyone with the role `edit` write them. Off, since a resource runs a controller that reads all Secrets.',
      SWITCH,
      false,
    ),
  }),
  ingressClass: group('The IngressClass of the controllers.', {
    create: leaf('Create it.', SWITCH, true),
    name: leaf('Its name, as Ingresses name it.', NAME, 'apisix'),
    default: leaf('Make it the class of every Ingress that names none.', SWITCH, false),
    annotations: leaf('Annotations of the class.', STRINGS, {}),
    parameters: leaf('`spec.parameters`, such as a reference to a GatewayProxy.', ANY_OBJECT, {}),
  }),
  gatewayClass: group('The GatewayClass of the controllers.', {
    create: leaf('Create it; the CRDs of the Gateway API must be there.', SWITCH, false),
    name: leaf('Its name, as Gateways name it.', NAME, 'apisix'),
    annotations: leaf('Annotations of the class.', STRINGS, {}),
  }),
  crds: group('The CustomResourceDefinition, which Helm installs once and never upgrades.', {
    upgradeJob: group('A Job that applies it before every `helm upgrade`.', {
      enabled: leaf(
        'Run it, with our own image and rights on this one definition. Leave it off with Argo CD, which applies the definition itself.',
        SWITCH,
        false,
      ),
    }),
  }),
  ...observabilityValues,
  admissionPolicies: group('ValidatingAdmissionPolicies for the served namespaces.', {
    advice: group('Warnings that kubectl prints; nothing is refused.', {
      enabled: leaf(
        'Warn of a single replica, of two resources on one Lease, and of a PodDisruptionBudget that blocks every drain.',
        SWITCH,
        false,
      ),
    }),
    lockServiceAccount: group(
      'Keeps the controllers’ account, which reads all Secrets, from other people’s pods.',
      {
        enabled: leaf(
          'Refuse pods, workload templates, exec, attach, port-forward, ephemeral containers, tokens and ConfigMaps that would give somebody the account, the operator’s included, and workloads that pass as the operator’s by label or owner, unless the operator or Kubernetes itself makes them, or somebody who may bind any ClusterRole.',
          SWITCH,
          false,
        ),
        exemptUsers: leaf(
          'User names that are not held to it, such as `system:serviceaccount:NAMESPACE:NAME` of whoever rehearses failures.',
          { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 } },
          [],
        ),
      },
    ),
  }),
  ...drillValues,
  helmTest: group('`helm test`: waits until the resource is Ready.', {
    enabled: leaf('Render the test.', SWITCH, true),
    timeout: leaf('How long it waits, from 1s to 1h.', DURATION, '3m'),
  }),
  nameOverride: leaf('Replaces `ingress-controller-ha` in names.', OPTIONAL_LABEL, ''),
  fullnameOverride: leaf('Replaces release and name in names.', OPTIONAL_LABEL, ''),
  commonLabels: leaf(
    'Labels of every object that the chart renders. A label that the chart sets itself is refused, here and in other `labels`.',
    STRINGS,
    {},
  ),
};
