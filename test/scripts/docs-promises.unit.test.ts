/** docs/promises.md cites tests that exist, and leaves no decision out. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decisionRecords } from '../../scripts/generate/decisions.ts';
import { citedTests, missingNames } from '../../scripts/generate/promises.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs/promises.md'), 'utf8');
const cited = citedTests(page);

test('every test that the table of promises cites exists under that name', () => {
  assert.ok(cited.length > 100);
  const problems = cited.flatMap(({ promise, file, name }) => {
    const path = join(ROOT, 'test', file);
    if (!existsSync(path)) return [`"${promise}": test/${file} does not exist`];
    const missing = missingNames(readFileSync(path, 'utf8'), name);
    return missing.map((part) => `"${promise}": test/${file} has no "${part}"`);
  });
  assert.deepEqual(problems, []);
});

test('no promise of the table is written twice', () => {
  const seen = cited.map(({ promise, file, name }) => `${promise} | ${file} | ${name}`);
  assert.equal(new Set(seen).size, seen.length);
});

test('every decision is named on the page, or superseded', () => {
  const left = decisionRecords()
    .filter(({ state, file }) => state === 'accepted' && !page.includes(`(adr/${file}`))
    .map(({ file }) => file);
  assert.deepEqual(left, []);
});

test('every document for users is named as one that promises something, or only shows or lists', () => {
  const promisesNothing =
    /^(README|CHANGELOG|CONTRIBUTING|architecture|debugging|follow-an-event|promises)\.md$/;
  const left = globSync('*.md', { cwd: join(ROOT, 'docs') }).filter(
    (file) => !promisesNothing.test(file) && !page.includes(`(${file}`),
  );
  assert.deepEqual(left, []);
});

test('names are found as they are written: quoted, in a template, and in no comment', () => {
  const placeholder = ['$', '{what}'].join('');
  const source = [
    "describe('a word', () => {",
    `  test(\`with ${placeholder} in it\`, ok);`,
    "  test('it\\'s quoted', ok);",
    '  // test("gone", ok)',
  ].join('\n');
  assert.deepEqual(missingNames(source, `a word › with ${placeholder} in it`), []);
  assert.deepEqual(missingNames(source, 'a word › in it'), []);
  assert.deepEqual(missingNames(source, "it's quoted"), []);
  assert.deepEqual(missingNames(source, 'a word › gone'), ['gone']);
  assert.deepEqual(missingNames(source, 'a wor'), ['a wor']);
});
