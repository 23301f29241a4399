/**
 * docs/promises.md: a test is cited by its names, and the file that has it is filled in, so that whoever moves a
 * test has nothing to write here.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const ROW = /^\| (.+?) \| `([\w./-]+\.ts)` \| (.+?) \|$/gm;

/** The content of docs/promises.md. Throws with the promise if no file, or more than one, has the test. */
export function promisesContent(): string {
  const page = readFileSync(join(ROOT, 'docs/promises.md'), 'utf8');
  return page.replace(ROW, (_, promise: string, file: string, name: string) => {
    return `| ${promise} | \`${fileOf({ promise, file, name })}\` | ${name} |`;
  });
}

/** The file that is cited, as long as it has the test; else the only one that has it. */
function fileOf({ promise, file, name }: CitedTest): string {
  if (has(file, name)) return file;
  const others = globSync('**/*.ts', { cwd: join(ROOT, 'test') }).filter((path) => has(path, name));
  const [found] = others;
  if (found === undefined || others.length > 1) {
    const where = others.length === 0 ? 'in no file' : `in ${others.join(', ')}`;
    throw new Error(
      `docs/promises.md: "${promise}": "${name}" is ${where}, and not in test/${file}`,
    );
  }
  return found;
}

function has(file: string, name: string): boolean {
  const path = join(ROOT, 'test', file);
  return existsSync(path) && missingNames(readFileSync(path, 'utf8'), name).length === 0;
}

export interface CitedTest {
  readonly promise: string;
  /** Below test/. */
  readonly file: string;
  /** Suites and test, with ` › ` between. */
  readonly name: string;
}

/** The rows of three columns of which the second is a file of TypeScript: promise, file, name. */
export function citedTests(page: string): readonly CitedTest[] {
  return [...page.matchAll(ROW)].map(([, promise = '', file = '', name = '']) => ({
    promise,
    file,
    name,
  }));
}

/** Parts of `name` that no string of `source` is. Of a template any fixed part will do. */
export function missingNames(source: string, name: string): readonly string[] {
  const { texts, pieces } = stringsOf(source.replace(/^\s*(?:\/\/|\*).*$/gm, ''));
  return name
    .split(' › ')
    .filter((part) => !texts.has(part) && !pieces.some((piece) => piece === part));
}

interface Strings {
  readonly texts: ReadonlySet<string>;
  /** What stands between the placeholders of templates. */
  readonly pieces: readonly string[];
}

function stringsOf(source: string): Strings {
  const quoted = [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g)].map(
    ([, single, double]) => (single ?? double ?? '').replace(/\\(['"])/g, '$1'),
  );
  const templates = [...source.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text);
  return {
    texts: new Set([...quoted, ...templates]),
    pieces: templates.flatMap((text) => text.split(/\$\{[^}]*\}/).map((piece) => piece.trim())),
  };
}
