/** What a YAML document holds that is decided on before its values are read. */
import { type Document, isAlias, isMap, isSeq } from 'yaml';
import { keyTextOf, startOf } from './nodes.ts';

/** Of one document. */
interface Survey {
  /** Start of each key that its map has already. */
  readonly repeatedKeys: readonly { readonly key: string; readonly offset: number }[];
  /** How many aliases (`*name`) it has. */
  readonly aliases: number;
}

/**
 * One walk over all nodes. The parser's own search for repeated keys compares each key with each other,
 * which takes minutes for a large map; this one visits each once.
 */
export function survey(document: Document): Survey {
  const repeatedKeys: { key: string; offset: number }[] = [];
  let aliases = 0;
  const left: unknown[] = [document.contents];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (isAlias(node)) aliases += 1;
    if (isSeq(node)) for (const item of node.items) left.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const text = keyTextOf(key);
      if (text !== undefined && seen.has(text)) {
        repeatedKeys.push({ key: text, offset: startOf(key) ?? 0 });
      }
      if (text !== undefined) seen.add(text);
      left.push(key, value);
    }
  }
  return { repeatedKeys, aliases };
}
