/** The reflector and its handler: what throws, and what a stop ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/manual-clock.ts';
import {
  list,
  pod,
  type ReflectorFixture,
  reflectorFixture,
  watching,
} from '../../support/reflector-fixture.ts';
import { silence, status } from '../../support/scripted-server.ts';

test('a handler that throws disturbs nobody', async (t) => {
  const fix = await reflectorFixture(t, () => {
    throw new Error('bug');
  });
  const live = await watching(fix, pod('a', '3'), pod('b', '4'));

  live.event('ADDED', pod('c', '6'));
  await until(() => fix.told.length === 3);

  assert.equal(fix.reflector.store.size, 3);
  assert.equal(fix.reflector.state(), 'watching');
});

test('a handler may stop the reflector, and is told nothing more', async (t) => {
  let stopped: Promise<void> | undefined;
  const fix: ReflectorFixture = await reflectorFixture(t, () => {
    stopped = fix.reflector.stop();
  });
  fix.server.answer(list('5', pod('a', '3'), pod('b', '4')));

  fix.reflector.start();
  await until(() => stopped !== undefined);
  await stopped;

  assert.deepEqual(fix.told, ['+a@3']);
});

for (const [sentence, answers, state] of [
  ['before its start', [], 'idle'],
  ['while it lists', [silence], 'listing'],
  ['while it backs off', [status(500, 'X', 'broken')], 'backing-off'],
  ['while a watch starts', [list('5'), silence], 'watching'],
] as const) {
  test(`stopped ${sentence} it asks and tells nothing more, not even after a start`, async (t) => {
    const fix = await reflectorFixture(t);
    fix.server.answer(...answers);
    if (state !== 'idle') fix.reflector.start();
    await until(
      () => fix.reflector.state() === state && fix.server.requests.length === answers.length,
    );

    await fix.reflector.stop();
    fix.reflector.start();
    await fix.clock.advance(600_000);

    assert.equal(fix.reflector.state(), 'stopped');
    assert.equal(fix.server.requests.length, answers.length);
    assert.equal(fix.clock.pendingTimers(), 0);
  });
}

test('stopped while it watches it closes the connection', async (t) => {
  const fix = await reflectorFixture(t);
  const live = await watching(fix, pod('a', '3'));

  await Promise.all([fix.reflector.stop(), fix.reflector.stop()]);
  await until(() => live.isClosed());

  assert.deepEqual(fix.told, ['+a@3']);
  assert.equal(fix.clock.pendingTimers(), 0);
});
