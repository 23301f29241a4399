/** From bytes to events, wherever the chunks end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  parseWatchEvent,
  readLines,
  StreamError,
} from '../../../operator/kube/http/watch-stream.ts';

async function* chunks(...parts: readonly (Buffer | string)[]) {
  for (const part of parts) yield Buffer.from(part);
}

async function linesOf(source: AsyncIterable<Buffer>, maxBytes?: number): Promise<string[]> {
  return Array.fromAsync(readLines(source, maxBytes));
}

test('a line may be spread over chunks, and a chunk may hold several lines', async () => {
  assert.deepEqual(await linesOf(chunks('a', 'b\nc', 'd\ne\n', '\n', 'f\n')), [
    'ab',
    'cd',
    'e',
    'f',
  ]);
});

test('U+2028, U+2029, NEL and a carriage return do not end a line', async () => {
  const line = 'a\u2028b\u2029c\u0085d\re';

  assert.deepEqual(await linesOf(chunks(`${line}\n`)), [line]);
});

test('the same lines come out wherever the bytes are cut', async () => {
  const text = fc.array(
    fc.string({ unit: 'binary', minLength: 1 }).filter((line) => !line.includes('\n')),
  );
  const cuts = fc.array(fc.nat());
  await fc.assert(
    fc.asyncProperty(text, cuts, async (lines, at) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const places = [0, ...at.map((cut) => cut % (bytes.length + 1)), bytes.length];
      const sorted = places.toSorted((a, b) => a - b);
      const parts = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));

      assert.deepEqual(await linesOf(chunks(...parts)), lines);
    }),
  );
});

test('a stream that ends within a line is broken', async () => {
  await assert.rejects(linesOf(chunks('a\nb')), StreamError);
});

test('a line without end is refused', async () => {
  await assert.rejects(linesOf(chunks('aaaa', 'aaaa'), 6), /larger than 6 bytes/);
});

test('events of a type from the future are skipped, nonsense is an error', () => {
  const subject = { verb: 'watch', target: 'pods' };
  const parse = (line: string) => parseWatchEvent(subject, line);

  assert.equal(parse('{"type":"NEWS","object":{}}'), undefined);
  assert.deepEqual(parse('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}'), {
    type: 'BOOKMARK',
    resourceVersion: '9',
  });
  for (const line of [
    '{"type":"ADD',
    'null',
    '{"type":"ADDED"}',
    '{"type":"ADDED","object":{"kind":"Pod"}}',
    '{"type":"BOOKMARK","object":null}',
  ]) {
    assert.throws(() => parse(line), StreamError, line);
  }
});
