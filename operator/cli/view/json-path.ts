/**
 * The part of kubectl's JSONPath that reads one place: `{.leader.podName}`, `{.pods[0].name}`,
 * `{.items[*].name}`, `{.a['b.c']}`. Anything else is refused rather than read differently.
 */

export type JsonPath = readonly (string | number | typeof EVERY)[];

const EVERY = Symbol('every item');
const STEP = /\.([A-Za-z_][\w-]*)|\[(\d{1,6})\]|\[(\*)\]|\['([^']*)'\]/y;

/** Undefined: not of this grammar. The braces may be missing, as kubectl allows. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1] ?? text;
  if (inner === '.') return [];
  const path = inner.startsWith('.') || inner.startsWith('[') ? inner : `.${inner}`;
  const steps: (string | number | typeof EVERY)[] = [];
  const grammar = new RegExp(STEP);
  while (grammar.lastIndex < path.length) {
    const found = grammar.exec(path);
    if (found === null) return undefined;
    const [, name, index, every, quoted] = found;
    steps.push(every === undefined ? (name ?? quoted ?? Number(index)) : EVERY);
  }
  return steps.length === 0 ? undefined : steps;
}

/** What is found, separated by blanks: texts as they are, all else as JSON. Nothing found is no text. */
export function readJsonPath(value: unknown, path: JsonPath): string {
  const found = path.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((one) => membersOf(one, step)),
    [value],
  );
  return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
}

function membersOf(value: unknown, step: JsonPath[number]): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === EVERY) return Object.values(value);
  const member: unknown = Object.hasOwn(value, step)
    ? (value as Readonly<Record<string | number, unknown>>)[step]
    : undefined;
  return member === undefined ? [] : [member];
}
