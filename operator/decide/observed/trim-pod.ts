/** The part of a pod that is kept in memory: what decide/observed/pod.ts reads, and its owner. */
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { record, records } from '../../base/read.ts';

/**
 * A pod that `readPod` reads as it reads the whole one: a fifth of its size, and no environment or
 * arguments.
 */
export function trimPod(pod: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, labels, annotations } = pod.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, ownerReferences } = pod.metadata;
  const spec = record(pod.spec);
  const status = record(pod.status);
  const metadata = {
    name,
    namespace,
    uid,
    resourceVersion,
    labels,
    annotations,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    ownerReferences,
  };
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: defined(metadata),
    spec: {
      ...Object.fromEntries(POD_FIELDS.map((field) => [field, spec[field]])),
      containers: records(spec.containers).map(({ name: container, image }) => ({
        name: container,
        image,
      })),
      volumes: records(spec.volumes).filter((volume) => volume.configMap !== undefined),
    },
    status: {
      phase: status.phase,
      conditions: records(status.conditions).filter(({ type }) => POD_CONDITIONS.has(type)),
      containerStatuses: status.containerStatuses,
    },
  };
}

/** Its node, and the fields for which the end of its container proves nothing. */
const POD_FIELDS = [
  'nodeName',
  'hostname',
  'subdomain',
  'hostnameOverride',
  'hostNetwork',
  'hostPID',
  'setHostnameAsFQDN',
  'shareProcessNamespace',
] as const;

const POD_CONDITIONS: ReadonlySet<unknown> = new Set(['Ready', 'DisruptionTarget']);
