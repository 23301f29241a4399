/**
 * `npm run bundle`: the sources and their dependencies as a few JavaScript files in dist/, or in the
 * folder that is named: `node scripts/bundle.ts FOLDER`, which must be empty or not there.
 */
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ASSETS } from '../operator/cli/dashboard/assets.ts';

/** CommonJS dependencies call `require`, which an ES module does not have by itself. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** Keeps the plugin from answering its own question. */
const RESOLVED = 'resolved';

/**
 * The client library does not say that its modules do nothing when they are merely imported, so all of
 * it would be carried along: models, WebSockets, tar. Only its polyfill, for a Node we do not run on,
 * does anything. A quarter of the bundle and 12 MiB of memory, by `npm run bench -- idle`.
 */
const pureClientLibrary: Plugin = {
  name: 'pure-client-library',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(\.|@kubernetes\/client-node$)/ }, async (args) => {
      const { path, kind, importer, resolveDir, pluginData } = args;
      const ofLibrary = !path.startsWith('.') || importer.includes('/@kubernetes/client-node/');
      if (pluginData === RESOLVED || kind !== 'import-statement' || !ofLibrary) return undefined;
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: RESOLVED });
      return { ...found, sideEffects: false };
    });
  },
};

/** The files of the dashboard's page as text, instead of the module that reads and makes them. */
const pageAssets: Plugin = {
  name: 'page-assets',
  setup({ onLoad }) {
    onLoad({ filter: /\/cli\/dashboard\/assets\.ts$/ }, () => ({
      contents: `export const ASSETS = ${JSON.stringify(ASSETS)};`,
      loader: 'js',
    }));
  },
};

const folder = process.argv[2] ?? 'dist';
// Only what is ours to remove.
if (folder === 'dist') await rm(folder, { recursive: true, force: true });
await build({
  entryPoints: { 'ingress-ha': 'operator/main.ts' },
  outdir: folder,
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
  plugins: [pureClientLibrary, pageAssets],
});
await chmod(join(folder, 'ingress-ha.js'), 0o755);
