/**
 * Deep merge of plain JSON: maps merge, lists merge by key where the caller knows one, anything else
 * is replaced. Neither side is changed, and a key such as `__proto__` is a key like any other.
 */
import type { PassThrough } from '../api/ha.ts';
import { refuseTooDeep } from '../base/canonical-json.ts';
import { isObject } from '../base/read.ts';

/** The fields that identify an item of a list, and the value each has when it is left out. */
export interface ListKey {
  readonly field: string;
  readonly fallback?: string;
}

/** How a list merges: by which keys, and whether an item that both have is merged or replaced. */
export interface ListRule {
  readonly keys: readonly ListKey[];
  readonly items: 'Merge' | 'Replace';
}

/** The rule of the list at a path such as `spec.containers[].env`; none: the list is atomic. */
export type ListRuleAt = (path: string) => ListRule | undefined;

/** The patch laid over the base; what both have is decided by the patch. Throws over more than MAX_DEPTH levels. */
export function mergeMaps(
  base: PassThrough,
  patch: PassThrough,
  { listRuleAt = () => undefined, path = '', depth = 0 }: Partial<At> = {},
): PassThrough {
  refuseTooDeep(depth);
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    const below = path === '' ? key : `${path}.${key}`;
    const at = { listRuleAt, path: below, depth: depth + 1 };
    merged.set(key, mergeValues(merged.get(key), value, at));
  }
  // fromEntries defines own properties, so that a key `__proto__` never reaches a prototype.
  return Object.fromEntries(merged);
}

/** What identifies an item of a keyed list, as text; undefined when a key is missing. */
export function itemIdentity(item: unknown, keys: readonly ListKey[]): string | undefined {
  if (!isObject(item)) return undefined;
  const values = keys.map(({ field, fallback }) =>
    Object.hasOwn(item, field) ? item[field] : fallback,
  );
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

interface At {
  readonly listRuleAt: ListRuleAt;
  readonly path: string;
  /** Levels above the value. */
  readonly depth: number;
}

function mergeValues(base: unknown, patch: unknown, at: At): unknown {
  if (isObject(base) && isObject(patch)) return mergeMaps(base, patch, at);
  if (Array.isArray(base) && Array.isArray(patch)) {
    const rule = at.listRuleAt(at.path);
    return rule === undefined ? patch : mergeLists(base, patch, { ...at, rule });
  }
  return patch;
}

/** Items that both have keep the base's place; new ones follow in the patch's order. */
function mergeLists(
  base: readonly unknown[],
  patch: readonly unknown[],
  { listRuleAt, path, depth, rule }: At & { readonly rule: ListRule },
): readonly unknown[] {
  const merged = [...base];
  for (const item of patch) {
    const identity = itemIdentity(item, rule.keys);
    const index = merged.findIndex((other) => itemIdentity(other, rule.keys) === identity);
    const old = rule.items === 'Merge' ? merged[index] : undefined;
    if (index === -1 || identity === undefined) merged.push(item);
    else
      merged[index] = mergeValues(old, item, { listRuleAt, path: `${path}[]`, depth: depth + 1 });
  }
  return merged;
}
