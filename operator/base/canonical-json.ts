/** The same value always gives the same bytes, whatever the order in which its keys were set. */
import { createHash } from 'node:crypto';

/** JSON with object keys sorted and `undefined` members left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** The first `length` hexadecimal digits (default 16) of the SHA-256 of the canonical JSON. */
export function contentHash(value: unknown, length = 16): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, length);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)] as const);
  return Object.fromEntries(entries);
}
