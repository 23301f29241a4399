/**
 * An API server reduced to a map: objects, versions, uids and preconditions. Apply lays the given
 * fields over what is there; ownership of fields is left to the tests on a real cluster. Watches
 * are pulled: nothing reaches a cache before `deliver`, so tests decide how late events come.
 */
import { KubeError, type KubeFailure } from '../../operator/base/failure.ts';
import { type KubeObject, type ObjectRef, refOf } from '../../operator/base/kube-object.ts';
import { kindOf } from '../../operator/base/resource-kinds.ts';
import type { Caches } from '../../operator/control/cache/caches.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { isMap, merged } from './merge.ts';

export interface FakeCluster {
  readonly client: KubeClient;
  /** Writes that landed, oldest first: `apply Deployment/apisix-icha`, dry runs left out. */
  readonly writes: readonly string[];
  /** Looks past the caches: `get Deployment/apisix-icha`. */
  readonly reads: readonly string[];
  /** Puts an object there as somebody else would. */
  put(object: KubeObject): KubeObject;
  remove(kind: string, name: string): void;
  object(kind: string, name: string): KubeObject | undefined;
  /** Hands all changes since the last time to the caches. */
  deliver(caches: Caches): void;
  /** The next call that `matches` fails so. */
  failNext(matches: string, failure: KubeFailure): void;
  /** Runs once, before the next call that `matches` is served: what others do meanwhile. */
  before(matches: string, action: () => void): void;
  forgetCalls(): void;
}

type Change = { readonly kind: 'add' | 'delete'; readonly object: KubeObject };

export function createFakeCluster(): FakeCluster {
  const objects = new Map<string, KubeObject>();
  const changes: Change[] = [];
  const intrusions: { readonly matches: string; readonly action: () => void }[] = [];
  const failures: { readonly matches: string; readonly failure: KubeFailure }[] = [];
  const writes: string[] = [];
  const reads: string[] = [];
  let version = 0;

  function store(object: KubeObject): KubeObject {
    const before = objects.get(keyOf(refOf(object)));
    version += 1;
    const metadata = {
      ...object.metadata,
      uid: object.metadata.uid ?? before?.metadata.uid ?? `uid-${version}`,
      resourceVersion: String(version),
      generation: before?.metadata.generation ?? 1,
    };
    const stored = structuredClone({ ...object, metadata });
    objects.set(keyOf(refOf(object)), stored);
    changes.push({ kind: 'add', object: stored });
    return stored;
  }

  function meet(call: string): void {
    const earlier = intrusions.findIndex(({ matches }) => call.includes(matches));
    if (earlier >= 0) intrusions.splice(earlier, 1)[0]?.action();
    const index = failures.findIndex(({ matches }) => call.includes(matches));
    const [failing] = index < 0 ? [] : failures.splice(index, 1);
    if (failing !== undefined) throw new KubeError(failing.failure);
  }

  const client: KubeClient = {
    async get(ref) {
      reads.push(`get ${shortOf(ref)}`);
      meet(`get ${shortOf(ref)}`);
      const found = objects.get(keyOf(ref));
      if (found === undefined) throw failed('not-found', shortOf(ref));
      return found;
    },
    /** One object by name, as the operator looks for its resource. */
    async list(kind, namespace, { fieldSelector = '' } = {}) {
      const name = fieldSelector.replace('metadata.name=', '');
      reads.push(`list ${kind.kind}/${name}`);
      meet(`list ${kind.kind}/${name}`);
      const found = objects.get(keyOf({ ...kind, namespace, name }));
      return { items: found === undefined ? [] : [found], resourceVersion: String(version) };
    },
    watch: () => {
      throw new Error('The fake cluster is never watched');
    },
    async apply(object, { dryRun, subresource }) {
      const call = `${subresource ?? 'apply'} ${shortOf(refOf(object))}`;
      meet(dryRun ? `dry ${call}` : call);
      const before = objects.get(keyOf(refOf(object)));
      if (subresource !== undefined && before === undefined) throw failed('not-found', call);
      const { uid } = object.metadata;
      if (uid !== undefined && uid !== before?.metadata.uid) throw failed('conflict', call);
      const { uid: _, ...metadata } = object.metadata;
      const next = { ...(before ?? {}), ...overlay(before, { ...object, metadata }) };
      if (dryRun) return { ...next, metadata: { ...next.metadata, uid: uid ?? 'dry' } };
      writes.push(call);
      return store(next);
    },
    async create(object) {
      const call = `create ${shortOf(refOf(object))}`;
      meet(call);
      if (objects.has(keyOf(refOf(object)))) throw failed('conflict', call);
      writes.push(call);
      return store(object);
    },
    async replace(object, { dryRun } = {}) {
      const call = `replace ${shortOf(refOf(object))}`;
      meet(dryRun ? `dry ${call}` : call);
      const found = objects.get(keyOf(refOf(object)));
      if (found === undefined) throw failed('not-found', call);
      if (found.metadata.resourceVersion !== object.metadata.resourceVersion) {
        throw failed('conflict', call);
      }
      if (dryRun) return object;
      writes.push(call);
      return store(object);
    },
    async delete(ref, { uid }) {
      const call = `delete ${shortOf(ref)}`;
      meet(call);
      const found = objects.get(keyOf(ref));
      if (found === undefined) throw failed('not-found', call);
      if (found.metadata.uid !== uid) throw failed('conflict', call);
      writes.push(call);
      drop(ref);
    },
  };

  function drop(ref: ObjectRef): void {
    const last = objects.get(keyOf(ref));
    if (last === undefined) return;
    objects.delete(keyOf(ref));
    version += 1;
    const metadata = { ...last.metadata, resourceVersion: String(version) };
    changes.push({ kind: 'delete', object: { ...last, metadata } });
  }

  function find(kind: string, name: string): KubeObject | undefined {
    return [...objects.values()].find((it) => it.kind === kind && it.metadata.name === name);
  }

  return {
    client,
    writes,
    reads,
    put: store,
    object: find,
    remove(kind, name) {
      const found = find(kind, name);
      if (found !== undefined) drop(refOf(found));
    },
    deliver(caches) {
      for (const { kind, object } of changes.splice(0)) {
        if (kind === 'add') caches.deliver(kindOf(object), { kind, object });
        else caches.deliver(kindOf(object), { kind, last: object });
      }
    },
    failNext: (matches, failure) => failures.push({ matches, failure }),
    before: (matches, action) => intrusions.push({ matches, action }),
    forgetCalls() {
      writes.length = 0;
      reads.length = 0;
    },
  };
}

function overlay(before: KubeObject | undefined, object: KubeObject): KubeObject {
  if (before === undefined) return object;
  const result = merged(before, object);
  return isMap(result) ? (result as KubeObject) : object;
}

function keyOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function shortOf({ kind, name }: ObjectRef): string {
  return `${kind}/${name}`;
}

function failed(kind: 'not-found' | 'conflict', call: string): KubeError {
  return new KubeError({ kind, message: `${call}: ${kind}` });
}
