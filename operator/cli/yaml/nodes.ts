/** Questions about single nodes of a YAML document. */
import { isNode, isScalar } from 'yaml';

/** As the key of a JSON object; undefined for a map or a list as key. */
export function keyTextOf(key: unknown): string | undefined {
  // A merge key `<<` is a symbol.
  if (isScalar(key)) {
    return typeof key.value === 'symbol' ? key.value.description : String(key.value);
  }
  return isNode(key) ? undefined : String(key);
}

/** Offset in characters; undefined for what is no node, or was not parsed from a text. */
export function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
