/** Files of users, read as kubectl reads them: YAML 1.1 or JSON, any number of documents and lists. */
import { type Document, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { isObject } from '../../base/read.ts';
import { offsetOf, type PathSegment, type Position } from './positions.ts';
import { survey } from './survey.ts';

/** What a text holds, each with its position: values that may be objects, and what could not be read. */
interface ReadValues {
  readonly values: readonly PositionedValue[];
  /** One for each document that cannot be read; the others are read nevertheless. */
  readonly problems: readonly PositionedProblem[];
}

/** The content of a document or, if it is a list of objects, one item of it. Never null. */
export interface PositionedValue {
  readonly value: unknown;
  /** The position of a member, or of the nearest one on the way to it that exists. */
  positionOf(path: readonly PathSegment[]): Position;
}

/** Why a document cannot be read. */
interface PositionedProblem {
  readonly position: Position;
  readonly message: string;
}

/** Everything in a text, lists taken apart, with positions. Never throws. */
export function readValues(text: string): ReadValues {
  // An editor's mark at the start is no character of the first line.
  const marked = text.replace(/^\uFEFF/, '');
  const deep = tooDeepAt(marked);
  if (deep !== undefined) return { values: [], problems: [{ position: deep, message: TOO_DEEP }] };
  const lines = new LineCounter();
  const documents = documentsIn(marked, lines);
  const values: PositionedValue[] = [];
  const problems: PositionedProblem[] = [];
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

function valuesOf(
  document: Document,
  lines: LineCounter,
): readonly PositionedValue[] | PositionedProblem {
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const refused = (offset: number, message: string) => ({ position: positionAt(offset), message });
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
    return itemsOf(asJson(document)).map(({ value, path: own }) => ({
      value,
      positionOf: (path: readonly PathSegment[]) =>
        positionAt(offsetOf(document, [...own, ...path])),
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

/** Where more brackets are open than may be: the parser would take ten seconds to see it. */
function tooDeepAt(text: string): Position | undefined {
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
  readonly path: readonly PathSegment[];
}

function itemsOf(value: unknown): readonly Item[] {
  const items: readonly Item[] =
    isObject(value) && Array.isArray(value.items)
      ? value.items.map((item: unknown, index) => ({ value: item, path: ['items', index] }))
      : [{ value, path: [] }];
  return items.filter((item) => item.value !== null);
}
