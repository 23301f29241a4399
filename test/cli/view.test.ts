/** The small parts that text for people is made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filled, oneLine, shortened } from '../../operator/cli/view/lines.ts';
import { tableLines } from '../../operator/cli/view/table.ts';
import { age, ageOf, roughly, seconds } from '../../operator/cli/view/words.ts';

const S = 1_000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

/** As kubectl prints them (HumanDuration of apimachinery). */
const ages: Record<string, number> = {
  '0s': -5 * S,
  '119s': 119.9 * S,
  '2m': 120 * S,
  '2m3s': 123 * S,
  '9m59s': 9 * M + 59 * S,
  '10m': 10 * M + 59 * S,
  '179m': 179 * M,
  '3h': 3 * H,
  '7h59m': 7 * H + 59 * M,
  '8h': 8 * H + 59 * M,
  '47h': 47 * H,
  '2d': 2 * D,
  '2d1h': 2 * D + H,
  '8d': 8 * D + 23 * H,
  '729d': 729 * D,
};

for (const [text, ms] of Object.entries(ages)) {
  test(`an age of ${ms} ms is ${text}`, () => assert.equal(age(ms), text));
}

test('a time that cannot be read has an unknown age', () => {
  assert.equal(ageOf('yesterday', 0), '<unknown>');
  assert.equal(ageOf(undefined, 0), '<unknown>');
  assert.equal(ageOf('1970-01-01T00:00:01.500000Z', 4_500), '3s');
});

test('measured seconds have as many digits as they are worth', () => {
  assert.deepEqual([912, 9_994, 31_449].map(seconds), ['0.91s', '9.99s', '31.4s']);
  assert.deepEqual([6_900, 38_000, 32_350].map(roughly), ['6.9s', '38s', '32.4s']);
});

test('words fill lines, and none is cut', () => {
  const lines = filled('one two three-is-too-long four', 9, { first: '- ', further: '  ' });

  assert.deepEqual(lines, ['- one two', '  three-is-too-long', '  four']);
});

test('text from a cluster stays on its line', () => {
  assert.equal(oneLine(' a\nb\t c\u2028d\u0085e '), 'a b c d e');
});

test('what is too long loses its beginning', () => {
  assert.deepEqual([shortened('abcdef', 6), shortened('abcdef', 4)], ['abcdef', '…def']);
});

test('a table gives up columns, and then letters, only as far as it must', () => {
  const columns = [
    { title: 'NAME', cell: (row: string) => row, shrinksAtLastTo: 4 },
    { title: 'POD', cell: (row: string) => `pod-of-${row}`, shrinksTo: 6, leaves: 1 },
    { title: 'AGE', cell: () => '5m', leaves: 2 },
  ];
  const rows = (width: number) => tableLines(columns, ['edge-1'], { width })[1];

  assert.equal(tableLines(columns, ['edge-1'])[1], 'edge-1  pod-of-edge-1  5m');
  assert.equal(rows(20), 'edge-1  …edge-1  5m');
  assert.equal(rows(16), 'edge-1  …-edge-1');
  assert.equal(rows(10), 'edge-1');
  assert.equal(rows(5), '…ge-1');
});
