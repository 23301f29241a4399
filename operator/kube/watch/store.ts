/** The last state of each object of one kind, by namespace and name. Objects in it are never changed. */
import type { KubeObject } from '../../base/kube-object.ts';

/** Enough to find an object in a store of one kind. */
export interface StoreKey {
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
}

/** The reader's side. Every answer is the state of this moment. */
export interface Store {
  get(key: StoreKey): KubeObject | undefined;
  /** All objects, in no particular order. */
  list(): readonly KubeObject[];
  /** How many objects it holds. */
  readonly size: number;
}

/** The writer's side. */
export interface WritableStore extends Store {
  put(object: KubeObject): void;
  /** No effect for a key that it does not hold. */
  remove(key: StoreKey): void;
  /** Replaces everything at once: no reader sees a mixture. */
  replaceAll(objects: readonly KubeObject[]): void;
}

/** An empty store. */
export function createStore(): WritableStore {
  let objects = new Map<string, KubeObject>();
  return {
    get: (key) => objects.get(storeKey(key)),
    list: () => [...objects.values()],
    get size() {
      return objects.size;
    },
    put(object) {
      objects.set(storeKey(object.metadata), object);
    },
    remove(key) {
      objects.delete(storeKey(key));
    },
    replaceAll(all) {
      objects = new Map(all.map((object) => [storeKey(object.metadata), object]));
    },
  };
}

/** `namespace/name`, or `/name` without a namespace: client-go's MetaNamespaceKeyFunc. No name holds a slash. */
export function storeKey({ namespace = '', name }: StoreKey): string {
  return `${namespace}/${name}`;
}
