/** What a failure shows to people, and what is for the log alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, MAX_DEPTH } from '../../operator/base/canonical-json.ts';
import { failureOf } from '../../operator/base/failure.ts';
import { mergeMaps } from '../../operator/desired/merge.ts';

function nested(levels: number): Readonly<Record<string, unknown>> {
  let value: Readonly<Record<string, unknown>> = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

test('a bug is shown without its trace, which is kept for the log', () => {
  const failure = failureOf(new RangeError('too deep'));

  assert.ok(failure.kind === 'bug');
  assert.equal(failure.message, 'too deep');
  assert.match(failure.stack ?? '', /RangeError: too deep\n +at /);
});

test('whatever is thrown has a message', () => {
  assert.equal(failureOf(new TypeError()).message, 'TypeError');
  assert.equal(failureOf('text').message, 'text');
});

test('walks over what users nest end in words, long before the stack does', () => {
  for (const levels of [MAX_DEPTH + 1, 50_000]) {
    const deep = nested(levels);

    assert.throws(() => canonicalJson(deep), new RegExp(`nested deeper than ${MAX_DEPTH} levels`));
    assert.throws(
      () => mergeMaps(deep, deep),
      new RegExp(`nested deeper than ${MAX_DEPTH} levels`),
    );
  }
  assert.equal(canonicalJson(nested(MAX_DEPTH)).length, 6 * MAX_DEPTH + 2);
});
