/**
 * The served namespaces, each with its watches. A key is worked on only once all watches of its
 * namespace have delivered their first list: half a picture would look like missing children. Namespaces
 * do not wait for each other, so one that is gone, or lacks rights, holds up nobody else.
 */
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Reflector } from '../../kube/watch/reflector-types.ts';

export interface ServedNamespace {
  readonly name: string;
  readonly watches: readonly Reflector[];
}

export class ServedNamespaces {
  readonly #enqueue: (key: ObjectKey) => void;
  readonly #onSynced: (namespace: string) => void;
  readonly #synced = new Set<string>();
  /** Keys that wait for their namespace, by its name. */
  readonly #held = new Map<string, Map<string, ObjectKey>>();
  #all: readonly ServedNamespace[] = [];

  /** `onSynced`: called once for each namespace, when all of its first lists are there. */
  constructor(enqueue: (key: ObjectKey) => void, onSynced: (namespace: string) => void = () => {}) {
    this.#enqueue = enqueue;
    this.#onSynced = onSynced;
  }

  /** Starts every watch. Call it once. */
  start(namespaces: readonly ServedNamespace[]): void {
    this.#all = namespaces;
    for (const { name, watches } of namespaces) {
      for (const watch of watches) watch.start();
      void Promise.all(watches.map((watch) => watch.synced)).then(() => this.#release(name));
    }
  }

  /** Ends every watch. */
  async stop(): Promise<void> {
    await Promise.all(this.#all.flatMap(({ watches }) => watches).map((watch) => watch.stop()));
  }

  /** Something of `key` has changed: it is queued, at the latest when its namespace is synced. */
  enqueue(key: ObjectKey): void {
    const { namespace } = key;
    if (this.#synced.has(namespace)) {
      this.#enqueue(key);
      return;
    }
    const held = this.#held.get(namespace) ?? new Map<string, ObjectKey>();
    this.#held.set(namespace, held.set(keyText(key), key));
  }

  /** Names of the namespaces whose watches wait for their first list. */
  waiting(): readonly string[] {
    return this.#all.map(({ name }) => name).filter((name) => !this.#synced.has(name));
  }

  /** All watches of the namespace have delivered their first list. */
  isSynced(namespace: string): boolean {
    return this.#synced.has(namespace);
  }

  /** At least one namespace can be worked on. */
  isAnySynced(): boolean {
    return this.#synced.size > 0;
  }

  #release(name: string): void {
    this.#synced.add(name);
    for (const key of this.#held.get(name)?.values() ?? []) this.#enqueue(key);
    this.#held.delete(name);
    this.#onSynced(name);
  }
}
