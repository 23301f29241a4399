/** Where in a YAML text a value stands: the key of a field, the start of a list entry. */
import { type Document, isAlias, isMap, isSeq, type Pair } from 'yaml';
import { keyTextOf, startOf } from './nodes.ts';

/** Line and column in a text, both from 1 on. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A key of a map, or the index of a list entry. */
export type PathSegment = string | number;

/** The segments of a path as problems name it: `spec.a[0]["b.c"]`. */
export function segmentsOf(path: string): readonly PathSegment[] {
  const tokens = path.match(/\[\d+\]|\["(?:[^"\\]|\\.)*"\]|[^.[\]]+/g) ?? [];
  return tokens.map((token) => {
    if (!token.startsWith('[')) return token;
    const segment: unknown = JSON.parse(token.slice(1, -1));
    return typeof segment === 'number' ? segment : String(segment);
  });
}

/** Offset in characters of the value at the end of the path, or of the nearest one on the way that exists. */
export function offsetOf(document: Document, path: readonly PathSegment[]): number {
  let at: NodeAt = { node: document.contents, offset: startOf(document.contents) ?? 0 };
  for (const segment of path) {
    const next = memberOf(document, at.node, segment);
    if (next === undefined) break;
    at = { node: next.node, offset: next.offset ?? at.offset };
  }
  return at.offset;
}

interface NodeAt {
  readonly node: unknown;
  readonly offset: number;
}

type Member = Pick<NodeAt, 'node'> & Partial<NodeAt>;

/** Merged maps within merged maps, deeper than this, are not followed: nobody writes them. */
const MERGE_DEPTH = 8;

function memberOf(document: Document, node: unknown, segment: PathSegment): Member | undefined {
  const value = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(value)) {
    const item = typeof segment === 'number' ? value.items[segment] : undefined;
    return item === undefined ? undefined : withOffset(item, startOf(item));
  }
  const pair = pairOf({ document, node: value, key: String(segment) }, MERGE_DEPTH);
  return pair && withOffset(pair.value, startOf(pair.key) ?? startOf(pair.value));
}

/** A key that is looked for in a node. */
interface KeyLookup {
  readonly document: Document;
  readonly node: unknown;
  readonly key: string;
}

/** The pair with a key, in a map itself or in one that it merges. */
function pairOf(lookup: KeyLookup, depth: number): Pair | undefined {
  const { document, node, key } = lookup;
  const map = isAlias(node) ? node.resolve(document) : node;
  if (depth === 0) return undefined;
  if (isSeq(map)) return firstOf(lookup, map.items, depth);
  if (!isMap(map)) return undefined;
  const own = map.items.find((pair) => keyTextOf(pair.key) === key);
  if (own !== undefined) return own;
  const merged = map.items.filter((pair) => keyTextOf(pair.key) === '<<').map(({ value }) => value);
  return firstOf(lookup, merged, depth);
}

function firstOf(lookup: KeyLookup, nodes: readonly unknown[], depth: number): Pair | undefined {
  for (const node of nodes) {
    const found = pairOf({ ...lookup, node }, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withOffset(node: unknown, offset: number | undefined): Member {
  return offset === undefined ? { node } : { node, offset };
}
