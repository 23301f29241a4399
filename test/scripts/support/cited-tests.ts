/** Tests that a document cites, and whether a source has them. */

export interface CitedTest {
  readonly promise: string;
  /** Below test/. */
  readonly file: string;
  /** Suites and test, with ` › ` between. */
  readonly name: string;
}

/** The rows of three columns of which the second is a file of TypeScript: promise, file, name. */
export function citedTests(page: string): readonly CitedTest[] {
  return [...page.matchAll(/^\| (.+?) \| `([\w./-]+\.ts)` \| (.+?) \|$/gm)].map(
    ([, promise = '', file = '', name = '']) => ({ promise, file, name }),
  );
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
