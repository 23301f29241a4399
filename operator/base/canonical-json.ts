/** The same value always gives the same bytes, whatever the order in which its keys were set. */
import { createHash } from 'node:crypto';

/**
 * Deepest value that a walk of ours goes through, in levels: all that kube/http/bounded-json.ts lets in, with
 * the list around it. What users nest without end must not reach the end of the stack, whose place nobody
 * knows.
 */
export const MAX_DEPTH = 300;

/** Gives up over a value at that depth, in words. */
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
