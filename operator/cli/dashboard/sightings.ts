/** Sightings of all Leases: those that there are, and the last of those that are gone. */
import type { KubeObject } from '../../base/kube-object.ts';
import { createLru } from '../../kube/lru.ts';
import { type Instant, type Sighting, sight } from './sighting.ts';

/** Whoever makes a Lease anew is told from its last holder; more than these are forgotten. */
export const KEPT_GONE = 100;

export interface Sightings {
  /** One more look. `lease`: undefined when it is gone. */
  see(key: string, lease: KubeObject | undefined, at: Instant): void;
  get(key: string): Sighting | undefined;
  /** How many are kept. */
  readonly size: number;
}

export function createSightings(): Sightings {
  const live = new Map<string, Sighting>();
  const gone = createLru<Sighting>(KEPT_GONE);
  const get = (key: string) => live.get(key) ?? gone.get(key);
  return {
    get,
    see(key, lease, at) {
      const next = sight(get(key), lease, at);
      if (lease !== undefined) live.set(key, next);
      else {
        live.delete(key);
        gone.set(key, next);
      }
    },
    get size() {
      return live.size + gone.size;
    },
  };
}
