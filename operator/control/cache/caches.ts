/**
 * What the watches have delivered, indexed by the resource it concerns, and when on our clock the record
 * of a Lease last changed. Decides which changes are worth a reconcile: a renewal is not.
 *
 * What we wrote ourselves shows at once (`wrote`, `removed`), ahead of the watch: the next reconcile
 * must not repeat a write only because its echo is still on the way. Such an entry holds until the
 * watch has caught up, and at most `PROVISIONAL_MS`; one that ends without its echo is a change too.
 */
import { isDeepStrictEqual } from 'node:util';
import { leaseNameOf } from '../../api/lease-name.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../../base/kube-object.ts';
import { keyText } from '../../base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { SharedName } from '../../decide/observed/shared-name.ts';
import type { Change } from '../../kube/watch/follow.ts';
import {
  controllerName,
  hasOtherSpec,
  isNewer,
  keyOf,
  lapseId,
  matters,
  refText,
} from './cache-changes.ts';
import { ControllerNames } from './controller-names.ts';
import { currentObjects, currentOf, type Entries, type Entry, writtenOf } from './entries.ts';
import { Lapses } from './lapses.ts';
import { LeaseMemory } from './lease-memory.ts';
import { Tombstones } from './tombstones.ts';

/** How long our own write may stand in for its echo. */
const PROVISIONAL_MS = 10_000;

/** Called with each change, after the caches hold it. */
export interface CacheHandlers {
  /** Something that reconciling decides on has changed. */
  readonly enqueue: (key: ObjectKey) => void;
  /** Anything has changed, each renewal of a Lease included. Default: nothing is called. */
  readonly onEvent?: (key: ObjectKey) => void;
}

export class Caches {
  readonly #clock: Clock;
  readonly #enqueue: (key: ObjectKey) => void;
  readonly #onEvent: (key: ObjectKey) => void;
  readonly #resources: Entries = new Map();
  readonly #children = new Map<string, Entries>();
  readonly #pods = new Map<string, Entries>();
  readonly #leases: LeaseMemory;
  readonly #tombstones = new Tombstones();
  readonly #names = new ControllerNames();
  readonly #lapses: Lapses;

  constructor(clock: Clock, handlers: CacheHandlers) {
    this.#clock = clock;
    this.#leases = new LeaseMemory(clock);
    this.#enqueue = handlers.enqueue;
    this.#onEvent = handlers.onEvent ?? (() => {});
    this.#lapses = new Lapses(clock, PROVISIONAL_MS);
  }

  /** Calls no handler by itself from now on: no timer is left. */
  stop(): void {
    this.#lapses.stop();
  }

  resource(key: ObjectKey): KubeObject | undefined {
    return this.#current(this.#resources.get(keyText(key)));
  }

  resources(): readonly KubeObject[] {
    return this.#values(this.#resources);
  }

  /** Objects with our labels that name this resource, pods left out. */
  children(key: ObjectKey): readonly KubeObject[] {
    return this.#values(this.#children.get(keyText(key)));
  }

  pods(key: ObjectKey): readonly KubeObject[] {
    return this.#values(this.#pods.get(keyText(key)));
  }

  /** When the record of this very Lease last changed, on our clock; unknown counts as now. */
  leaseChangedAtMs(lease: KubeObject): number {
    return this.#leases.changedAtMs(lease);
  }

  /** The resource's Lease of this name as it was before somebody deleted it; undefined while there is one. */
  lostLease(key: ObjectKey, name: string): KubeObject | undefined {
    return this.#leases.lost(keyText(key), name);
  }

  /** Other resources whose controllers would answer to the same classes. */
  sharedWith(key: ObjectKey): SharedName {
    return this.#names.sharedWith(keyText(key));
  }

  /** One change from the watch of `kind`. */
  deliver(kind: ResourceKind, change: Change): void {
    if (change.kind === 'delete') {
      this.#tombstones.add(change.last);
      this.#forget(kind, change.last);
      return;
    }
    const { old, object } = change;
    if (this.#tombstones.isFinal(object)) return;
    const key = keyOf(kind, object);
    // Relabelled: to the resource that it no longer concerns the object is gone.
    if (old !== undefined && !isDeepStrictEqual(keyOf(kind, old), key)) this.#forget(kind, old);
    if (key === undefined) return;
    const entries = this.#entriesFor(kind, key);
    const text = refText(object);
    const entry = entries.get(text);
    const before = this.#current(entry);
    // Only what we wrote may be ahead of the watch. Older than what it told before is a restored state.
    const written = writtenOf(entry, this.#clock.nowMs());
    const echoPending = written !== undefined && isNewer(written, object);
    entries.set(text, echoPending ? { ...entry, delivered: object } : { delivered: object });
    if (echoPending) return;
    this.#lapses.callOff(lapseId(key, text));
    this.#noteName(kind, key);
    if (kind.kind === LeaseKind.kind) this.#leases.shows(keyText(key), object, before);
    if (matters(kind, before, object)) this.#enqueue(key);
    this.#onEvent(key);
  }

  /** The answer to our own write or to a live read, shown until the watch catches up. */
  wrote(kind: ResourceKind, object: KubeObject): void {
    const key = keyOf(kind, object);
    if (key === undefined) return;
    const entries = this.#entriesFor(kind, key);
    const text = refText(object);
    const entry = entries.get(text);
    const before = this.#current(entry);
    if (before !== undefined && !isNewer(object, before)) return; // the echo was faster
    if (this.#tombstones.covers(object)) return; // it is gone by now
    if (kind.kind === LeaseKind.kind) this.#leases.shows(keyText(key), object, before);
    const written = { object, untilMs: this.#clock.nowMs() + PROVISIONAL_MS };
    entries.set(text, { ...entry, written });
    this.#lapses.set(lapseId(key, text), () => this.#lapse(kind, key, text));
    this.#noteName(kind, key);
    if (kind.kind === IngressControllerHAKind.kind && hasOtherSpec(before, object))
      this.#enqueue(key);
  }

  /** Our own delete has been accepted. */
  removed(ref: ObjectRef, owner: ObjectKey): void {
    const text = refText({ ...ref, metadata: { name: ref.name } });
    this.#children.get(keyText(owner))?.delete(text);
    this.#lapses.callOff(lapseId(owner, text));
  }

  /**
   * The API server does not know this resource any more: its children are going, and must not be
   * made again only because the news of their end is faster than that of the resource's.
   */
  resourceIsGone(resource: KubeObject): void {
    this.#tombstones.addFinal(resource);
    this.#forget(IngressControllerHAKind, resource);
  }

  /** The object is gone, or no longer carries our labels: to us that is the same. */
  #forget(kind: ResourceKind, last: KubeObject): void {
    const key = keyOf(kind, last);
    if (key === undefined) return;
    const entries = this.#entriesFor(kind, key);
    const text = refText(last);
    const written = entries.get(text)?.written;
    if (written !== undefined && written.object.metadata.uid !== last.metadata.uid) {
      entries.set(text, { written }); // a successor that we wrote, ahead of its echo
    } else {
      entries.delete(text);
      this.#lapses.callOff(lapseId(key, text));
      if (kind.kind === LeaseKind.kind) this.#loseLease(key, last);
    }
    this.#noteName(kind, key);
    this.#tidy(key);
    this.#enqueue(key);
    this.#onEvent(key);
  }

  /** The echo has not come in time: from now on only what the watch has delivered counts. */
  #lapse(kind: ResourceKind, key: ObjectKey, text: string): void {
    const entries = this.#entriesFor(kind, key);
    const { written, delivered } = entries.get(text) ?? {};
    if (written === undefined) return;
    if (delivered !== undefined) entries.set(text, { delivered });
    else {
      entries.delete(text);
      if (kind.kind === LeaseKind.kind) this.#leases.forget(written.object);
    }
    this.#noteName(kind, key);
    this.#tidy(key);
    if (delivered === undefined || matters(kind, written.object, delivered)) this.#enqueue(key);
    this.#onEvent(key);
  }

  /** A resource that comes, goes or is renamed changes what the statuses of others say of their neighbours. */
  #noteName(kind: ResourceKind, key: ObjectKey): void {
    if (kind.kind !== IngressControllerHAKind.kind) return;
    const concerned = this.#names.set(keyText(key), controllerName(this.resource(key)));
    for (const other of concerned) {
      const { namespace, name } = this.#current(this.#resources.get(other))?.metadata ?? {};
      if (namespace !== undefined && name !== undefined) this.#enqueue({ namespace, name });
    }
  }

  /** Nothing is kept of a resource that has come and gone. */
  #tidy(key: ObjectKey): void {
    const text = keyText(key);
    for (const index of [this.#children, this.#pods]) {
      if (index.get(text)?.size === 0) index.delete(text);
    }
    if (!this.#resources.has(text)) this.#leases.forgetResource(text);
  }

  #loseLease(key: ObjectKey, last: KubeObject): void {
    this.#leases.forget(last);
    const resource = this.resource(key);
    const isWanted = resource !== undefined && leaseNameOf(resource) === last.metadata.name;
    if (isWanted) this.#leases.lose(keyText(key), last);
  }

  #entriesFor(kind: ResourceKind, key: ObjectKey): Entries {
    if (kind.kind === IngressControllerHAKind.kind) return this.#resources;
    const index = kind.kind === PodKind.kind ? this.#pods : this.#children;
    const entries = index.get(keyText(key)) ?? new Map<string, Entry>();
    index.set(keyText(key), entries);
    return entries;
  }

  #values(entries: Entries | undefined): readonly KubeObject[] {
    return currentObjects(entries, this.#clock.nowMs());
  }

  #current(entry: Entry | undefined): KubeObject | undefined {
    return currentOf(entry, this.#clock.nowMs());
  }
}
