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
