/**
 * The part of kubectl's JSONPath that reads one place: `{.leader.podName}`, `{.pods[0].name}`,
 * `{.items[*].name}`, `{.a['b.c']}`. Anything else is refused rather than read differently.
 */

/** Names, indices, and marks for every item, in the order in which they are followed. */
export type JsonPath = readonly (string | number | typeof EVERY)[];

const EVERY = Symbol('every item');
const SEGMENT = /\.([A-Za-z_][\w-]*)|\[(\d{1,6})\]|\[(\*)\]|\['([^']*)'\]/y;

/** Undefined: not of this grammar. The braces may be missing, as kubectl allows. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1] ?? text;
  if (inner === '.') return [];
  const path = inner.startsWith('.') || inner.startsWith('[') ? inner : `.${inner}`;
  const segments: (string | number | typeof EVERY)[] = [];
  const grammar = new RegExp(SEGMENT);
  while (grammar.lastIndex < path.length) {
    const match = grammar.exec(path);
    if (match === null) return undefined;
    const [, name, index, every, quoted] = match;
    segments.push(every === undefined ? (name ?? quoted ?? Number(index)) : EVERY);
  }
  return segments.length === 0 ? undefined : segments;
}

/** What is found, separated by blanks: texts as they are, all else as JSON. Nothing found is no text. */
export function readJsonPath(value: unknown, path: JsonPath): string {
  const found = path.reduce<readonly unknown[]>(
    (values, segment) => values.flatMap((one) => membersOf(one, segment)),
    [value],
  );
  return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
}

function membersOf(value: unknown, segment: JsonPath[number]): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (segment === EVERY) return Object.values(value);
  const member: unknown = Object.hasOwn(value, segment)
    ? (value as Readonly<Record<string | number, unknown>>)[segment]
    : undefined;
  return member === undefined ? [] : [member];
}
