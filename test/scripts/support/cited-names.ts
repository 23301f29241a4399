/** Files, functions and log messages that a page cites and that the sources do not have. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ALL_SOURCES,
  citedFiles,
  citedFunctions,
  defines,
  sourceAt,
} from '../../../scripts/generate/sources.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A sentence for each that does not exist. */
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
  const source = texts.length > 0 ? texts.join('\n') : ALL_SOURCES;
  return citedFunctions(line)
    .filter((name) => !defines(source, name))
    .map((name) => `${name}() is not defined where this says: ${line.trim()}`);
}

/** What a log line that was pasted says as its message, or a command looks for in a log, stands in some source. */
export function wrongMessages(page: string): readonly string[] {
  const pasted = [...page.matchAll(/"msg":"([^"]+)"/g)];
  const soughtFor = [...page.matchAll(/logs .*grep (?:-E )?'([A-Z][^']+)'/g)];
  return [...pasted, ...soughtFor]
    .flatMap(([, messages = '']) => messages.split('|'))
    .filter((message) => !ALL_SOURCES.includes(`'${message}'`))
    .map((message) => `nothing logs "${message}"`);
}
