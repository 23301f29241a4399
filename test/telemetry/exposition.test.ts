/** The text format, line by line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { headLines, labelText, pageOf, sampleLine } from '../../operator/telemetry/exposition.ts';

const names = ['x', 'y'] as const;

test('different labels never give the same text, whatever they hold', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', ',', ':', '=', '"', '\\', 'n', '\n', 'y') });
  const labels = fc.record({ x: piece, y: piece });
  fc.assert(
    fc.property(labels, labels, (one, other) => {
      const same = one.x === other.x && one.y === other.y;
      assert.equal(labelText(names, one) === labelText(names, other), same);
    }),
  );
});

test('labels stand in the order of their declaration', () => {
  assert.equal(labelText(names, { y: '2', x: '1' }), 'x="1",y="2"');
});

test('a sample without labels has no braces', () => {
  assert.equal(sampleLine('up', '', 1), 'up 1');
  assert.equal(sampleLine('up', 'x="1"', 1), 'up{x="1"} 1');
});

test('every number is one that Prometheus reads', () => {
  const written = [0, -1.5, 1e21, 1e-7, Number.NaN, Infinity, -Infinity].map((value) =>
    sampleLine('v', '', value),
  );

  assert.deepEqual(written, [
    ...['v 0', 'v -1.5', 'v 1e+21', 'v 1e-7'],
    ...['v NaN', 'v +Inf', 'v -Inf'],
  ]);
});

test('a help text keeps its quotation marks, and stays on its line', () => {
  const declaration = { name: 'v', type: 'gauge', help: 'A "b"\\\nc.', labels: [] } as const;

  assert.deepEqual(headLines(declaration), ['# HELP v A "b"\\\\\\nc.', '# TYPE v gauge']);
});

test('a page of any length has each line once, in order, and ends in a line feed', () => {
  for (const length of [1, 255, 256, 257, 1_024]) {
    const lines = Array.from({ length }, (_, index) => `line ${index}`);
    const half = Math.ceil(length / 2);
    const page = pageOf([() => lines.slice(0, half), () => [], () => lines.slice(half)]);

    assert.equal(page, `${lines.join('\n')}\n`);
  }
});
