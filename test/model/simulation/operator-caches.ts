/**
 * What a model operator has heard: the rules of `operator/control/cache/caches.ts`, on small objects. What
 * was read or written live shows at once, until the watch has told as much, or for ten seconds.
 */

import type { GuardedLease } from '../../../operator/decide/failover/types.ts';
import type { Pod } from '../../../operator/decide/observed/pod.ts';
import type { LeaseObject, PodEvent, PodObject } from './server.ts';

const PROVISIONAL_MS = 10_000;

interface Versioned {
  readonly version: number;
}

interface Entry<T extends Versioned> {
  readonly told?: T;
  readonly written?: T;
  readonly writtenUntilMs: number;
}

const UNKNOWN: Entry<never> = { writtenUntilMs: 0 };

export class OperatorCaches {
  #lease: Entry<LeaseObject> = UNKNOWN;
  /** The record that shows, and since when. */
  #leaseClock = { text: '', changedAtMs: 0 };
  readonly #pods = new Map<string, Entry<PodObject>>();
  /** By uid: the version in which it went. */
  readonly #gone = new Map<string, number>();

  /** `nowMs` is here and below of the operator's own clock. True: something new shows. */
  leaseTold(lease: LeaseObject, nowMs: number): boolean {
    if (!lease.isMarked) {
      const wasThere = current(this.#lease, nowMs) !== undefined;
      this.#lease = UNKNOWN;
      this.#leaseClock = { text: '', changedAtMs: 0 };
      return wasThere;
    }
    const before = current(this.#lease, nowMs);
    if (before !== undefined && before === lease && this.#lease.told === before) return false;
    const ahead = written(this.#lease, nowMs);
    const isBehind = ahead !== undefined && ahead.version > lease.version;
    this.#lease = isBehind ? { ...this.#lease, told: lease } : { told: lease, writtenUntilMs: 0 };
    if (!isBehind) this.#changedAtMs(lease, nowMs);
    return !isBehind;
  }

  leaseRead(lease: LeaseObject, nowMs: number): void {
    if (!lease.isMarked) return;
    const before = current(this.#lease, nowMs);
    if (before !== undefined && before.version >= lease.version) return;
    this.#changedAtMs(lease, nowMs);
    this.#lease = { ...this.#lease, written: lease, writtenUntilMs: nowMs + PROVISIONAL_MS };
  }

  podTold(event: PodEvent, nowMs: number): boolean {
    const { pod } = event;
    const entry = this.#pods.get(pod.name) ?? UNKNOWN;
    if (event.kind === 'delete') return this.#podGone(event);
    if (entry.told === event) return false;
    if (entry.told !== undefined && entry.told.pod.uid !== pod.uid) this.#podGone(entry.told);
    const ahead = written(this.#pods.get(pod.name) ?? UNKNOWN, nowMs);
    const isBehind = ahead !== undefined && ahead.version > event.version;
    this.#pods.set(
      pod.name,
      isBehind ? { ...entry, told: event } : { told: event, writtenUntilMs: 0 },
    );
    return !isBehind;
  }

  podRead(object: PodObject, nowMs: number): void {
    const { name, uid } = object.pod;
    const entry = this.#pods.get(name) ?? UNKNOWN;
    const before = current(entry, nowMs);
    if (before !== undefined && before.version >= object.version) return;
    if ((this.#gone.get(uid) ?? 0) >= object.version) return;
    this.#pods.set(name, { ...entry, written: object, writtenUntilMs: nowMs + PROVISIONAL_MS });
  }

  /** The complete list: what is not in it is gone. */
  podsListed(objects: readonly PodEvent[], nowMs: number): void {
    const names = new Set(objects.map(({ pod }) => pod.name));
    for (const [name, { told }] of this.#pods) {
      if (told !== undefined && !names.has(name)) this.#podGone(told);
    }
    for (const object of objects) this.podTold(object, nowMs);
  }

  lease(nowMs: number): LeaseObject | undefined {
    return current(this.#lease, nowMs);
  }

  guardedLease(nowMs: number): GuardedLease | undefined {
    const lease = current(this.#lease, nowMs);
    return lease && guarded(lease, this.#changedAtMs(lease, nowMs));
  }

  pods(nowMs: number): readonly Pod[] {
    const pods: Pod[] = [];
    for (const entry of this.#pods.values()) {
      const object = current(entry, nowMs);
      if (object !== undefined) {
        pods.push({ ...object.pod, resourceVersion: String(object.version) });
      }
    }
    return pods;
  }

  #podGone({ pod, version }: PodObject): boolean {
    this.#gone.set(pod.uid, version);
    const entry = this.#pods.get(pod.name);
    const written = entry?.written;
    if (entry !== undefined && written !== undefined && written.pod.uid !== pod.uid) {
      this.#pods.set(pod.name, { written, writtenUntilMs: entry.writtenUntilMs });
    } else this.#pods.delete(pod.name);
    return true;
  }

  /** Unknown is now. */
  #changedAtMs({ text }: LeaseObject, nowMs: number): number {
    if (this.#leaseClock.text !== text) this.#leaseClock = { text, changedAtMs: nowMs };
    return this.#leaseClock.changedAtMs;
  }
}

function current<T extends Versioned>(entry: Entry<T>, nowMs: number): T | undefined {
  return written(entry, nowMs) ?? entry.told;
}

function written<T extends Versioned>(entry: Entry<T>, nowMs: number): T | undefined {
  return nowMs < entry.writtenUntilMs ? entry.written : undefined;
}

function guarded(lease: LeaseObject, changedAtMs: number): GuardedLease {
  const { holder, acquiredAtMs, renewedAtMs, text: record, version, isOurs } = lease;
  return {
    ...{ uid: 'lease', resourceVersion: String(version), holder, record, changedAtMs },
    ...{ ours: isOurs, coordinated: false, renewedAtMs },
    acquiredAtS: Math.floor(acquiredAtMs / 1000),
  };
}
