import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../operator/base/defined.ts';

test('leaves out members that are undefined, and keeps the order of the others', () => {
  const version: string | undefined = undefined;
  const members = defined({ b: 1, version, a: 2 });

  assert.deepEqual(Object.keys(members), ['b', 'a']);
  assert.equal(JSON.stringify(members), '{"b":1,"a":2}');
});

test('keeps null, false, zero and the empty text, which are values', () => {
  assert.deepEqual(defined({ a: null, b: false, c: 0, d: '' }), { a: null, b: false, c: 0, d: '' });
});

test('leaves what it is given unchanged, and looks at the outermost level only', () => {
  const members = { inner: { a: undefined }, gone: undefined };

  assert.deepEqual(Object.keys(defined(members).inner), ['a']);
  assert.deepEqual(Object.keys(members), ['inner', 'gone']);
});

test('gives a type that fits members which may be absent but never undefined', () => {
  const named = (name: string | undefined): { readonly kind: 'named'; readonly name?: string } =>
    defined({ kind: 'named', name });

  assert.deepEqual(named('edge'), { kind: 'named', name: 'edge' });
  assert.ok(!('name' in named(undefined)));
});
