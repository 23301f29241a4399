/** Where a reflector goes on after something has ended, failure by failure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeFailure } from '../../../operator/base/failure.ts';
import {
  afterListFailure,
  afterShortWatch,
  afterWatchFailure,
} from '../../../operator/kube/watch/reflector-state.ts';

const message = 'no';
const BROKEN: readonly KubeFailure[] = [
  { kind: 'unreachable', message },
  { kind: 'timeout', message },
  { kind: 'throttled', message, retryAfterMs: 1_000 },
];
const REFUSED: readonly KubeFailure[] = [
  { kind: 'expired', message },
  { kind: 'unauthorized', message },
  { kind: 'forbidden', message, cause: 'rights' },
  { kind: 'not-found', message },
  { kind: 'server-error', message },
  { kind: 'bug', message },
];

for (const failure of BROKEN) {
  test(`a watch that ended as ${failure.kind} goes on from its version, without a list`, () => {
    assert.deepEqual(afterWatchFailure(failure, '7'), { kind: 'watching', version: '7' });
  });
}

for (const failure of REFUSED) {
  test(`a watch that ended as ${failure.kind} is followed by a list that is not older`, () => {
    assert.deepEqual(afterWatchFailure(failure, '7'), { kind: 'listing', version: '7' });
  });
}

test('a watch that was closed at once without an event is followed by a list', () => {
  assert.equal(afterShortWatch('7', 0).kind, 'listing');
  assert.equal(afterShortWatch('7', 1).kind, 'watching');
});

test('a list whose version cannot be served asks for the newest at once, and only once', () => {
  const expired: KubeFailure = { kind: 'expired', message };

  assert.deepEqual(afterListFailure(expired, '7'), { kind: 'listing', version: '' });
  assert.equal(afterListFailure(expired, ''), undefined);
});

test('a list that failed in any other way is repeated as it was', () => {
  for (const failure of [...BROKEN, ...REFUSED.slice(1)]) {
    assert.equal(afterListFailure(failure, '7'), undefined);
  }
});
