/** Which files are called a circle: those that reach themselves by their imports, and no others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circlesIn } from '../../scripts/import-circles.ts';

type Imports = Readonly<Record<string, readonly string[]>>;

const cases: Readonly<
  Record<string, { imports: Imports; circles: readonly (readonly string[])[] }>
> = {
  'no files have no circle': { imports: {}, circles: [] },
  'a chain has none': { imports: { a: ['b'], b: ['c'], c: [] }, circles: [] },
  'two ways to one file are none': {
    imports: { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] },
    circles: [],
  },
  'two that import each other are one': {
    imports: { b: ['a'], a: ['b'] },
    circles: [['a', 'b']],
  },
  'a long way round is one, told without those that only lead to it or come from it': {
    imports: { entry: ['a'], a: ['b'], b: ['c'], c: ['a', 'leaf'], leaf: [] },
    circles: [['a', 'b', 'c']],
  },
  'two ways round that share a file are one': {
    imports: { a: ['b', 'c'], b: ['a'], c: ['a'] },
    circles: [['a', 'b', 'c']],
  },
  'two circles, one of which imports the other, stay two': {
    imports: { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
    circles: [
      ['c', 'd'],
      ['a', 'b'],
    ],
  },
  'a file of another circle that was left already is not taken for this one': {
    imports: { a: ['b'], b: [], c: ['b', 'd'], d: ['c'] },
    circles: [['c', 'd']],
  },
  'what is imported and is no file of the graph is left out': {
    imports: { a: ['elsewhere', 'b'], b: ['elsewhere'] },
    circles: [],
  },
  'a file that imports itself alone is none': { imports: { a: ['a'] }, circles: [] },
};

for (const [sentence, { imports, circles }] of Object.entries(cases)) {
  test(sentence, () => {
    assert.deepEqual(circlesIn(new Map(Object.entries(imports))), circles);
  });
}

test('circles are found wherever one begins to look', () => {
  const edges: readonly (readonly [string, readonly string[]])[] = [
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a', 'd']],
    ['d', ['e']],
    ['e', ['d']],
  ];
  for (let first = 0; first < edges.length; first += 1) {
    const graph = new Map([...edges.slice(first), ...edges.slice(0, first)]);

    assert.deepEqual(circlesIn(graph).toSorted(), [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  }
});
