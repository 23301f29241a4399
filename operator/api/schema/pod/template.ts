/** A pod template as a patch of one: every field that Kubernetes knows, and none that must be there. */
import type { Schema } from '../build.ts';
import { container, localReference, podSecurity, resources } from './container.ts';
import { affinity, spreadConstraint, toleration } from './placement.ts';
import { keepingNulls, listOf, mapOf, quantity, shape, words } from './shape.ts';
import { volume } from './volume.ts';

const MAX_CONTAINERS = 5;

const podSpec = shape(
  'activeDeadlineSeconds# automountServiceAccountToken? dnsPolicy enableServiceLinks? hostIPC? hostNetwork? hostPID? hostUsers? hostname hostnameOverride nodeName preemptionPolicy priority# priorityClassName restartPolicy runtimeClassName schedulerName serviceAccount serviceAccountName setHostnameAsFQDN? shareProcessNamespace? subdomain terminationGracePeriodSeconds#',
  {
    affinity,
    containers: listOf(MAX_CONTAINERS, container),
    dnsConfig: shape('', {
      nameservers: listOf(20),
      options: listOf(20, shape('name value')),
      searches: listOf(32),
    }),
    evictionResponders: listOf(20, shape('name priority#')),
    hostAliases: listOf(20, shape('ip', { hostnames: listOf(10) })),
    imagePullSecrets: listOf(20, localReference),
    initContainers: listOf(MAX_CONTAINERS, container),
    nodeSelector: mapOf(50, words(63)),
    os: shape('name'),
    overhead: mapOf(20, quantity),
    readinessGates: listOf(20, shape('conditionType')),
    resourceClaims: listOf(20, shape('name resourceClaimName resourceClaimTemplateName')),
    resources,
    schedulingGates: listOf(20, shape('name')),
    schedulingGroup: shape('podGroupName'),
    securityContext: podSecurity,
    tolerations: listOf(50, toleration),
    topologySpreadConstraints: listOf(20, spreadConstraint),
    volumes: listOf(20, volume),
  },
);

/** What may be laid over the pod template. One value: a part of it has no owner of its own. */
export const podTemplatePatch: Schema = {
  ...keepingNulls(
    shape('', {
      metadata: shape('', { labels: mapOf(50, words(63)), annotations: mapOf(50, words(4096)) }),
      spec: podSpec,
    }),
  ),
  'x-kubernetes-map-type': 'atomic',
};
