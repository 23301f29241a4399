/**
 * From lists and watch events to a store and the changes in it: what client-go's informer does between its
 * DeltaFIFO and its event handlers. Synchronous; how lists and events arrive is reflector.ts' business.
 */
import { failureOf } from '../../base/failure.ts';
import { describeRef, type KubeObject, refOf } from '../../base/kube-object.ts';
import type { Log } from '../../telemetry/log.ts';
import type { WatchEvent } from '../client.ts';
import { createStore, type Store, storeKey } from './store.ts';

/** One difference between two states of a store: what client-go hands to OnAdd, OnUpdate and OnDelete. */
export type Change =
  /** New in the store. A new object under a known name (another uid) comes after the delete of the former one. */
  | { readonly kind: 'add'; readonly old?: undefined; readonly object: KubeObject }
  /** The same object with another resourceVersion. */
  | { readonly kind: 'update'; readonly old: KubeObject; readonly object: KubeObject }
  /**
   * Deleted, or no longer selected. `last` is the final state if a watch delivered it, else the last one known: only
   * a list has shown that the object is gone (client-go's DeletedFinalStateUnknown).
   */
  | { readonly kind: 'delete'; readonly last: KubeObject };

/** What becomes of objects and changes. */
export interface ChangeTrackerOptions {
  /** What is stored and delivered of an object, its metadata included: client-go's TransformFunc. */
  readonly transform: (object: KubeObject) => KubeObject;
  /** Called once for each change, after the store holds it. What it throws is logged and stops nothing. */
  readonly onChange: (change: Change) => void;
  readonly log: Log;
}

/** A store, and the ways in which lists and events enter it. */
export interface ChangeTracker {
  readonly store: Store;
  /** Takes a complete list: an object that is not in it is deleted. */
  replace(items: readonly KubeObject[]): void;
  /** Takes one event of a watch. Gives the version from which a watch can resume, if the event names one. */
  process(event: Exclude<WatchEvent, { type: 'ERROR' }>): string | undefined;
}

/** A tracker with an empty store. */
export function createChangeTracker(options: ChangeTrackerOptions): ChangeTracker {
  const { transform, onChange, log } = options;
  const store = createStore();

  function deliver(changes: readonly Change[]): void {
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
      const listed = items.map(transform);
      const changes = [
        ...deletions(store, listed),
        ...listed.flatMap((one) => changesTo(store, one)),
      ];
      store.replaceAll(listed);
      deliver(changes);
    },
    process(event) {
      if (event.type === 'BOOKMARK') return event.resourceVersion;
      const object = transform(event.object);
      if (event.type === 'DELETED') {
        const isKnown = store.get(object.metadata) !== undefined;
        store.remove(object.metadata);
        if (isKnown) deliver([{ kind: 'delete', last: object }]);
      } else {
        const changes = changesTo(store, object);
        store.put(object);
        deliver(changes);
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

/** Deletes of what the store holds and a complete list does not. */
function deletions(store: Store, listed: readonly KubeObject[]): readonly Change[] {
  const keys = new Set(listed.map(({ metadata }) => storeKey(metadata)));
  return store
    .list()
    .filter(({ metadata }) => !keys.has(storeKey(metadata)))
    .map((last) => ({ kind: 'delete', last }));
}

/** None for a version that the store holds already; for another uid under a known name, a delete and an add. */
function changesTo(store: Store, object: KubeObject): readonly Change[] {
  const old = store.get(object.metadata);
  if (old === undefined) return [{ kind: 'add', object }];
  if (old.metadata.uid !== object.metadata.uid) {
    return [
      { kind: 'delete', last: old },
      { kind: 'add', object },
    ];
  }
  const isUnchanged = old.metadata.resourceVersion === object.metadata.resourceVersion;
  return isUnchanged ? [] : [{ kind: 'update', old, object }];
}
