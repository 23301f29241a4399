/**
 * Lets so many unasked rollouts through at a time; the others come again and ask anew. Whatever a
 * Deployment says of itself, nobody is kept waiting for one for longer than `TURN_LIMIT_MS`.
 */
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { DeploymentKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { deploymentFacts } from '../../decide/observed/workload.ts';
import { isRollingOut } from '../../decide/plan/rollout.ts';
import type { Caches } from '../cache/caches.ts';

/**
 * A place is kept for a rollout so long, counted from the first who had to wait for it. Kubernetes'
 * own deadline (600 s without progress) ends most of them; edits without end would renew that.
 */
const TURN_LIMIT_MS = 30 * 60_000;
/** Who waits asks every few seconds. After so long without a question the count begins anew. */
const ASKED_WITHIN_MS = 60_000;

interface Turn {
  readonly key: ObjectKey;
  readonly sinceMs: number;
  readonly askedAtMs: number;
}

export class RolloutGate {
  readonly #caches: Caches;
  readonly #clock: Clock;
  readonly #limit: number;
  /** Let through, and perhaps not yet visible in the caches as rolling. */
  readonly #entered = new Map<string, ObjectKey>();
  /** Seen rolling when somebody last asked, those that have outstayed their turn included. */
  #turns: ReadonlyMap<string, Turn> = new Map();

  /** `limit`: at least 1. */
  constructor(caches: Caches, clock: Clock, limit: number) {
    this.#caches = caches;
    this.#clock = clock;
    this.#limit = limit;
  }

  /**
   * Nobody: go on, and call `leave` after the pass. Else whom `key` has to wait for, as
   * `namespace/name` in order: as many as may roll out at a time.
   */
  enter(key: ObjectKey): readonly string[] {
    const before = this.#holdersAmong(
      [...this.#turns.values()].map((turn) => turn.key),
      key,
    );
    const holders =
      before.length >= this.#limit ? before : this.#holdersAmong(this.#allKeys(), key);
    if (holders.length >= this.#limit) return holders;
    this.#entered.set(keyText(key), key);
    return [];
  }

  /** Gives the place of `key` back: its pass has shown its rollout in the caches, or failed. */
  leave(key: ObjectKey): void {
    this.#entered.delete(keyText(key));
  }

  /**
   * Those of `keys` that hold a place against `asking`. Most questions are answered by those that held
   * one the last time: all resources are looked through only when a place has become free.
   */
  #holdersAmong(keys: readonly ObjectKey[], asking: ObjectKey): readonly string[] {
    const nowMs = this.#clock.nowMs();
    const turns = new Map<string, Turn>();
    for (const key of keys) {
      if (this.#isRolling(key)) turns.set(keyText(key), this.#turnOf(key, nowMs));
    }
    this.#turns = turns;
    const holders = new Set(this.#entered.keys());
    for (const [key, { sinceMs }] of turns) {
      if (nowMs - sinceMs < TURN_LIMIT_MS) holders.add(key);
    }
    holders.delete(keyText(asking));
    return [...holders].toSorted();
  }

  #turnOf(key: ObjectKey, nowMs: number): Turn {
    const known = this.#turns.get(keyText(key));
    const goesOn = known !== undefined && nowMs - known.askedAtMs < ASKED_WITHIN_MS;
    return { key, sinceMs: goesOn ? known.sinceMs : nowMs, askedAtMs: nowMs };
  }

  #isRolling(key: ObjectKey): boolean {
    const deployment = this.#caches
      .children(key)
      .find((child) => child.kind === DeploymentKind.kind);
    return deployment !== undefined && isRollingOut(deploymentFacts(deployment));
  }

  #allKeys(): readonly ObjectKey[] {
    return this.#caches.resources().flatMap(keyOf);
  }
}

function keyOf({ metadata: { namespace, name } }: KubeObject): readonly ObjectKey[] {
  return namespace === undefined ? [] : [{ namespace, name }];
}
