import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMet } from './bench.ts';
import { mean, median, percentile } from './statistics.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('a percentile is a sample, found by nearest rank', () => {
  assert.equal(percentile(oneToHundred, 50), 50);
  assert.equal(percentile(oneToHundred, 99), 99);
  assert.equal(percentile(oneToHundred, 100), 100);
  assert.equal(percentile([3, 1, 2], 0), 1);
});

test('the 99th percentile of few samples is the largest', () => {
  assert.equal(percentile([5, 9, 7], 99), 9);
});

test('the median of an even number is the lower one of the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2);
});

test('nothing is said about no samples', () => {
  assert.throws(() => percentile([], 50), /no samples/);
  assert.throws(() => mean([]), /no samples/);
});

test('a goal is judged by the measured value, not by the rounded one', () => {
  const figure = { case: 'any', metric: 'p50', unit: 'ms', atMost: 150 } as const;

  assert.equal(isMet({ ...figure, value: 150 }), true);
  assert.equal(isMet({ ...figure, value: 150.04 }), false);
});

test('a goal may have a lower bound, an upper one, or both', () => {
  const figure = { case: 'any', metric: 'ratio', unit: 'x', atLeast: 0.95 } as const;

  assert.equal(isMet({ ...figure, value: 0.94 }), false);
  assert.equal(isMet({ ...figure, value: 7 }), true);
  assert.equal(isMet({ ...figure, atMost: 1.05, value: 7 }), false);
});
