/** What a report shows of each kind of object. A kind that is not here is not shown at all. */
import type { KubeObject } from '../../base/kube-object.ts';
import { isObject, record } from '../../base/read.ts';
import { API_GROUP } from '../../base/resource-kinds.ts';
import { DELETION_COST_ANNOTATION } from '../../desired/pod/leader-mark.ts';
import {
  entries,
  fields,
  type Hide,
  hidden,
  items,
  kept,
  outline,
  type Reader,
} from './allow-list.ts';
import { configMapData } from './allowed-config.ts';
import { podSpec, podStatus } from './allowed-pods.ts';

const HARMLESS_ANNOTATIONS: ReadonlySet<string> = new Set([
  DELETION_COST_ANNOTATION,
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/default-container',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
]);

const annotations = entries(
  (key) => key.startsWith(`${API_GROUP}/`) || HARMLESS_ANNOTATIONS.has(key),
);

const metadata = fields({
  name: kept,
  namespace: kept,
  uid: kept,
  resourceVersion: kept,
  generation: kept,
  creationTimestamp: kept,
  deletionTimestamp: kept,
  deletionGracePeriodSeconds: kept,
  finalizers: kept,
  ownerReferences: kept,
  labels: kept,
  annotations,
  managedFields: items(fields({ manager: kept, operation: kept, subresource: kept, time: kept })),
});

const settings = fields({
  image: kept,
  logLevel: kept,
  resources: kept,
  securityContext: kept,
  env: items(fields({ name: kept, value: hidden, valueFrom: kept })),
  volumeMounts: items(fields({ name: kept, mountPath: kept })),
});

const resourceSpec = fields({
  replicas: kept,
  paused: kept,
  restartTrigger: hidden,
  controller: fields({
    distribution: kept,
    version: kept,
    manager: settings,
    adc: settings,
    imagePullSecrets: kept, // names
    volumes: items(fields({ name: kept })),
    config: kept,
    configOverrides: outline,
  }),
  leaderElection: kept,
  failover: kept,
  podDisruptionBudget: kept,
  rollout: kept,
  placement: kept,
  inheritedMetadata: fields({ labels: kept, annotations: entries(() => false) }),
  podTemplatePatch: outline,
});

const template = fields({ metadata: fields({ labels: kept, annotations }), spec: podSpec });

const BY_KIND: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  IngressControllerHA: { spec: resourceSpec, status: kept },
  Deployment: {
    spec: fields({
      replicas: kept,
      paused: kept,
      minReadySeconds: kept,
      progressDeadlineSeconds: kept,
      revisionHistoryLimit: kept,
      strategy: kept,
      selector: kept,
      template,
    }),
    status: kept,
  },
  ReplicaSet: { spec: fields({ replicas: kept }), status: kept },
  Pod: { spec: podSpec, status: podStatus },
  ConfigMap: { immutable: kept, data: configMapData, binaryData: entries(() => false) },
  Role: { rules: kept },
  RoleBinding: { roleRef: kept, subjects: kept },
  Lease: { spec: kept },
  PodDisruptionBudget: { spec: kept, status: kept },
  Service: {
    spec: fields({ type: kept, clusterIP: kept, ports: kept, selector: kept }),
  },
  CustomResourceDefinition: {
    spec: fields({ versions: items(fields({ name: kept, served: kept, storage: kept })) }),
    status: fields({ conditions: kept, storedVersions: kept }),
  },
  Node: {
    status: fields({
      conditions: (value) =>
        Array.isArray(value)
          ? value.filter((it) => isObject(it) && it.type === 'Ready')
          : undefined,
      nodeInfo: fields({
        architecture: kept,
        containerRuntimeVersion: kept,
        kernelVersion: kept,
        kubeletVersion: kept,
        osImage: kept,
      }),
    }),
  },
  Event: {
    type: kept,
    reason: kept,
    message: kept,
    action: kept,
    count: kept,
    firstTimestamp: kept,
    lastTimestamp: kept,
    eventTime: kept,
    involvedObject: fields({ kind: kept, name: kept, uid: kept, fieldPath: kept }),
    source: kept,
    reportingComponent: kept,
  },
};

/** Labels and annotations of nodes and definitions are other people's, so only their names are shown. */
const FOREIGN_METADATA = fields({
  name: kept,
  uid: kept,
  generation: kept,
  creationTimestamp: kept,
});
const FOREIGN: ReadonlySet<string> = new Set(['Node', 'CustomResourceDefinition', 'Event']);

/** What may be shown of an object; throws for a kind that no list knows: a bug, not input. */
export function shownOf(object: KubeObject, hide: Hide): Readonly<Record<string, unknown>> {
  const { apiVersion, kind } = object;
  const readers = BY_KIND[kind];
  if (readers === undefined) throw new Error(`No allow-list for kind ${kind}`);
  const about = FOREIGN.has(kind) ? FOREIGN_METADATA : metadata;
  const shown = fields({ metadata: about, ...readers })(object, hide);
  return { apiVersion, kind, ...record(shown) };
}
