/** The names that Kubernetes takes, at their borders. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../../operator/base/dns.ts';

const LABELS = ['a', '0', 'a-b', 'a--b', 'x'.repeat(63)];
const NO_LABELS = ['', '-a', 'a-', 'A', 'a_b', 'a\n', 'x'.repeat(64)];

for (const name of LABELS) {
  test(`takes ${JSON.stringify(name)} as a label, and so as a subdomain`, () => {
    assert.match(name, DNS_LABEL);
    assert.match(name, DNS_SUBDOMAIN);
  });
}

for (const name of [...NO_LABELS, 'a.b']) {
  test(`takes ${JSON.stringify(name)} for no label`, () => {
    assert.doesNotMatch(name, DNS_LABEL);
  });
}

test('takes labels between dots as a subdomain, to its longest', () => {
  assert.match('a.b-c.0', DNS_SUBDOMAIN);
  assert.match(`${'a.'.repeat(126)}a`, DNS_SUBDOMAIN);
});

for (const name of ['', '.a', 'a.', 'a..b', 'a.-b', 'a-.b', 'A.b', 'a.b\n']) {
  test(`takes ${JSON.stringify(name)} for no subdomain`, () => {
    assert.doesNotMatch(name, DNS_SUBDOMAIN);
  });
}

test('takes no subdomain that is longer than Kubernetes stores', () => {
  const longest = 'x'.repeat(253);

  assert.match(longest, DNS_SUBDOMAIN);
  assert.doesNotMatch(`${longest}x`, DNS_SUBDOMAIN);
});
