/**
 * Which resources use which `controllerName`, kept as resources come and go, so that all are never compared
 * with all. The advice of each resource names the next few in the order of their keys, which are those of its
 * namespace where it has any. So one that comes or goes changes the advice of the few before it, and that of
 * the others only when the number in their text changes.
 */
import { moreText, NAMED, NOT_SHARED, type SharedName } from '../../decide/observed/shared-name.ts';

/** Keys as text: `namespace/name`. */
export class ControllerNames {
  readonly #nameOf = new Map<string, string>();
  /** Keys by name, sorted. */
  readonly #keysOf = new Map<string, string[]>();

  /** The others that the advice of `key` is about. */
  sharedWith(key: string): SharedName {
    const name = this.#nameOf.get(key);
    const keys = name === undefined ? [] : (this.#keysOf.get(name) ?? []);
    if (keys.length < 2) return NOT_SHARED;
    const others = keys.length - 1;
    const place = placeOf(keys, key);
    const named = Array.from({ length: Math.min(NAMED, others) }, (_, step) =>
      at(keys, place + 1 + step),
    );
    return { named: named.toSorted(), more: others - named.length };
  }

  /** The resource has this name now; undefined: it is gone. Returns the others whose advice changes. */
  set(key: string, name: string | undefined): ReadonlySet<string> {
    const before = this.#nameOf.get(key);
    const concerned = new Set<string>();
    if (before === name) return concerned;
    if (before !== undefined) this.#take(before, key, concerned);
    if (name !== undefined) this.#add(name, key, concerned);
    concerned.delete(key);
    return concerned;
  }

  #add(name: string, key: string, concerned: Set<string>): void {
    const keys = this.#keysOf.get(name) ?? [];
    this.#keysOf.set(name, keys);
    this.#nameOf.set(key, name);
    const place = placeOf(keys, key);
    keys.splice(place, 0, key);
    note({ keys, place, before: keys.length - 1 }, concerned);
  }

  #take(name: string, key: string, concerned: Set<string>): void {
    const keys = this.#keysOf.get(name) ?? [];
    this.#nameOf.delete(key);
    const place = placeOf(keys, key);
    keys.splice(place, 1);
    if (keys.length === 0) this.#keysOf.delete(name);
    note({ keys, place, before: keys.length + 1 }, concerned);
  }
}

/** All, where the number in their text changes; else those whose next few have changed. */
function note(
  change: { readonly keys: readonly string[]; readonly place: number; readonly before: number },
  concerned: Set<string>,
): void {
  const { keys, place, before } = change;
  if (keys.length === 0) return;
  const few = Math.max(before, keys.length) <= NAMED + 1;
  if (few || moreText(before - 1 - NAMED) !== moreText(keys.length - 1 - NAMED)) {
    for (const key of keys) concerned.add(key);
    return;
  }
  for (let step = 1; step <= NAMED; step += 1) concerned.add(at(keys, place - step));
}

/** The entry at `place`, modulo the length of the list. */
function at(keys: readonly string[], place: number): string {
  return keys[(place + keys.length) % keys.length] ?? '';
}

/** The place of the key, or where it would be inserted. */
function placeOf(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
