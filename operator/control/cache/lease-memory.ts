/**
 * What is remembered of the Leases themselves: when, on our clock, the record of each last changed, and
 * what one said that somebody deleted. Kept by the Lease and not by its resource, since any number of
 * Leases may carry a resource's labels.
 */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';

/** The record of a Lease, and when we first saw it stand there. */
interface LeaseClock {
  readonly spec: unknown;
  readonly changedAtMs: number;
}

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
   * When the record of this very Lease last changed, on our clock. A record that nobody has seen come
   * (an older one shows again, a Lease that was never told) has changed when it is first asked about.
   */
  changedAtMs({ metadata: { uid = '' }, spec }: KubeObject): number {
    const known = this.#clocks.get(uid);
    if (known !== undefined && isDeepStrictEqual(known.spec, spec)) return known.changedAtMs;
    const changedAtMs = this.#clock.nowMs();
    this.#clocks.set(uid, { spec, changedAtMs });
    return changedAtMs;
  }

  /** The resource's Lease of this name as it was before somebody deleted it; undefined while there is one. */
  lost(resource: string, name: string): KubeObject | undefined {
    const lost = this.#lost.get(resource);
    return lost?.metadata.name === name ? lost : undefined;
  }

  /** A Lease of `resource` shows, in place of `before`. */
  shows(resource: string, lease: KubeObject, before: KubeObject | undefined): void {
    if (this.lost(resource, lease.metadata.name) !== undefined) this.#lost.delete(resource);
    if (before !== undefined && before.metadata.uid !== lease.metadata.uid) this.forget(before);
    this.changedAtMs(lease);
  }

  /** The Lease that `resource` names shows no more, and may be wanted back. */
  lose(resource: string, { apiVersion, kind, metadata, spec }: KubeObject): void {
    const { name, uid, labels } = metadata;
    const identity = { name, ...(uid && { uid }), ...(labels && { labels }) };
    this.#lost.set(resource, { apiVersion, kind, metadata: identity, spec });
  }

  /** Nothing is known any more of when its record changed. */
  forget({ metadata: { uid = '' } }: KubeObject): void {
    this.#clocks.delete(uid);
  }

  /** The resource is gone, and wants no Lease back. */
  forgetResource(resource: string): void {
    this.#lost.delete(resource);
  }
}
