/** Where in a YAML text a value stands: the key of a field, the start of a list entry. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair } from 'yaml';

/** Both from 1 on. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A key of a map, or the index of a list entry. */
export type Step = string | number;

/** A path as problems name it, `spec.a[0]["b.c"]`, in steps. */
export function stepsOf(path: string): readonly Step[] {
  const tokens = path.match(/\[\d+\]|\["(?:[^"\\]|\\.)*"\]|[^.[\]]+/g) ?? [];
  return tokens.map((token) => {
    if (!token.startsWith('[')) return token;
    const step: unknown = JSON.parse(token.slice(1, -1));
    return typeof step === 'number' ? step : String(step);
  });
}

/** Of the value at the end of the steps, or of the nearest one on the way that exists. */
export function offsetOf(document: Document, steps: readonly Step[]): number {
  let at: Found = { node: document.contents, offset: startOf(document.contents) ?? 0 };
  for (const step of steps) {
    const next = memberOf(document, at.node, step);
    if (next === undefined) break;
    at = { node: next.node, offset: next.offset ?? at.offset };
  }
  return at.offset;
}

/** What a document holds that is decided before its values are read. */
export interface Survey {
  /** Start of each key that its map has already. */
  readonly repeatedKeys: readonly { readonly key: string; readonly offset: number }[];
  readonly aliases: number;
}

/**
 * One walk over all nodes. The parser's own search for repeated keys compares each key with each other,
 * which takes minutes for a large map; this one takes one look at each.
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
      const text = keyText(key);
      if (text !== undefined && seen.has(text)) {
        repeatedKeys.push({ key: text, offset: startOf(key) ?? 0 });
      }
      if (text !== undefined) seen.add(text);
      left.push(key, value);
    }
  }
  return { repeatedKeys, aliases };
}

interface Found {
  readonly node: unknown;
  readonly offset: number;
}

type Member = Pick<Found, 'node'> & Partial<Found>;

/** Merged maps within merged maps, deeper than this, are not followed: nobody writes them. */
const MERGE_DEPTH = 8;

function memberOf(document: Document, node: unknown, step: Step): Member | undefined {
  const value = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(value)) {
    const item = typeof step === 'number' ? value.items[step] : undefined;
    return item === undefined ? undefined : withOffset(item, startOf(item));
  }
  const pair = pairOf({ document, node: value, key: String(step) }, MERGE_DEPTH);
  return pair && withOffset(pair.value, startOf(pair.key) ?? startOf(pair.value));
}

interface Wanted {
  readonly document: Document;
  readonly node: unknown;
  readonly key: string;
}

/** The pair with a key, in a map itself or in one that it merges. */
function pairOf(wanted: Wanted, depth: number): Pair | undefined {
  const { document, node, key } = wanted;
  const map = isAlias(node) ? node.resolve(document) : node;
  if (depth === 0) return undefined;
  if (isSeq(map)) return firstOf(wanted, map.items, depth);
  if (!isMap(map)) return undefined;
  const own = map.items.find((pair) => keyText(pair.key) === key);
  if (own !== undefined) return own;
  const merged = map.items.filter((pair) => keyText(pair.key) === '<<').map(({ value }) => value);
  return firstOf(wanted, merged, depth);
}

function firstOf(wanted: Wanted, nodes: readonly unknown[], depth: number): Pair | undefined {
  for (const node of nodes) {
    const found = pairOf({ ...wanted, node }, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withOffset(node: unknown, offset: number | undefined): Member {
  return { node, ...(offset !== undefined && { offset }) };
}

/** As the key of a JSON object; undefined for a map or a list as key. */
function keyText(key: unknown): string | undefined {
  // A merge key `<<` is a symbol.
  if (isScalar(key)) {
    return typeof key.value === 'symbol' ? key.value.description : String(key.value);
  }
  return isNode(key) ? undefined : String(key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
