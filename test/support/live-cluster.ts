/** A cluster for whoever lists and watches: what is put into it is told to every open watch at once. */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../../operator/base/kube-object.ts';
import { kindOf, type ResourceKind } from '../../operator/base/resource-kinds.ts';
import type { KubeClient, WatchEvent, WatchOptions } from '../../operator/kube/client.ts';

export interface LiveCluster {
  readonly client: KubeClient;
  /** `list pods`, `watch pods`: every call, oldest first. */
  readonly calls: readonly string[];
  put(object: KubeObject): void;
  remove(object: KubeObject): void;
  /** Breaks what is open of a kind, and answers so from now on; undefined: it works again. */
  fail(kind: ResourceKind, failure: KubeFailure | undefined): void;
}

interface Watcher {
  readonly kind: ResourceKind;
  readonly events: WatchEvent[];
  wake: () => void;
  broken?: KubeFailure;
}

export function createLiveCluster(): LiveCluster {
  const objects = new Map<string, KubeObject>();
  const failures = new Map<string, KubeFailure>();
  const watchers = new Set<Watcher>();
  const calls: string[] = [];
  let version = 1;

  function meet(call: string, { plural }: ResourceKind): void {
    calls.push(`${call} ${plural}`);
    const failure = failures.get(plural);
    if (failure !== undefined) throw new KubeError(failure);
  }

  function tell(type: 'MODIFIED' | 'DELETED', object: KubeObject): void {
    for (const watcher of watchers) {
      if (watcher.kind !== kindOf(object)) continue;
      watcher.events.push({ type, object });
      watcher.wake();
    }
  }

  function versioned(object: KubeObject): KubeObject {
    version += 1;
    const { uid = `uid-${object.metadata.name}` } = object.metadata;
    return { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
  }

  async function* watch(kind: ResourceKind, _: string, options: WatchOptions) {
    meet('watch', kind);
    const watcher: Watcher = { kind, events: [], wake() {} };
    watchers.add(watcher);
    const wake = () => watcher.wake();
    options.signal.addEventListener('abort', wake);
    options.onActivity?.();
    try {
      while (!options.signal.aborted) {
        if (watcher.broken !== undefined) throw new KubeError(watcher.broken);
        yield* watcher.events.splice(0);
        if (watcher.events.length > 0 || watcher.broken !== undefined) continue;
        await new Promise<void>((resolve) => {
          watcher.wake = resolve;
        });
      }
    } finally {
      watchers.delete(watcher);
      options.signal.removeEventListener('abort', wake);
    }
  }

  const refuse = () => Promise.reject(new Error('This cluster is only read, by list and watch'));
  return {
    calls,
    client: {
      async list(kind, namespace) {
        meet('list', kind);
        const items = [...objects.values()].filter(
          (one) => kindOf(one) === kind && (!namespace || one.metadata.namespace === namespace),
        );
        return { items, resourceVersion: String(version) };
      },
      watch,
      ...{ get: refuse, apply: refuse, create: refuse, replace: refuse, delete: refuse },
    },
    put(object) {
      const stored = versioned(object);
      objects.set(describeRef(refOf(object)), stored);
      tell('MODIFIED', stored);
    },
    remove(object) {
      objects.delete(describeRef(refOf(object)));
      tell('DELETED', versioned(object));
    },
    fail(kind, failure) {
      if (failure === undefined) failures.delete(kind.plural);
      else failures.set(kind.plural, failure);
      for (const watcher of watchers) {
        if (watcher.kind !== kind || failure === undefined) continue;
        watcher.broken = failure;
        watcher.wake();
      }
    },
  };
}
