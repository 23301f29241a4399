/** The status lines of docs/adr: each record has one, and those that change each other say so on both sides. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decisionRecords, parseRecord } from '../../scripts/generate/decisions.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'adr');
const records = decisionRecords();
const byNumber = new Map(records.map((record) => [record.number, record]));

test('every decision record has a number of its own and a status line', () => {
  assert.ok(records.length >= 34);
  assert.equal(byNumber.size, records.length, 'two records share a number');
  for (const { file } of records) assert.ok(existsSync(join(FOLDER, file)));
});

test('a record that changes another is named by that one, and the other way round', () => {
  for (const { number, file, amends, supersedes, amendedBy, supersededBy } of records) {
    for (const target of amends) {
      assert.ok(byNumber.get(target)?.amendedBy.includes(number), `${file} amends ${target}`);
    }
    for (const target of supersedes) {
      assert.ok(
        byNumber.get(target)?.supersededBy.includes(number),
        `${file} supersedes ${target}`,
      );
    }
    for (const target of amendedBy) {
      assert.ok(byNumber.get(target)?.amends.includes(number), `${file} is amended by ${target}`);
    }
    for (const target of supersededBy) {
      assert.ok(byNumber.get(target)?.supersedes.includes(number), `${file}, by ${target}`);
    }
  }
});

test('a record is superseded if, and only if, it names what has replaced it', () => {
  for (const { file, state, supersededBy } of records) {
    assert.equal(state === 'superseded', supersededBy.length > 0, file);
  }
});

test('a record without a status line, or with a link that is none, is refused by name', () => {
  assert.throws(() => parseRecord('0099-x.md', '# 0099: X\n'), /0099-x\.md: needs a line/);
  assert.throws(
    () => parseRecord('0099-x.md', '# 0099: X\n\nStatus: accepted; amends 0001\n'),
    /0099-x\.md: "0001" must be a link/,
  );
  assert.throws(
    () => parseRecord('0099-x.md', '# 0099: X\n\nStatus: accepted; continues [0001](0001-a.md)\n'),
    /no such relation/,
  );
});
