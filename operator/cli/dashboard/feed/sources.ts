/** What the page is made from: one watch for resources, one for their Leases and one for their pods. */
import { type KubeObject, keyText, type ObjectKey } from '../../../base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../../base/resource-kinds.ts';
import type { Clock } from '../../../base/time.ts';
import { trimPod } from '../../../decide/observed/trim-pod.ts';
import { NAME_LABEL, OURS_SELECTOR } from '../../../desired/naming.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Change } from '../../../kube/watch/changes.ts';
import { createReflector } from '../../../kube/watch/reflector.ts';
import type { Reflector, ReflectorOptions } from '../../../kube/watch/reflector-types.ts';
import { silentLog } from '../../../telemetry/log.ts';
import { createMetrics } from '../../../telemetry/metrics.ts';

/** How the cluster is watched. */
interface SourceOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly clock: Clock;
  /** Numbers in [0, 1), for the pauses of watches that start again. */
  readonly random: () => number;
  /** Missing: all of them. */
  readonly namespace?: string;
  /** Called for each resource that something has happened to, be it to its Lease or to a pod. */
  readonly onChange: (resource: ObjectKey) => void;
  /** Called for each Lease before `onChange` is; undefined: it is deleted. */
  readonly onLease: (key: string, lease: KubeObject | undefined) => void;
}

/** What is known of the cluster now. Each watch starts again by itself. */
export interface Sources {
  /** Resolves with the first list of the resources. */
  readonly synced: Promise<void>;
  isSynced(): boolean;
  start(): void;
  /** Final. */
  stop(): Promise<void>;
  resource(key: ObjectKey): KubeObject | undefined;
  lease(key: ObjectKey): KubeObject | undefined;
  /** Pods of one resource, sorted by name. */
  podsOf(resource: ObjectKey): readonly KubeObject[];
}

/** Not started yet. */
export function createSources(options: SourceOptions): Sources {
  const { client, clock, random, namespace = '', onChange, onLease } = options;

  function reflector(kind: ResourceKind, more: Partial<ReflectorOptions>): Reflector {
    const { metrics } = createMetrics(); // nobody reads them
    const shared = { client, clock, random, log: silentLog, metrics, kind, namespace };
    return createReflector({ onChange: (change) => changed(objectOf(change)), ...shared, ...more });
  }

  /** An object with our label has changed: so has the resource that the label names. */
  function changed({ metadata }: KubeObject): void {
    const name = metadata.labels?.[NAME_LABEL];
    if (name !== undefined) onChange({ namespace: metadata.namespace ?? '', name });
  }

  const resources = reflector(IngressControllerHAKind, {
    onChange: (change) => onChange(keyOf(objectOf(change))),
  });
  const leases = reflector(LeaseKind, {
    labelSelector: OURS_SELECTOR,
    onChange(change) {
      const lease = objectOf(change);
      onLease(keyText(keyOf(lease)), change.kind === 'delete' ? undefined : lease);
      changed(lease);
    },
  });
  const pods = reflector(PodKind, { labelSelector: OURS_SELECTOR, transform: podForPage });
  const all = [resources, leases, pods];

  return {
    synced: resources.synced,
    isSynced: () => resources.isSynced(),
    start() {
      for (const one of all) one.start();
    },
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
    resource: (key) => resources.store.get(key),
    lease: (key) => leases.store.get(key),
    podsOf: ({ namespace: where, name }) =>
      pods.store
        .list()
        .filter(({ metadata }) => metadata.namespace === where)
        .filter(({ metadata }) => metadata.labels?.[NAME_LABEL] === name)
        .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
  };
}

/** Its state, or the last one when it is deleted. */
function objectOf(change: Change): KubeObject {
  return change.kind === 'delete' ? change.last : change.object;
}

function keyOf({ metadata: { namespace = '', name } }: KubeObject): ObjectKey {
  return { namespace, name };
}

/** What the page shows, and no environment or arguments. */
function podForPage(pod: KubeObject): KubeObject {
  const { metadata, ...rest } = trimPod(pod);
  const { creationTimestamp } = pod.metadata;
  return { ...rest, metadata: { ...metadata, ...(creationTimestamp && { creationTimestamp }) } };
}
