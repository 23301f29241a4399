/** The pages for people who develop cite files, functions and log lines that exist. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withMovedFunctions } from '../../scripts/generate/sources.ts';
import { wrongCitations, wrongFiles, wrongMessages } from './support/cited-names.ts';
import { brokenLinks } from './support/links.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCS = join(ROOT, 'docs');

for (const page of ['architecture.md', 'debugging.md', 'follow-an-event.md']) {
  test(`every file, function and log line that docs/${page} cites exists`, () => {
    const text = readFileSync(join(DOCS, page), 'utf8');
    assert.match(text, /`[\w/-]+\.ts`/);
    assert.deepEqual(wrongCitations(text), []);
  });
}

test('every source that any document or decision cites exists, and every log line that a runbook looks for', () => {
  const pages = globSync(['*.md', 'adr/*.md', 'runbooks/*.md'], { cwd: DOCS })
    // Its files are below test/: docs-promises.unit.test.ts.
    .filter((page) => page !== 'promises.md');
  assert.ok(pages.length > 60);
  for (const page of pages) {
    const text = readFileSync(join(DOCS, page), 'utf8');
    assert.deepEqual([...wrongFiles(text), ...wrongMessages(text)], [], page);
  }
});

test('every link of a document leads to a file, and to a heading that it has', () => {
  const pages = globSync(['README.md', 'chart/README.md', 'docs/**/*.md'], { cwd: ROOT });
  assert.ok(pages.length > 70);
  const broken = pages.flatMap((page) =>
    brokenLinks(join(ROOT, page)).map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('a file, a function or a log line that does not exist is found, and named', () => {
  assert.deepEqual(wrongCitations('see `control/gone.ts`'), ['control/gone.ts does not exist']);
  assert.match(String(wrongCitations('`vanish()`')), /^vanish\(\) is not defined where this says/);
  assert.deepEqual(wrongCitations('{"level":"info","msg":"All is lost"}'), [
    'nothing logs "All is lost"',
  ]);
  assert.deepEqual(wrongMessages("kubectl logs POD | grep -E 'Lease freed|All is lost'"), [
    'nothing logs "All is lost"',
  ]);
  const elsewhere = '`decide/plan/plan.ts`: `decideFailover()`';
  assert.match(String(wrongCitations(elsewhere)), /^decideFailover\(\) is not defined/);
});

test('what exists is found: functions, methods, constants, and files of either root', () => {
  const fine =
    '`control/reconcile/reconcile.ts`: `reconcile()`; `scripts/check-layers.ts`\n`Caches.wrote()`\n{"msg":"Lease freed"}';
  assert.deepEqual(wrongCitations(fine), []);
});

test('a function that has moved to another file is followed, if only one file has it', () => {
  const row = (file: string) => `| 1 | \`${file}\` | \`planChanges()\` | steps |`;
  assert.equal(withMovedFunctions(row('decide/old.ts')), row('decide/plan/plan.ts'));
  assert.equal(withMovedFunctions(row('decide/plan/plan.ts')), row('decide/plan/plan.ts'));
  const unknown = '| 1 | `decide/old.ts` | `vanish()` | steps |';
  assert.equal(withMovedFunctions(unknown), unknown);
});
