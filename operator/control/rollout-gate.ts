/** Lets so many unasked rollouts through at a time; the others come again and ask anew. */
import { keyText, type ObjectKey } from '../base/kube-object.ts';
import { DeploymentKind } from '../base/resource-kinds.ts';
import { deploymentFacts } from '../decide/facts.ts';
import { isRollingOut } from '../decide/rollout.ts';
import type { Caches } from './caches.ts';

export class RolloutGate {
  readonly #caches: Caches;
  readonly #limit: number;
  /** Let through, and perhaps not yet visible in the caches as rolling. */
  readonly #entered = new Set<string>();

  /** `limit`: at least 1. */
  constructor(caches: Caches, limit: number) {
    this.#caches = caches;
    this.#limit = limit;
  }

  /** True: go on, and call `leave` after the pass. False: as many others roll out as may. */
  enter(key: ObjectKey): boolean {
    const busy = new Set([...this.#rolling(), ...this.#entered]);
    busy.delete(keyText(key));
    if (busy.size >= this.#limit) return false;
    this.#entered.add(keyText(key));
    return true;
  }

  /** Gives the place of `key` back: its pass has shown its rollout in the caches, or failed. */
  leave(key: ObjectKey): void {
    this.#entered.delete(keyText(key));
  }

  #rolling(): readonly string[] {
    return this.#caches.resources().flatMap(({ metadata: { namespace, name } }) => {
      if (namespace === undefined) return [];
      const key = { namespace, name };
      const deployment = this.#caches
        .children(key)
        .find((child) => child.kind === DeploymentKind.kind);
      const rolling = deployment !== undefined && isRollingOut(deploymentFacts(deployment));
      return rolling ? [keyText(key)] : [];
    });
  }
}
