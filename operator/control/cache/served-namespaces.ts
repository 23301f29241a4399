/**
 * The served namespaces, each with its watches. A key is queued only once all watches of its namespace
 * have delivered their first list: before, children would seem to be missing. Namespaces do not wait for
 * each other, so one that is gone, or lacks rights, delays no other.
 */
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Reflector } from '../../kube/watch/reflector-types.ts';

/** One namespace. */
export interface ServedNamespace {
  readonly name: string;
  readonly watches: readonly Reflector[];
}

/** All of them. */
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

  /** Queues `key`, now or when its namespace is synced. */
  enqueue(key: ObjectKey): void {
    const { namespace } = key;
    if (this.#synced.has(namespace)) {
      this.#enqueue(key);
      return;
    }
    const held = this.#held.get(namespace) ?? new Map<string, ObjectKey>();
    this.#held.set(namespace, held.set(keyText(key), key));
  }

  /** Names of the namespaces that are not synced yet. */
  waiting(): readonly string[] {
    return this.#all.map(({ name }) => name).filter((name) => !this.#synced.has(name));
  }

  /** All watches of the namespace have delivered their first list. */
  isSynced(namespace: string): boolean {
    return this.#synced.has(namespace);
  }

  /** At least one namespace is synced. */
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
