/**
 * Keys that wait, by group: a group of which `atOnce` keys are taken is skipped, so that its slow work does
 * not delay all others.
 */

/** How keys are grouped, and the limit of each group. */
export interface GroupLimit<Key> {
  readonly of: (key: Key) => string;
  /** Keys of one group that may be taken at the same time, at least 1. */
  readonly atOnce: number;
}

/** A key, the text that names it, and when it was added, in ms on the monotonic clock. */
export interface HeldKey<Key> {
  readonly key: Key;
  readonly text: string;
  readonly atMs: number;
}

/** In order of arrival. */
export class WaitingKeys<Key> {
  readonly #groups: GroupLimit<Key>;
  /** By group, without empty ones, then by text. A Map keeps the order of arrival. */
  readonly #waiting = new Map<string, Map<string, HeldKey<Key>>>();
  readonly #takenOf = new Map<string, number>();
  #size = 0;

  /** Default: all keys are one group without a limit. */
  constructor(groups: GroupLimit<Key> = { of: () => '', atOnce: Number.POSITIVE_INFINITY }) {
    this.#groups = groups;
  }

  get size(): number {
    return this.#size;
  }

  has({ key, text }: HeldKey<Key>): boolean {
    return this.#waiting.get(this.#groups.of(key))?.has(text) ?? false;
  }

  /** Adds a key that does not wait yet. */
  add(held: HeldKey<Key>): void {
    const group = this.#groups.of(held.key);
    this.#waiting.set(group, (this.#waiting.get(group) ?? new Map()).set(held.text, held));
    this.#size += 1;
  }

  /**
   * Removes and returns the first key whose group is below its limit; undefined: there is none. `done` has
   * to be called for it.
   */
  take(): HeldKey<Key> | undefined {
    let next: { readonly group: string; readonly held: HeldKey<Key> } | undefined;
    for (const [group, keys] of this.#waiting) {
      if (this.#taken(group) >= this.#groups.atOnce) continue;
      const [first] = keys.values();
      if (first === undefined) continue;
      if (next === undefined || first.atMs < next.held.atMs) next = { group, held: first };
    }
    if (next === undefined) return undefined;
    const { group, held } = next;
    const keys = this.#waiting.get(group);
    keys?.delete(held.text);
    if (keys?.size === 0) this.#waiting.delete(group);
    this.#takenOf.set(group, this.#taken(group) + 1);
    this.#size -= 1;
    return held;
  }

  /** The work on a key that was taken has ended. */
  done(key: Key): void {
    const group = this.#groups.of(key);
    const taken = this.#taken(group) - 1;
    if (taken > 0) this.#takenOf.set(group, taken);
    else this.#takenOf.delete(group);
  }

  /** Nothing waits any more. */
  clear(): void {
    this.#waiting.clear();
    this.#size = 0;
  }

  #taken(group: string): number {
    return this.#takenOf.get(group) ?? 0;
  }
}
