/** The reflector against a server that misbehaves in every way we know. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/manual-clock.ts';
import {
  asked,
  list,
  pauseOf,
  pod,
  reflectorFixture,
  watching,
} from '../../support/reflector-fixture.ts';
import { reset, status, statusObject, stream } from '../../support/scripted-server.ts';

test('a version that expired is listed anew at once, and the differences are told', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix, pod('a', '3'), pod('b', '4'), pod('c', '5')), stream()];
  fix.server.answer(
    list('20', pod('a', '3'), pod('b', '15'), pod('c', '16', 'recreated'), pod('d', '17')),
    next.answer,
  );

  live.event('MODIFIED', pod('a', '7'));
  live.event('MODIFIED', pod('a', '3'));
  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@3 watch@20');
  const differences = fix.told.slice(5);
  assert.deepEqual(differences, ['~b@15', '-c@5', '+c@16', '+d@17']);
  assert.equal(
    fix.metrics.watchRestarts.value({ kind: 'Pod', namespace: 'prod', reason: 'expired' }),
    1,
  );
});

test('an object that vanished unseen is told with its last known state', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix, pod('a', '3'), pod('b', '4')), stream()];
  fix.server.answer(list('20', pod('b', '4')), next.answer);

  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.deepEqual(fix.told.slice(2), ['-a@3']);
  assert.equal(fix.reflector.store.size, 1);
});

test('a list that is refused as expired is repeated at once without a version', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix), stream()];
  const expired = status(410, 'Expired', 'too old');
  fix.server.answer(expired, list('30'), next.answer);

  live.event('ERROR', statusObject(410, 'Expired', 'too old'));
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 list@ watch@30');
  assert.equal(fix.server.requests[2]?.query.limit, undefined);
  assert.equal(fix.server.requests[3]?.query.limit, '500');
});

test('a version that keeps expiring is answered with pauses', async (t) => {
  const fix = await reflectorFixture(t);
  const expired = status(410, 'Expired', 'too old');
  fix.server.answer(list('5'), expired, list('6'), expired);
  fix.server.otherwise(expired);

  fix.reflector.start();

  assert.equal(await pauseOf(fix), 2_400);
  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
});

for (const [sentence, refusal, pauseMs] of [
  ['a reset', reset, 1_200],
  ['429', status(429, 'X', 'busy', { headers: { 'retry-after': '9' } }), 9_000],
  ['429 without a time', status(429, 'X', 'busy'), 1_200],
] as const) {
  test(`${sentence} on a watch: the same version again after ${pauseMs} ms, no list`, async (t) => {
    const fix = await reflectorFixture(t);
    const next = stream();
    fix.server.answer(list('5'), refusal, next.answer);

    fix.reflector.start();
    assert.equal(await pauseOf(fix), pauseMs);
    await fix.clock.advance(pauseMs);
    await next.opened;

    assert.equal(asked(fix.server), 'list@0 watch@5 watch@5');
  });
}

for (const [sentence, refusal, pauseMs] of [
  ['403', status(403, 'Forbidden', 'no'), 1_200],
  ['500', status(500, 'X', 'broken'), 1_200],
  ['503 with Retry-After', status(503, 'X', 'soon', { headers: { 'retry-after': '4' } }), 4_000],
] as const) {
  test(`${sentence} on a watch: a list from the last version after ${pauseMs} ms`, async (t) => {
    const fix = await reflectorFixture(t);
    const next = stream();
    fix.server.answer(list('5'), refusal, list('6'), next.answer);

    fix.reflector.start();
    assert.equal(await pauseOf(fix), pauseMs);
    await fix.clock.advance(pauseMs);
    await next.opened;

    assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
  });
}

test('401 on a watch, with the renewed credentials too: a list after the pause', async (t) => {
  const fix = await reflectorFixture(t);
  const next = stream();
  const refusal = status(401, 'Unauthorized', 'no');
  fix.server.answer(list('5'), refusal, refusal, list('6'), next.answer);

  fix.reflector.start();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@5 list@5 watch@6');
});

test('an ERROR event with another code: a list after the pause, and the store stays', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix, pod('a', '3')), stream()];
  fix.server.answer(list('6', pod('a', '3')), next.answer);

  live.event('ERROR', statusObject(500, 'InternalError', 'etcd'));
  const pauseMs = await pauseOf(fix);
  assert.equal(fix.reflector.store.size, 1);
  await fix.clock.advance(pauseMs ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
  assert.deepEqual(fix.told, ['+a@3']);
});

test('pauses double up to 7.5 s here, and start anew after two minutes of health', async (t) => {
  const fix = await reflectorFixture(t);
  fix.server.otherwise(status(500, 'X', 'broken'));

  fix.reflector.start();
  const pauses: (number | undefined)[] = [];
  for (let failure = 1; failure <= 8; failure += 1) {
    pauses.push(await pauseOf(fix));
    if (failure === 8) fix.server.answer(list('5'), silenceAfterHead.answer, list('6'));
    const seen = fix.server.requests.length;
    await fix.clock.advance(pauses.at(-1) ?? 0);
    await until(() => fix.server.requests.length > seen);
  }
  assert.deepEqual(pauses, [1_200, 2_400, 4_800, 7_500, 7_500, 7_500, 7_500, 7_500]);

  await silenceAfterHead.opened;
  await until(() => fix.reflector.state() === 'watching' && fix.clock.pendingTimers() === 2);
  await fix.clock.advance(60_000);
  await silenceAfterHead.bytes('\n');
  await until(() => fix.reflector.lastActivityAtMs() === fix.clock.nowMs());
  await fix.clock.advance(60_001);
  silenceAfterHead.reset();
  assert.equal(await pauseOf(fix), 1_200);
});
const silenceAfterHead = stream();

test('a watch that ends within a second without an event is a failure: list again', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix), stream()];
  fix.server.answer(list('6'), next.answer);

  live.end();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 list@5 watch@6');
});

test('a watch that ends within a second after an event makes no tight loop', async (t) => {
  const fix = await reflectorFixture(t);
  const [live, next] = [await watching(fix), stream()];
  fix.server.answer(next.answer);

  live.event('ADDED', pod('a', '6'));
  live.end();
  await fix.clock.advance((await pauseOf(fix)) ?? 0);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@6');
});

test('a half-open connection is left after 90 s of silence, at once', async (t) => {
  const fix = await reflectorFixture(t);
  const next = stream();
  await watching(fix);
  await until(() => fix.clock.pendingTimers() === 2 && fix.reflector.state() === 'watching');
  await fix.clock.settle();
  fix.server.answer(next.answer);

  await fix.clock.advance(89_999);
  assert.equal(fix.reflector.lastActivityAtMs(), 0);
  await fix.clock.advance(1);
  await next.opened;

  assert.equal(asked(fix.server), 'list@0 watch@5 watch@5');
});
