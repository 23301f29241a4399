/** Chance that can be repeated: mulberry32. The same seed gives the same numbers for ever. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not tell neighbouring stories.
    this.#state = Math.imul(seed ^ 0x5bf03635, 0x9e3779b1);
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  /** In [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** True in `share` of all draws, 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  /** A key, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys = Object.keys(weights) as [K, ...K[]];
    let left = 0;
    for (const key of keys) left += weights[key];
    left *= this.next();
    for (const key of keys) {
      left -= weights[key];
      if (left < 0) return key;
    }
    return keys[0];
  }
}
