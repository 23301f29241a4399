/**
 * The files of the page, as a browser gets them: TypeScript without its types. From source they are read
 * and made here; scripts/bundle.ts puts the result in the place of this module, so that the bundle reads
 * nothing and needs no compiler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { transformSync } from 'esbuild';

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

/** By path; index.html is `/`. Modules keep their names, so that their imports are their addresses. */
export const ASSETS: Readonly<Record<string, Asset>> = Object.fromEntries(
  readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const contentType = CONTENT_TYPES[extname(name)];
      if (contentType === undefined) return [];
      const path = name === 'index.html' ? '/' : `/${name}`;
      return [[path, { contentType, body: bodyOf(name) }]];
    }),
);

function bodyOf(name: string): string {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return name.endsWith('.ts')
    ? transformSync(text, { loader: 'ts', target: 'es2024', minifyWhitespace: true }).code
    : text;
}
