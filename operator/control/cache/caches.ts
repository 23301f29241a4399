/**
 * What the watches have told, indexed by the resource it concerns, and when on our clock a Lease
 * last moved. Decides which changes are worth a look: a renewal is not.
 *
 * What we wrote ourselves shows at once (`wrote`, `removed`), ahead of the watch: the next look
 * must not repeat a write only because its echo is still on the way. Such an entry holds until the
 * watch has caught up, and at most `PROVISIONAL_MS`; one that ends without its echo is a change too.
 */
import { isDeepStrictEqual } from 'node:util';
import { leaseNameOf } from '../../api/lease-name.ts';
import type { KubeObject, ObjectKey, ObjectRef } from '../../base/kube-object.ts';
import { keyFrom, keyText } from '../../base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  type ResourceKind,
} from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { SharedName } from '../../decide/observed/shared-name.ts';
import { createLru } from '../../kube/lru.ts';
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
import { Lapses } from './lapses.ts';
import { LeaseMemory } from './lease-memory.ts';

/** How long our own write may stand in for its echo. */
const PROVISIONAL_MS = 10_000;
/** How many objects are remembered as gone: more than can go while one answer is on its way. */
const GONE_LIMIT = 1_024;

interface Entry {
  /** As the watch told it. */
  readonly told?: KubeObject;
  /** As we wrote it, ahead of the watch. */
  readonly written?: { readonly object: KubeObject; readonly untilMs: number };
}

type Entries = Map<string, Entry>;

/** Who is told of changes, after the caches hold them. */
export interface CacheListeners {
  /** Something that reconciling decides on has changed. */
  readonly wake: (key: ObjectKey) => void;
  /** Anything has changed, each renewal of a Lease included. Default: nobody is told. */
  readonly sense?: (key: ObjectKey) => void;
}

export class Caches {
  readonly #clock: Clock;
  readonly #wake: (key: ObjectKey) => void;
  readonly #sense: (key: ObjectKey) => void;
  readonly #resources: Entries = new Map();
  readonly #children = new Map<string, Entries>();
  readonly #pods = new Map<string, Entries>();
  readonly #leases: LeaseMemory;
  /** By uid, as last told, or for good: an answer or an event may come after the end it precedes. */
  readonly #gone = createLru<KubeObject | 'for good'>(GONE_LIMIT);
  readonly #names = new ControllerNames();
  readonly #lapses: Lapses;

  constructor(clock: Clock, listeners: CacheListeners) {
    this.#clock = clock;
    this.#leases = new LeaseMemory(clock);
    this.#wake = listeners.wake;
    this.#sense = listeners.sense ?? (() => {});
    this.#lapses = new Lapses(clock, PROVISIONAL_MS);
  }

  /** Wakes nobody by itself from now on: no timer is left. */
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

  /** One change from the watch of `kind`; the source of every look. */
  observe(kind: ResourceKind, change: Change): void {
    if (change.kind === 'delete') {
      this.#gone.set(change.last.metadata.uid ?? '', change.last);
      this.#forget(kind, change.last);
      return;
    }
    const { old, object } = change;
    if (this.#gone.get(object.metadata.uid ?? '') === 'for good') return;
    const key = keyOf(kind, object);
    // Relabelled: to the resource that it no longer concerns the object is gone.
    if (old !== undefined && !isDeepStrictEqual(keyOf(kind, old), key)) this.#forget(kind, old);
    if (key === undefined) return;
    const entries = this.#entriesFor(kind, key);
    const text = refText(object);
    const entry = entries.get(text);
    const before = this.#current(entry);
    // Only what we wrote may be ahead of the watch. Older than what it told before is a restored state.
    const written = this.#written(entry);
    const echoPending = written !== undefined && isNewer(written, object);
    entries.set(text, echoPending ? { ...entry, told: object } : { told: object });
    if (echoPending) return;
    this.#lapses.callOff(lapseId(key, text));
    this.#noteName(kind, key);
    if (kind.kind === LeaseKind.kind) this.#leases.shows(keyText(key), object, before);
    if (matters(kind, before, object)) this.#wake(key);
    this.#sense(key);
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
    const last = this.#gone.get(object.metadata.uid ?? '');
    if (last === 'for good' || (last && !isNewer(object, last))) return; // it is gone by now
    if (kind.kind === LeaseKind.kind) this.#leases.shows(keyText(key), object, before);
    const written = { object, untilMs: this.#clock.nowMs() + PROVISIONAL_MS };
    entries.set(text, { ...entry, written });
    this.#lapses.set(lapseId(key, text), () => this.#lapse(kind, key, text));
    this.#noteName(kind, key);
    if (kind.kind === IngressControllerHAKind.kind && hasOtherSpec(before, object)) this.#wake(key);
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
    this.#gone.set(resource.metadata.uid ?? '', 'for good');
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
    this.#wake(key);
    this.#sense(key);
  }

  /** The echo has not come in time: from now on only what the watch has told counts. */
  #lapse(kind: ResourceKind, key: ObjectKey, text: string): void {
    const entries = this.#entriesFor(kind, key);
    const { written, told } = entries.get(text) ?? {};
    if (written === undefined) return;
    if (told !== undefined) entries.set(text, { told });
    else {
      entries.delete(text);
      if (kind.kind === LeaseKind.kind) this.#leases.forget(written.object);
    }
    this.#noteName(kind, key);
    this.#tidy(key);
    if (told === undefined || matters(kind, written.object, told)) this.#wake(key);
    this.#sense(key);
  }

  /** A resource that comes, goes or is renamed changes what others are told of their neighbours. */
  #noteName(kind: ResourceKind, key: ObjectKey): void {
    if (kind.kind !== IngressControllerHAKind.kind) return;
    const concerned = this.#names.set(keyText(key), controllerName(this.resource(key)));
    for (const other of concerned) this.#wake(keyFrom(other));
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
    return [...(entries?.values() ?? [])].flatMap((entry) => this.#current(entry) ?? []);
  }

  #current(entry: Entry | undefined): KubeObject | undefined {
    return this.#written(entry) ?? entry?.told;
  }

  /** As we wrote it, while that stands in for its echo. */
  #written(entry: Entry | undefined): KubeObject | undefined {
    const written = entry?.written;
    return written !== undefined && this.#clock.nowMs() < written.untilMs
      ? written.object
      : undefined;
  }
}
