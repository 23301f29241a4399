/** The files of the page: a browser gets all that they name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASSETS } from '../../operator/cli/dashboard/assets.ts';

test('whatever the page imports is served, at the address that the import leads to', () => {
  let imports = 0;
  for (const [path, { body, contentType }] of Object.entries(ASSETS)) {
    if (!contentType.startsWith('text/javascript')) continue;
    for (const [, specifier = ''] of body.matchAll(/\bfrom\s*"([^"]+\.ts)"/g)) {
      imports += 1;
      const { pathname } = new URL(specifier, `http://127.0.0.1${path}`);
      assert.ok(Object.hasOwn(ASSETS, pathname), `${path} imports ${specifier}`);
    }
  }
  assert.ok(imports > 20, `${imports} imports`);
});

test('whatever the document itself names is served, of the type that it needs', () => {
  const html = ASSETS['/']?.body ?? '';
  const named = [...html.matchAll(/\b(?:href|src)="(\/[^"]+)"/g)].map(([, path = '']) => path);

  const types = named.map(
    (path) => ASSETS[path]?.contentType.split(';')[0] ?? `${path} is missing`,
  );

  assert.deepEqual(new Set(types), new Set(['image/svg+xml', 'text/css', 'text/javascript']));
});
