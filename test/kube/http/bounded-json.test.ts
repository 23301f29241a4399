import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../operator/base/canonical-json.ts';
import { PodKind } from '../../../operator/base/resource-kinds.ts';
import { parseList, parseObject } from '../../../operator/kube/http/answers.ts';
import { CLIPPED, MAX_LEVELS, parseBoundedJson } from '../../../operator/kube/http/bounded-json.ts';
import { failureFrom, httpFixture } from '../../support/http-fixture.ts';

test('whatever is not deep is read as JSON is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseBoundedJson(text), JSON.parse(text));
    }),
  );
});

test('brackets, quotes and backslashes in texts are no levels', () => {
  const value = { 'a"[{': ['['.repeat(1000), '\\', '\\"{', '"', '\\\\"['.repeat(500)], b: 1 };
  const text = JSON.stringify(value);

  assert.deepEqual(parseBoundedJson(text), value);
});

test('a text may hold any number of brackets behind any number of quotes and backslashes', () => {
  const many = '['.repeat(20_000);
  for (const value of [
    `"${many}`,
    `\\"${many}`,
    `\\\\"${many}`,
    `${many}\\`,
    { [`"${many}`]: 1 },
  ]) {
    assert.deepEqual(parseBoundedJson(JSON.stringify([value, '\\'])), [value, '\\']);
  }
});

test('text that is no JSON stays that, however it ends', () => {
  for (const text of ['', '"', '"\\', '{"a":"', '[[', ']]]']) {
    assert.throws(() => parseBoundedJson(text), SyntaxError);
  }
});

test('the deepest value that may be is read whole, and what is deeper is clipped there', () => {
  const whole = nested(MAX_LEVELS);
  assert.equal(JSON.stringify(parseBoundedJson(whole)), whole);

  const text = JSON.stringify(parseBoundedJson(nested(MAX_LEVELS + 1)));
  assert.equal(text, nested(MAX_LEVELS).replace('{}', `{"a":"${CLIPPED}"}`));
});

for (const levels of [600, 6000, 10_000]) {
  test(`one object nested ${levels} deep costs its neighbours in a list nothing`, () => {
    const items = [pod('a', nested(levels)), pod('b', '{}')];
    const body = `{"metadata":{"resourceVersion":"1"},"items":[${items.join()}]}`;

    const { items: read } = parseList(body, PodKind);

    assert.deepEqual(
      read.map(({ metadata }) => metadata.name),
      ['a', 'b'],
    );
    assert.ok(canonicalJson(read[0]).includes(CLIPPED));
  });
}

for (const levels of [200_000, 2_000_000]) {
  test(`an answer of ${levels} levels is a sentence, and no end of the stack`, async (t) => {
    const { server, client } = await httpFixture(t);
    server.answer((response) => response.end(pod('a', nested(levels))));

    const failure = await failureFrom(client.get({ ...PodKind, namespace: 'prod', name: 'a' }));

    assert.deepEqual(failure, {
      kind: 'server-error',
      message:
        'Cannot get Pod "prod/a": the answer cannot be read: it is nested deeper than any API server stores',
    });
  });
}

test('a deep refusal is told like any other', async (t) => {
  const { server, client } = await httpFixture(t);
  const details = nested(30_000);
  server.answer((response) => {
    response.statusCode = 404;
    response.end(`{"kind":"Status","code":404,"message":"gone","details":${details}}`);
  });

  const failure = await failureFrom(client.get({ ...PodKind, namespace: 'prod', name: 'a' }));

  assert.deepEqual(failure, { kind: 'not-found', message: 'Cannot get Pod "prod/a": gone' });
});

test('what is clipped is still an object', () => {
  const { metadata, spec } = parseObject(pod('a', nested(9_000)));

  assert.equal(metadata.name, 'a');
  assert.equal(typeof spec, 'object');
});

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}

function pod(name: string, spec: string): string {
  return `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"},"spec":${spec}}`;
}
