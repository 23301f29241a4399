/** JSON in one form for each value, whatever the order in which its keys were set, for comparisons and hashes. */
import { createHash } from 'node:crypto';

/**
 * Deepest value that a recursion goes into, in levels: the 256 that kube/http/bounded-json.ts lets in, with the list
 * around them. Deeper values are refused, since the recursion could overflow the stack, whose size is not known.
 */
export const MAX_DEPTH = 300;

/** Throws an Error if `depth`, in levels from 0, is more than MAX_DEPTH. */
export function refuseTooDeep(depth: number): void {
  if (depth > MAX_DEPTH) throw new Error(`a value is nested deeper than ${MAX_DEPTH} levels`);
}

/** JSON with object keys sorted and `undefined` members left out. Throws over more than MAX_DEPTH levels. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value, 0)) ?? 'null';
}

/** The first `length` hexadecimal digits (default 16) of the SHA-256 of the canonical JSON. */
export function contentHash(value: unknown, length = 16): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, length);
}

function sorted(value: unknown, depth: number): unknown {
  refuseTooDeep(depth);
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member, depth + 1)] as const);
  return Object.fromEntries(entries);
}
