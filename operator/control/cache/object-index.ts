/** The cached objects: resources by key, and the other objects by the resource that they concern. */
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { IngressControllerHAKind, PodKind, type ResourceKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { currentObjects, currentOf, type Entries, type Entry } from './entries.ts';

/** What counts now is decided by our clock: our own writes stand in for their echo for a while. */
export class ObjectIndex {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #resources: Entries = new Map();
  readonly #children = new Map<string, Entries>();
  readonly #pods = new Map<string, Entries>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** The resource; undefined: there is none. */
  resource(key: ObjectKey): KubeObject | undefined {
    return this.resourceAt(keyText(key));
  }

  /** As `resource`, by the text of its key. */
  resourceAt(text: string): KubeObject | undefined {
    return this.current(this.#resources.get(text));
  }

  /** All resources. */
  resources(): readonly KubeObject[] {
    return this.#values(this.#resources);
  }

  /** Objects with our labels that name this resource, pods left out. */
  children(key: ObjectKey): readonly KubeObject[] {
    return this.#values(this.#children.get(keyText(key)));
  }

  /** Pods with our labels that name this resource. */
  pods(key: ObjectKey): readonly KubeObject[] {
    return this.#values(this.#pods.get(keyText(key)));
  }

  /** Where an object of `kind` that concerns `key` belongs. */
  entriesFor(kind: ResourceKind, key: ObjectKey): Entries {
    if (kind.kind === IngressControllerHAKind.kind) return this.#resources;
    const index = kind.kind === PodKind.kind ? this.#pods : this.#children;
    const entries = index.get(keyText(key)) ?? new Map<string, Entry>();
    index.set(keyText(key), entries);
    return entries;
  }

  /** Removes an object other than a resource or a pod. */
  deleteChild(key: ObjectKey, text: string): void {
    this.#children.get(keyText(key))?.delete(text);
  }

  /** The state of an entry that counts now. */
  current(entry: Entry | undefined): KubeObject | undefined {
    return currentOf(entry, this.#clock.nowMs());
  }

  /** Keeps nothing empty for `key`. Returns whether there is a resource still, delivered or written. */
  tidy(key: ObjectKey): boolean {
    const text = keyText(key);
    for (const index of [this.#children, this.#pods]) {
      if (index.get(text)?.size === 0) index.delete(text);
    }
    return this.#resources.has(text);
  }

  #values(entries: Entries | undefined): readonly KubeObject[] {
    return currentObjects(entries, this.#clock.nowMs());
  }
}
