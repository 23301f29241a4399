/** The watches of one served namespace: what they select, and which part of a pod is kept. */
import type { ObjectKey } from '../../base/kube-object.ts';
import {
  CHILD_KINDS,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { trimPod } from '../../decide/observed/trim-pod.ts';
import { OURS_SELECTOR } from '../../desired/naming.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Change } from '../../kube/watch/changes.ts';
import { createReflector } from '../../kube/watch/reflector.ts';
import type { Reflector } from '../../kube/watch/reflector-types.ts';
import { createWatchErrorLog, type WatchErrorLog } from '../../kube/watch/watch-error-log.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createRepeats } from '../../telemetry/repeats.ts';
import type { Caches } from './caches.ts';
import type { ServedNamespace } from './served-namespaces.ts';

/** Dependencies of the watches. */
export interface WatchesOptions {
  readonly client: KubeClient;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** A watch of the resources has ended early, as it does when its CRD changes. */
  readonly onCutShort: () => void;
  /**
   * The Lease by which the operator elects its own leader: it is no child, even with our labels. Default:
   * none.
   */
  readonly ownLease?: ObjectKey;
}

/** Not started yet: one for the resources, and one for each kind of object that carries our label. */
export function createWatches(options: WatchesOptions, namespace: string): ServedNamespace {
  const kinds = [IngressControllerHAKind, ...CHILD_KINDS, PodKind];
  const errorLog = createWatchErrorLog(options.log, createRepeats(options.clock));
  const watching = { ...options, errorLog };
  return { name: namespace, watches: kinds.map((kind) => watchOf(watching, kind, namespace)) };
}

function watchOf(
  options: WatchesOptions & { readonly errorLog: WatchErrorLog },
  kind: ResourceKind,
  namespace: string,
): Reflector {
  const { caches, onCutShort, ownLease, ...shared } = options;
  return createReflector({
    ...shared,
    kind,
    namespace,
    onChange: (change) => {
      if (!isOwnLease(kind, change, ownLease)) caches.deliver(kind, change);
    },
    ...(kind === IngressControllerHAKind ? { onCutShort } : { labelSelector: OURS_SELECTOR }),
    ...(kind === PodKind && { transform: trimPod }),
  });
}

function isOwnLease(kind: ResourceKind, change: Change, ownLease: ObjectKey | undefined): boolean {
  const { namespace, name } =
    change.kind === 'delete' ? change.last.metadata : change.object.metadata;
  return (
    kind.kind === LeaseKind.kind && namespace === ownLease?.namespace && name === ownLease?.name
  );
}
