/**
 * From lists and events to a store and the changes in it. Synchronous, and blind to how the lists
 * and events arrive.
 */
import { failureOf } from '../../base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../../base/kube-object.ts';
import type { Log } from '../../telemetry/log.ts';
import type { WatchEvent } from '../client.ts';
import { createStore, type Store } from './store.ts';

/** One difference between two states of the store. */
export type Change =
  /** `old` is absent when the object is new (or has the name of another, told as deleted before). */
  | { readonly kind: 'upsert'; readonly old?: KubeObject; readonly object: KubeObject }
  /** `last`: its final state, or the last one known when it vanished unseen. */
  | { readonly kind: 'delete'; readonly last: KubeObject };

export interface FollowerOptions {
  readonly keep: (object: KubeObject) => KubeObject;
  readonly onChange: (change: Change) => void;
  readonly log: Log;
}

export interface Follower {
  readonly store: Store;
  /** The complete list: what is not in it is gone. */
  replace(items: readonly KubeObject[]): void;
  /** One event of a watch; the version from which a watch can go on, if the event names one. */
  take(event: Exclude<WatchEvent, { type: 'ERROR' }>): string | undefined;
}

/** A follower with an empty store. The store always holds a change before it is told. */
export function createFollower({ keep, onChange, log }: FollowerOptions): Follower {
  const store = createStore();

  function tell(changes: readonly Change[]): void {
    for (const change of changes) {
      try {
        onChange(change);
      } catch (error) {
        const object = change.kind === 'delete' ? change.last : change.object;
        const failure = failureOf(error).message;
        log.error('Change handler failed', { object: describeRef(refOf(object)), failure });
      }
    }
  }

  return {
    store,
    replace(items) {
      const kept = items.map(keep);
      const changes = [...vanished(store, kept), ...kept.flatMap((one) => arrived(store, one))];
      store.replaceAll(kept);
      tell(changes);
    },
    take(event) {
      if (event.type === 'BOOKMARK') return event.resourceVersion;
      const object = keep(event.object);
      if (event.type === 'DELETED') {
        const known = store.get(object.metadata) !== undefined;
        store.remove(object.metadata);
        if (known) tell([{ kind: 'delete', last: object }]);
      } else {
        const changes = arrived(store, object);
        store.put(object);
        tell(changes);
      }
      return event.object.metadata.resourceVersion;
    },
  };
}

/** The same object without `metadata.managedFields`: half of the memory of a cached object. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata as KubeObject['metadata'] & {
    readonly managedFields?: unknown;
  };
  return { ...object, metadata };
}

function vanished(store: Store, kept: readonly KubeObject[]): readonly Change[] {
  const keys = new Set(kept.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
  return store
    .list()
    .filter(({ metadata }) => !keys.has(`${metadata.namespace ?? ''}/${metadata.name}`))
    .map((last) => ({ kind: 'delete', last }));
}

/** Nothing for a state already known; for another object under a known name, a delete and an upsert. */
function arrived(store: Store, object: KubeObject): readonly Change[] {
  const old = store.get(object.metadata);
  if (old === undefined) return [{ kind: 'upsert', object }];
  if (old.metadata.uid !== object.metadata.uid) {
    return [
      { kind: 'delete', last: old },
      { kind: 'upsert', object },
    ];
  }
  const unchanged = old.metadata.resourceVersion === object.metadata.resourceVersion;
  return unchanged ? [] : [{ kind: 'upsert', old, object }];
}
