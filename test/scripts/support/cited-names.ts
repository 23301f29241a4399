/** Files, functions and log messages that a page cites, and whether the sources have them. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOURCES = new Map(
  globSync('operator/**/*.ts', { cwd: ROOT }).map(
    (path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const,
  ),
);
const EVERYWHERE = [...SOURCES.values()].join('\n');

/** Sentences about what is cited and does not exist. */
export function wrongCitations(page: string): readonly string[] {
  return [...wrongFiles(page), ...page.split('\n').flatMap(wrongFunctions), ...wrongMessages(page)];
}

/** `a/b.ts` is below operator/ or below the root. A name without a folder is told by the words around it. */
export function wrongFiles(page: string): readonly string[] {
  return citedFiles(page)
    .filter((path) => sourceAt(path) === undefined && !existsSync(join(ROOT, path)))
    .map((path) => `${path} does not exist`);
}

/** `name()` and `Class.name()` are defined in a file that the same line cites; in any source if it cites none. */
function wrongFunctions(line: string): readonly string[] {
  const texts = citedFiles(line).flatMap((path) => sourceAt(path) ?? []);
  const source = texts.length > 0 ? texts.join('\n') : EVERYWHERE;
  return [...line.matchAll(/`(?:\w+\.)?(#?\w+)\(\)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => !defines(source, name))
    .map((name) => `${name}() is not defined where this says: ${line.trim()}`);
}

/** What a log line that was pasted says as its message stands in some source. */
function wrongMessages(page: string): readonly string[] {
  return [...page.matchAll(/"msg":"([^"]+)"/g)]
    .map(([, message = '']) => message)
    .filter((message) => !EVERYWHERE.includes(`'${message}'`))
    .map((message) => `nothing logs "${message}"`);
}

function citedFiles(text: string): readonly string[] {
  return [...text.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.ts)`/g)].map(([, path = '']) => path);
}

function sourceAt(path: string): string | undefined {
  return SOURCES.get(`operator/${path}`) ?? SOURCES.get(path);
}

function defines(source: string, name: string): boolean {
  const word = RegExp.escape(name);
  return new RegExp(
    `(?:function|const|let) ${word}\\b|^ +(?:async |static |readonly )*${word}(?:<[^>]*>)?\\(.*\\{$|^ +(?:async )?${word}\\($`,
    'm',
  ).test(source);
}
