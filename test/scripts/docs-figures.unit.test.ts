/** Figures in documents: each is written once (docs/figures.yaml) or calculated, and filled in where it is told. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { constantRows } from '../../scripts/generate/figures/constants.ts';
import { documentsWithMarkers, withFigures } from '../../scripts/generate/figures/documents.ts';
import { type Figures, figure, readFigures } from '../../scripts/generate/figures/read.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const figures = readFigures();
/** One measurement, as the file has it. */
const GIVEN = `
idle:
  what: memory
  command: npm run bench -- idle
  date: 2026-11-24
  conditions: nothing else ran
  columns: {what: what, mib: '**measured**'}
  rows:
    rss: {what: RSS, mib: 87.0 / 87.40 MiB}
    twice: {what: again, mib: 'as {idle.rss.mib[1]}'}
`;

test('a figure is filled in at its marker, whole or in parts, with its unit and its last digit', () => {
  const given = readFigures(GIVEN);
  const filled = withFigures('It is <!-- figure idle.rss.mib[1] -->?<!-- /figure -->.', given);
  assert.equal(filled, 'It is <!-- figure idle.rss.mib[1] -->87.40 MiB<!-- /figure -->.');
  assert.equal(figure(given, 'idle.rss.mib'), '87.0 / 87.40 MiB');
  assert.equal(figure(given, 'idle.twice.mib'), 'as 87.40 MiB');
});

test('a table of figures says by which command they were measured, when, and under which conditions', () => {
  const filled = withFigures('<!-- figures idle -->\n<!-- /figures -->', readFigures(GIVEN));
  assert.match(filled, /^\| RSS \| \*\*87\.0 \/ 87\.40 MiB\*\* \|$/m);
  assert.match(filled, /^Measured on 2026-11-24 by `npm run bench -- idle`: nothing else ran\.$/m);
  assert.equal(withFigures(filled, readFigures(GIVEN)), filled);
});

test('a marker of a figure that does not exist, and a measurement without its command, are refused by name', () => {
  assert.throws(() => withFigures('<!-- figure idle.cpu.mib -->1<!-- /figure -->', figures), {
    message: 'docs/figures.yaml has no figure "idle.cpu.mib"',
  });
  assert.throws(() => readFigures(GIVEN.replace('command:', 'comment:')), {
    message: 'docs/figures.yaml: idle lacks command or method',
  });
});

test('what election settings cost is what the operator itself calculates', () => {
  assert.equal(figure(figures, 'calculated.30-20-2.mean'), '32.35 s');
  assert.equal(figure(figures, 'calculated.30-20-2.longest'), '38.8 s');
  assert.equal(figure(figures, 'calculated.10-7-1.assisted'), '3.5 s');
  assert.equal(figure(figures, 'calculated.15-14-5.slack'), '−4 s');
});

test('times that documents tell are the constants of the code', () => {
  const forms = /^\d+(?:\.\d+)? (?:s|minutes)$/;
  for (const { is = '' } of Object.values(constantRows())) assert.match(is, forms);
  assert.equal(figure(figures, 'constants.turn-limit.is'), '30 minutes');
});

test('every figure is told in some document, and no document tells one without its marker', () => {
  const documents = globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT })
    // A record, and a changelog, keep the figures of their day.
    .filter((path) => !/^docs\/(adr|reference)\/|CHANGELOG/.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
  assert.ok(documentsWithMarkers().length > 5);

  const told = documents.map(({ text }) => text).join('\n');
  for (const name of Object.keys(figures)) {
    const isTold = told.includes(`<!-- figure ${name}.`) || told.includes(`<!-- figures ${name} `);
    assert.ok(isTold, `no document tells "${name}"`);
  }
  for (const { path, text } of documents) {
    const bare = bareText(text);
    for (const value of tellingValues(figures)) {
      assert.ok(!bare.includes(value), `${path}: "${value}" is a figure of docs/figures.yaml`);
    }
  }
});

/** What stands in no marker, no generated table, and no output that was pasted. */
function bareText(text: string): string {
  return text
    .replace(/<!-- figures? [\s\S]*?<!-- \/figures? -->/g, '')
    .replace(/^```(?:console|text)[\s\S]*?^```/gm, '');
}

/** Numbers with a fraction and a unit: what nobody writes by chance. */
function tellingValues(of: Figures): readonly string[] {
  const texts = Object.values(of).flatMap(({ rows, unit = '' }) =>
    Object.values(rows).flatMap((row) => Object.values(row).map((value) => [value, unit] as const)),
  );
  return texts.flatMap(([value, unit]) =>
    value.split(' / ').flatMap((part) => {
      const [, number, own] = /^(\d+\.\d+(?: to \d+\.\d+)?)(?: ([a-zA-Z]+))?$/.exec(part) ?? [];
      const its = own ?? (/ ([a-zA-Z]+)$/.exec(value)?.[1] || unit);
      return number === undefined || its === '' ? [] : [` ${number} ${its}`];
    }),
  );
}
