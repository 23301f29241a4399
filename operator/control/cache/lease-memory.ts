/**
 * What is remembered of the Leases themselves: when, on our clock, the record of each last changed, and
 * the last record of one that was deleted. Kept by the Lease and not by its resource, since any number of
 * Leases may carry a resource's labels.
 */
import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../base/defined.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';

/** The record of a Lease, and when it was first observed. */
interface LeaseClock {
  readonly spec: unknown;
  readonly changedAtMs: number;
}

/** Of all Leases of the operator. */
export class LeaseMemory {
  readonly #clock: Clock;
  /** By uid. */
  readonly #clocks = new Map<string, LeaseClock>();
  /** By the resource's key: at most the one that it names. */
  readonly #lost = new Map<string, KubeObject>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * When the record of this very Lease last changed, in ms on our clock. A record whose change was not
   * observed (an older one that counts again, a Lease that no watch delivered) counts as changed now.
   */
  changedAtMs({ metadata: { uid = '' }, spec }: KubeObject): number {
    const known = this.#clocks.get(uid);
    if (known !== undefined && isDeepStrictEqual(known.spec, spec)) return known.changedAtMs;
    const changedAtMs = this.#clock.nowMs();
    this.#clocks.set(uid, { spec, changedAtMs });
    return changedAtMs;
  }

  /** The resource's Lease of this name as it was before it was deleted; undefined while there is one. */
  lost(resource: string, name: string): KubeObject | undefined {
    const lost = this.#lost.get(resource);
    return lost?.metadata.name === name ? lost : undefined;
  }

  /** A Lease of `resource` is there, in place of `before`. */
  shows(resource: string, lease: KubeObject, before: KubeObject | undefined): void {
    if (this.lost(resource, lease.metadata.name) !== undefined) this.#lost.delete(resource);
    if (before !== undefined && before.metadata.uid !== lease.metadata.uid) this.forget(before);
    this.changedAtMs(lease);
  }

  /** The Lease that `resource` names is gone, and may have to be created again with its record. */
  lose(resource: string, { apiVersion, kind, metadata, spec }: KubeObject): void {
    const { name, uid, labels } = metadata;
    const kept = { name, ...defined({ uid, labels }) };
    this.#lost.set(resource, { apiVersion, kind, metadata: kept, spec });
  }

  /** When its record changed is unknown from now on. */
  forget({ metadata: { uid = '' } }: KubeObject): void {
    this.#clocks.delete(uid);
  }

  /** The resource is gone, and so its Lease is not created again. */
  forgetResource(resource: string): void {
    this.#lost.delete(resource);
  }
}
