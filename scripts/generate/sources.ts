/** What pages for people who develop cite of operator/: files and functions, and where a function is now. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
/** By path below operator/. */
const SOURCES: ReadonlyMap<string, string> = new Map(
  globSync('**/*.ts', { cwd: join(ROOT, 'operator') }).map(
    (path) => [path, readFileSync(join(ROOT, 'operator', path), 'utf8')] as const,
  ),
);

/** All sources of operator/ as one text. */
export const ALL_SOURCES = [...SOURCES.values()].join('\n');

/** The source that a page calls by `path`, which is below operator/. */
export function sourceAt(path: string): string | undefined {
  return SOURCES.get(path) ?? SOURCES.get(path.replace(/^operator\//, ''));
}

/** Paths of TypeScript in `text`, as code and with a folder. */
export function citedFiles(text: string): readonly string[] {
  return [...text.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.ts)`/g)].map(([, path = '']) => path);
}

/** Names of functions in `text`: of `name()` and `Class.name()`, as code. */
export function citedFunctions(text: string): readonly string[] {
  return [...text.matchAll(/`(?:\w+\.)?(#?\w+)\(\)`/g)].map(([, name = '']) => name);
}

/** Whether `source` defines a function, a constant or a method of that name. */
export function defines(source: string, name: string): boolean {
  const word = RegExp.escape(name);
  return new RegExp(
    `(?:function\\*?|const|let) ${word}\\b|^ +(?:async |static |readonly )*${word}(?:<[^>]*>)?\\(.*\\{$|^ +(?:async )?${word}\\($`,
    'm',
  ).test(source);
}

/**
 * `page`, where each line that cites one file and functions of it names the file in which they are: if they have
 * moved, the only one that defines them all. What cannot be told stays as it is; a test finds it.
 */
export function withMovedFunctions(page: string): string {
  return page
    .split('\n')
    .map((line) => {
      const [file, ...others] = citedFiles(line);
      const names = citedFunctions(line);
      if (file === undefined || others.length > 0 || names.length === 0) return line;
      const isHome = (source: string) => names.every((name) => defines(source, name));
      if (isHome(sourceAt(file) ?? '')) return line;
      const [home, ...more] = [...SOURCES].filter(([, source]) => isHome(source));
      return home === undefined || more.length > 0 ? line : line.replace(file, home[0]);
    })
    .join('\n');
}
