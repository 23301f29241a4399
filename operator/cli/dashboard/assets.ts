/**
 * The files of the page, as a browser gets them: TypeScript without its types. From source they are read
 * and made here; scripts/bundle.ts puts the result in the place of this module, so that the bundle reads
 * nothing and needs no compiler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { transformSync } from 'esbuild';

/** A file as it is served. */
export interface Asset {
  readonly contentType: string;
  readonly body: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

const folder = new URL('page/', import.meta.url);
/** From elsewhere in this program, by the address that `../../../` leads to from a page at the root. */
const SHARED = ['decide/observed/holder-name.ts'] as const;

/** By path; index.html is `/`. Modules keep their names, so that their imports are their addresses. */
export const ASSETS: Readonly<Record<string, Asset>> = Object.fromEntries([
  ...readdirSync(folder, { encoding: 'utf8', recursive: true })
    .toSorted()
    .flatMap((name) => {
      const contentType = CONTENT_TYPES[extname(name)];
      if (contentType === undefined) return [];
      const path = name === 'index.html' ? '/' : `/${name}`;
      return [[path, { contentType, body: bodyOf(new URL(name, folder)) }]];
    }),
  ...SHARED.map((name) => {
    const body = bodyOf(new URL(`../../../${name}`, folder));
    return [`/${name}`, { contentType: CONTENT_TYPES['.ts'], body }];
  }),
]);

function bodyOf(file: URL): string {
  const text = readFileSync(file, 'utf8');
  return file.pathname.endsWith('.ts')
    ? transformSync(text, { loader: 'ts', target: 'es2024', minifyWhitespace: true }).code
    : text;
}
