/**
 * Keys that wait, by the group whose turn it may or may not be: a group of which as many are worked on
 * as may be is passed over, so that its slow work does not hold up all others.
 */

export interface GroupLimit {
  readonly of: (key: string) => string;
  /** Keys of one group that are worked on at the same time, at least 1. */
  readonly atOnce: number;
}

const ONE_GROUP: GroupLimit = { of: () => '', atOnce: Number.POSITIVE_INFINITY };

export class WaitingKeys<Key extends string> {
  readonly #groups: GroupLimit;
  /** By group, without empty ones: when each key came in. A Map keeps the order of arrival. */
  readonly #waiting = new Map<string, Map<Key, number>>();
  readonly #takenOf = new Map<string, number>();
  #size = 0;

  /** Default: all keys are one group without a limit. */
  constructor(groups: GroupLimit = ONE_GROUP) {
    this.#groups = groups;
  }

  get size(): number {
    return this.#size;
  }

  has(key: Key): boolean {
    return this.#waiting.get(this.#groups.of(key))?.has(key) ?? false;
  }

  /** A key that does not wait yet, with the instant at which it came. */
  add(key: Key, atMs: number): void {
    const group = this.#groups.of(key);
    this.#waiting.set(group, (this.#waiting.get(group) ?? new Map()).set(key, atMs));
    this.#size += 1;
  }

  /** Takes out the key that came first of all whose group has room. Its group owes a `done` for it. */
  take(): { readonly key: Key; readonly atMs: number } | undefined {
    let next: { readonly group: string; readonly key: Key; readonly atMs: number } | undefined;
    for (const [group, keys] of this.#waiting) {
      if (this.#taken(group) >= this.#groups.atOnce) continue;
      const [first] = keys;
      if (first === undefined) continue;
      const [key, atMs] = first;
      if (next === undefined || atMs < next.atMs) next = { group, key, atMs };
    }
    if (next === undefined) return undefined;
    const keys = this.#waiting.get(next.group);
    keys?.delete(next.key);
    if (keys?.size === 0) this.#waiting.delete(next.group);
    this.#takenOf.set(next.group, this.#taken(next.group) + 1);
    this.#size -= 1;
    return next;
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
