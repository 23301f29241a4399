/** `npm run test:unit` needs Node and a shell, and nothing else: no cluster, no browser, no Go. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** The files that the script names. */
function unitTests(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const patterns = String(scripts['test:unit']).match(/test\/[^\s']+\.ts/g) ?? [];
  return globSync(patterns, { cwd: ROOT }).map((file) => join(ROOT, file));
}

/** These files, and all that they import, by whatever way. */
function withImports(files: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...files];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file) || !file.endsWith('.ts')) continue;
    reached.add(file);
    const source = readFileSync(file, 'utf8').replaceAll(/^import type [^;]+;/gm, '');
    for (const [, target = ''] of source.matchAll(/(?:from|import)[ (]'(\.[^']+)'/g)) {
      open.push(resolve(file, '..', target));
    }
  }
  return reached;
}

test('the unit tests are most of all tests that need no cluster', () => {
  assert.ok(unitTests().length > 120, `${unitTests().length} files`);
});

test('none of them reaches what starts a cluster, a container or a browser', () => {
  const outside =
    /\/test\/(testbed|chart|programs)\/|\/test\/support\/chromium|\/e2e\/support\/harness/;

  assert.deepEqual(
    [...withImports(unitTests())].filter((file) => outside.test(file)),
    [],
  );
});

test('none of them runs a program that a machine with Node may lack', () => {
  const programs = /(?:spawn|exec)\w*\(\s*'(?!bash'|sh'|mkfifo')/;

  const found = [...withImports(unitTests())].filter((file) => {
    return file.includes('/test/') && programs.test(readFileSync(file, 'utf8'));
  });
  assert.deepEqual(found, []);
});
