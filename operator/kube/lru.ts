/** A map of bounded size that drops the entry used longest ago (LRU). */

/** A bounded map. Reading an entry counts as using it. */
export interface Lru<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** How many entries it holds. */
  readonly size: number;
}

/** An empty map for at most `capacity` entries. A Map keeps the order of insertion, so its first key is the oldest. */
export function createLru<Value>(capacity: number): Lru<Value> {
  const entries = new Map<string, Value>();

  function set(key: string, value: Value): void {
    entries.delete(key);
    entries.set(key, value);
    const [oldest] = entries.keys();
    if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
  }

  return {
    set,
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
    get size() {
      return entries.size;
    },
  };
}
