/** What is remembered of each resource between two observations. */
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import { emptyMemory, type Memory } from '../../decide/observed/memory.ts';
import type { Observation } from '../../decide/observed/observation.ts';

/** Differences kept per resource that are known to be none; a resource has at most a handful of children. */
const NO_OP_LIMIT = 32;

/** By the key of the resource. */
export class Memories {
  readonly #byKey = new Map<string, Memory>();

  /** Empty for a resource that was never observed. */
  of(key: ObjectKey): Memory {
    return this.#byKey.get(keyText(key)) ?? emptyMemory;
  }

  /**
   * Keeps `memory` of the observation. Of a resource that is gone only its shared Leases are remembered,
   * while there is a Lease.
   */
  keep(observation: Observation): void {
    const text = keyText(observation.key);
    if (observation.kind === 'present') {
      this.#byKey.set(text, observation.memory);
      return;
    }
    const { leases, sharedLeases } = observation;
    if (leases.length === 0 || sharedLeases.length === 0) this.#byKey.delete(text);
    else this.#byKey.set(text, { ...emptyMemory, sharedLeases });
  }

  /** The API server has shown that the difference of this fingerprint is none. */
  noteNoOp(key: ObjectKey, fingerprint: string): void {
    const known = this.of(key);
    const noOps = new Set([...known.noOps, fingerprint].slice(-NO_OP_LIMIT));
    this.#byKey.set(keyText(key), { ...known, noOps });
  }
}
