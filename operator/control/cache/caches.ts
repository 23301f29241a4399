/**
 * What the watches have delivered, indexed by the resource it concerns, and when on our clock the record
 * of a Lease last changed. Decides which changes are worth a reconcile: a renewal is not.
 *
 * What we wrote ourselves is held at once (`wrote`, `removed`), ahead of the watch: the next reconcile
 * must not repeat a write only because the watch has not delivered it yet (its echo). Such an entry holds
 * until the watch has caught up, and at most `PROVISIONAL_MS`; one that ends without its echo is a change too.
 */
import { isDeepStrictEqual } from 'node:util';
import { leaseNameOf } from '../../api/lease-name.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../../base/kube-object.ts';
import { keyText } from '../../base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { SharedName } from '../../decide/observed/shared-name.ts';
import type { Change } from '../../kube/watch/changes.ts';
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
import { writtenOf } from './entries.ts';
import { Lapses } from './lapses.ts';
import { LeaseMemory } from './lease-memory.ts';
import { ObjectIndex } from './object-index.ts';
import { Tombstones } from './tombstones.ts';

/** How long our own write may stand in for its echo, in ms. */
const PROVISIONAL_MS = 10_000;

/** Called with each change, after the caches hold it. */
export interface CacheHandlers {
  /** Something that a reconcile decides on has changed. */
  readonly enqueue: (key: ObjectKey) => void;
  /** Anything has changed, each renewal of a Lease included. Default: nothing is called. */
  readonly onEvent?: (key: ObjectKey) => void;
}

/** All caches of the operator, over all served namespaces. */
export class Caches {
  readonly #clock: Clock;
  readonly #enqueue: (key: ObjectKey) => void;
  readonly #onEvent: (key: ObjectKey) => void;
  readonly #objects: ObjectIndex;
  readonly #leases: LeaseMemory;
  readonly #tombstones = new Tombstones();
  readonly #names = new ControllerNames();
  readonly #lapses: Lapses;

  constructor(clock: Clock, handlers: CacheHandlers) {
    this.#clock = clock;
    this.#objects = new ObjectIndex(clock);
    this.#leases = new LeaseMemory(clock);
    this.#enqueue = handlers.enqueue;
    this.#onEvent = handlers.onEvent ?? (() => {});
    this.#lapses = new Lapses(clock, PROVISIONAL_MS);
  }

  /** No handler is called by a timer from now on. */
  stop(): void {
    this.#lapses.stop();
  }

  /** The resource as it counts now; undefined: there is none. */
  resource(key: ObjectKey): KubeObject | undefined {
    return this.#objects.resource(key);
  }

  /** All resources, in no particular order. */
  resources(): readonly KubeObject[] {
    return this.#objects.resources();
  }

  /** Objects with our labels that name this resource, pods left out. */
  children(key: ObjectKey): readonly KubeObject[] {
    return this.#objects.children(key);
  }

  /** Pods with our labels that name this resource. */
  pods(key: ObjectKey): readonly KubeObject[] {
    return this.#objects.pods(key);
  }

  /** When the record of this very Lease last changed, in ms on our clock; unknown counts as now. */
  leaseChangedAtMs(lease: KubeObject): number {
    return this.#leases.changedAtMs(lease);
  }

  /** The resource's Lease of this name as it was before it was deleted; undefined while there is one. */
  lostLease(key: ObjectKey, name: string): KubeObject | undefined {
    return this.#leases.lost(keyText(key), name);
  }

  /** Other resources with the same `controllerName`, whose controllers would serve the same classes. */
  sharedWith(key: ObjectKey): SharedName {
    return this.#names.sharedWith(keyText(key));
  }

  /** One change that the watch of `kind` has delivered. */
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
    const entries = this.#objects.entriesFor(kind, key);
    const text = refText(object);
    const entry = entries.get(text);
    const before = this.#objects.current(entry);
    // Only what we wrote may be ahead of the watch. If it delivers an older state than before, the cluster
    // was restored.
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

  /** The answer to our own write or to a live read, held until the watch catches up. */
  wrote(kind: ResourceKind, object: KubeObject): void {
    const key = keyOf(kind, object);
    if (key === undefined) return;
    const entries = this.#objects.entriesFor(kind, key);
    const text = refText(object);
    const entry = entries.get(text);
    const before = this.#objects.current(entry);
    if (before !== undefined && !isNewer(object, before)) return; // the watch was faster
    if (this.#tombstones.covers(object)) return; // it was deleted meanwhile
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
    this.#objects.deleteChild(owner, text);
    this.#lapses.callOff(lapseId(owner, text));
  }

  /**
   * The API server has no such resource any more: its children are being deleted, and must not be created
   * again only because their deletion is delivered before that of the resource.
   */
  resourceIsGone(resource: KubeObject): void {
    this.#tombstones.addFinal(resource);
    this.#forget(IngressControllerHAKind, resource);
  }

  /** The object is gone, or no longer carries our labels: to us that is the same. */
  #forget(kind: ResourceKind, last: KubeObject): void {
    const key = keyOf(kind, last);
    if (key === undefined) return;
    const entries = this.#objects.entriesFor(kind, key);
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
    const entries = this.#objects.entriesFor(kind, key);
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

  /**
   * A resource that is created, deleted or gets another controllerName changes the advice of others that
   * use it.
   */
  #noteName(kind: ResourceKind, key: ObjectKey): void {
    if (kind.kind !== IngressControllerHAKind.kind) return;
    const concerned = this.#names.set(keyText(key), controllerName(this.resource(key)));
    for (const other of concerned) {
      const { namespace, name } = this.#objects.resourceAt(other)?.metadata ?? {};
      if (namespace !== undefined && name !== undefined) this.#enqueue({ namespace, name });
    }
  }

  /** Nothing is kept of a resource that is gone. */
  #tidy(key: ObjectKey): void {
    if (!this.#objects.tidy(key)) this.#leases.forgetResource(keyText(key));
  }

  #loseLease(key: ObjectKey, last: KubeObject): void {
    this.#leases.forget(last);
    const resource = this.resource(key);
    const isWanted = resource !== undefined && leaseNameOf(resource) === last.metadata.name;
    if (isWanted) this.#leases.lose(keyText(key), last);
  }
}
