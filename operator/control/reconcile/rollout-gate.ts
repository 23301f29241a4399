/**
 * Admits a limited number of unasked rollouts at a time; the others are requeued and ask again. Whatever its
 * Deployment reports, a rollout keeps others waiting for `TURN_LIMIT_MS` at most.
 */
import { type KubeObject, keyText, type ObjectKey } from '../../base/kube-object.ts';
import { DeploymentKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import { deploymentFacts } from '../../decide/observed/workload.ts';
import { isRollingOut } from '../../decide/plan/rollout.ts';
import type { Caches } from '../cache/caches.ts';

/**
 * How long a rollout keeps its slot, in ms, counted from the first resource that had to wait for it. The
 * progress deadline of the Deployment (600 s) ends most of them; repeated edits would renew that.
 */
const TURN_LIMIT_MS = 30 * 60_000;
/**
 * A resource that waits asks every few seconds. After so long without a question, in ms, the count begins
 * anew.
 */
const ASKED_WITHIN_MS = 60_000;

interface Turn {
  readonly key: ObjectKey;
  readonly sinceMs: number;
  readonly askedAtMs: number;
}

/** Over all resources of the operator. */
export class RolloutGate {
  readonly #caches: Caches;
  readonly #clock: Clock;
  readonly #limit: number;
  /** Admitted, and perhaps not yet rolling out as far as the caches show. */
  readonly #entered = new Map<string, ObjectKey>();
  /** Those that rolled out at the last question, including those whose time is over. */
  #turns: ReadonlyMap<string, Turn> = new Map();

  /** `limit`: at least 1. */
  constructor(caches: Caches, clock: Clock, limit: number) {
    this.#caches = caches;
    this.#clock = clock;
    this.#limit = limit;
  }

  /**
   * Empty: `key` is admitted, and `leave` has to be called after the reconcile. Else the resources that it
   * has to wait for, as `namespace/name` in order: as many as may roll out at a time.
   */
  enter(key: ObjectKey): readonly string[] {
    const before = this.#occupantsAmong(
      [...this.#turns.values()].map((turn) => turn.key),
      key,
    );
    const occupants =
      before.length >= this.#limit ? before : this.#occupantsAmong(this.#allKeys(), key);
    if (occupants.length >= this.#limit) return occupants;
    this.#entered.set(keyText(key), key);
    return [];
  }

  /** Gives the slot of `key` back: its reconcile has shown the rollout in the caches, or failed. */
  leave(key: ObjectKey): void {
    this.#entered.delete(keyText(key));
  }

  /**
   * Those of `keys` that keep a slot from `asking`. Most questions are answered by those that had one the
   * last time: all resources are gone through only when a slot has become free.
   */
  #occupantsAmong(keys: readonly ObjectKey[], asking: ObjectKey): readonly string[] {
    const nowMs = this.#clock.nowMs();
    const turns = new Map<string, Turn>();
    for (const key of keys) {
      if (this.#isRolling(key)) turns.set(keyText(key), this.#turnOf(key, nowMs));
    }
    this.#turns = turns;
    const occupants = new Set(this.#entered.keys());
    for (const [key, { sinceMs }] of turns) {
      if (nowMs - sinceMs < TURN_LIMIT_MS) occupants.add(key);
    }
    occupants.delete(keyText(asking));
    return [...occupants].toSorted();
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
