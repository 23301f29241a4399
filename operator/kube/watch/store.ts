/** What a watch knows: the last state of each object, by namespace and name. Objects are never changed. */
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
  readonly size: number;
}

export interface WritableStore extends Store {
  put(object: KubeObject): void;
  remove(key: StoreKey): void;
  /** Replaces everything at once: no reader sees a mixture. */
  replaceAll(objects: readonly KubeObject[]): void;
}

/** An empty store. */
export function createStore(): WritableStore {
  let objects = new Map<string, KubeObject>();
  return {
    get: (key) => objects.get(textOf(key)),
    list: () => [...objects.values()],
    get size() {
      return objects.size;
    },
    put(object) {
      objects.set(textOf(object.metadata), object);
    },
    remove(key) {
      objects.delete(textOf(key));
    },
    replaceAll(all) {
      objects = new Map(all.map((object) => [textOf(object.metadata), object]));
    },
  };
}

/** No name of a namespace or an object holds a slash. */
function textOf({ namespace = '', name }: StoreKey): string {
  return `${namespace}/${name}`;
}
