/** What any free-form JSON of the resource must keep to, whatever it is for. */
import { canonicalJson } from '../base/canonical-json.ts';

/** Largest free-form value, in bytes of JSON: 32 KiB. */
const MAX_BYTES = 32 * 1024;
/** Deepest free-form value, in levels: no Kubernetes object needs more, and deep ones exhaust the stack. */
export const MAX_DEPTH = 32;

/** Why a value is not accepted, as the end of a sentence that begins with its path; undefined: it is. */
export function jsonProblem(value: unknown): string | undefined {
  if (isDeeperThan(value, MAX_DEPTH)) return `is nested deeper than ${MAX_DEPTH} levels`;
  const bytes = Buffer.byteLength(canonicalJson(value));
  if (bytes > MAX_BYTES) return `has ${bytes} bytes, more than ${MAX_BYTES}`;
  const nullPath = pathOfNull(value);
  if (nullPath !== undefined) {
    return `has null at ${nullPath}, and null does not remove a field: state the value that you want`;
  }
  return undefined;
}

/** True when maps and lists are nested in more than `levels` levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

function pathOfNull(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value !== 'object') return undefined;
  for (const [key, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    const below = pathOfNull(member);
    if (below !== undefined) return below === '' ? key : `${key}.${below}`;
  }
  return undefined;
}
