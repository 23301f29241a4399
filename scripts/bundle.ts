/** `npm run bundle`: the sources and their dependencies as a few JavaScript files in dist/. */
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** CommonJS dependencies call `require`, which an ES module does not have by itself. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { 'ingress-ha': 'operator/main.ts' },
  outdir: 'dist',
  bundle: true,
  // What only `run` needs is a file of its own, so that every other command starts fast.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  banner: { js: REQUIRE },
});
await chmod('dist/ingress-ha.js', 0o755);
