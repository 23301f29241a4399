/** Histories of all Leases: of those that there are, and of the last ones that were deleted. */
import type { KubeObject } from '../../../base/kube-object.ts';
import { createLru } from '../../../kube/lru.ts';
import { type Instant, type LeaseHistory, nextHistory } from './lease-history.ts';

/**
 * A Lease that is made anew goes on with its old history, so that its first holder is known to follow the last one. Of
 * more than this many deleted Leases the oldest are forgotten.
 */
export const MAX_DELETED = 100;

/** A history for each Lease, by its key. */
interface LeaseHistories {
  /** The Lease as it is at `at`; undefined: it is deleted. */
  update(key: string, lease: KubeObject | undefined, at: Instant): void;
  get(key: string): LeaseHistory | undefined;
  /** How many are kept. */
  readonly size: number;
}

/** Empty at first. */
export function createLeaseHistories(): LeaseHistories {
  const live = new Map<string, LeaseHistory>();
  const deleted = createLru<LeaseHistory>(MAX_DELETED);
  const get = (key: string) => live.get(key) ?? deleted.get(key);
  return {
    get,
    update(key, lease, at) {
      const next = nextHistory(get(key), lease, at);
      if (lease !== undefined) live.set(key, next);
      else {
        live.delete(key);
        deleted.set(key, next);
      }
    },
    get size() {
      return live.size + deleted.size;
    },
  };
}
