/** Files of users, read as kubectl reads them: YAML 1.1 or JSON, any number of documents and lists. */
import { type Document, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import type { KubeObject } from '../base/kube-object.ts';
import { offsetOf, type Place, type Step, survey } from './validate/places.ts';

export interface ReadObjects {
  readonly objects: readonly KubeObject[];
  /** Why the text could not be read; then there are no objects. */
  readonly problems: readonly string[];
}

/** What a text holds, each with its place: values that may be objects, and what could not be read. */
export interface ReadValues {
  readonly values: readonly PlacedValue[];
  /** One for each document that cannot be read; the others are read nevertheless. */
  readonly problems: readonly PlacedProblem[];
}

/** The content of a document or, if it is a list of objects, one item of it. Never null. */
export interface PlacedValue {
  readonly value: unknown;
  /** The place of a member, or of the nearest one on the way to it that exists. */
  placeOf(steps: readonly Step[]): Place;
}

export interface PlacedProblem {
  readonly place: Place;
  readonly message: string;
}

/** The objects in a text, lists taken apart. Never throws. */
export function readObjects(text: string): ReadObjects {
  const { values, problems: unreadable } = readValues(text);
  if (unreadable.length > 0) {
    const sentences = unreadable.map(
      ({ message, place }) => `${message} at line ${place.line}, column ${place.column}`,
    );
    return { objects: [], problems: sentences };
  }
  const found = values.map(({ value }) => value);
  const problems = found
    .filter((value) => !isKubeObject(value))
    .map(() => 'A document lacks apiVersion, kind or metadata.name: it is no Kubernetes object.');
  return { objects: problems.length > 0 ? [] : found.filter(isKubeObject), problems };
}

/** Everything in a text, lists taken apart, with places. Never throws. */
export function readValues(text: string): ReadValues {
  // An editor's mark at the start is no character of the first line.
  const marked = text.replace(/^\uFEFF/, '');
  const deep = unclosedWithoutEnd(marked);
  if (deep !== undefined) return { values: [], problems: [{ place: deep, message: TOO_DEEP }] };
  const lines = new LineCounter();
  const documents = documentsIn(marked, lines);
  const values: PlacedValue[] = [];
  const problems: PlacedProblem[] = [];
  for (const document of documents) {
    const read = valuesOf(document, lines);
    if ('message' in read) problems.push(read);
    else values.push(...read);
  }
  return { values, problems };
}

function documentsIn(text: string, lineCounter: LineCounter): readonly Document[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    customTags: asKubectlReads,
    lineCounter,
    logLevel: 'error', // its warnings would go around our own output
    prettyErrors: false,
    uniqueKeys: false, // see survey()
  });
  return 'empty' in documents ? [] : documents;
}

function valuesOf(document: Document, lines: LineCounter): readonly PlacedValue[] | PlacedProblem {
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const refused = (offset: number, message: string) => ({ place: placeAt(offset), message });
  const [syntax] = document.errors;
  // What follows a first error is mostly noise.
  if (syntax !== undefined) return refused(syntax.pos[0], plainly(syntax.message));
  const start = offsetOf(document, []);
  const { repeatedKeys, aliases } = survey(document);
  const [again] = repeatedKeys;
  if (again !== undefined) {
    return refused(again.offset, `Map keys must be unique: "${again.key}" is there twice`);
  }
  if (aliases * sizeOf(document) > MAX_EXPANDED) return refused(start, TOO_MANY_ALIASES);
  try {
    return itemsOf(asJson(document)).map(({ value, steps: own }) => ({
      value,
      placeOf: (steps: readonly Step[]) => placeAt(offsetOf(document, [...own, ...steps])),
    }));
  } catch (error) {
    // Aliases that multiply without end, or that contain themselves.
    return refused(start, plainly(error instanceof Error ? error.message : String(error)));
  }
}

/** Characters that a document may have once each alias is replaced by as much as it could stand for. */
const MAX_EXPANDED = 64 * 1024 * 1024;

/** More brackets than this are never open at once, not even when those in texts are counted too. */
const MAX_UNCLOSED = 10_000;

const TOO_DEEP = 'It is nested too deeply: make it flatter';

const TOO_MANY_ALIASES = 'Its aliases stand for too much: write out what they stand for';

/** Where brackets are opened without end: the parser would take ten seconds to see it. */
function unclosedWithoutEnd(text: string): Place | undefined {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') open += 1;
    else if (open > 0) open -= 1;
    if (open <= MAX_UNCLOSED) continue;
    const lines = text.slice(0, index).split('\n');
    return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  }
  return undefined;
}

function sizeOf({ range }: Document): number {
  return range === undefined ? 0 : range[2] - range[0];
}

/** The parser's and the engine's words for hostile input, as a user understands them. */
function plainly(message: string): string {
  if (/call stack/.test(message)) return TOO_DEEP;
  return /[Aa]lias count|circular/.test(message) ? TOO_MANY_ALIASES : message;
}

/** Only what JSON can say: the API server would see nothing else. */
function asJson(document: Document): unknown {
  return JSON.parse(JSON.stringify(document.toJS()));
}

/** YAML 1.1 less the types that kubectl leaves text: timestamps and numbers to the base of sixty. */
function asKubectlReads(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && !isSexagesimal(tag)),
  );
}

function isSexagesimal(tag: Exclude<Tags[number], string>): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

interface Item {
  readonly value: unknown;
  readonly steps: readonly Step[];
}

function itemsOf(value: unknown): readonly Item[] {
  const isList = typeof value === 'object' && value !== null && 'items' in value;
  const items: readonly Item[] =
    isList && Array.isArray(value.items)
      ? value.items.map((item: unknown, index) => ({ value: item, steps: ['items', index] }))
      : [{ value, steps: [] }];
  return items.filter((item) => item.value !== null);
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  if (!('apiVersion' in value && 'kind' in value && 'metadata' in value)) return false;
  const { metadata } = value;
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata;
}
