/** Kinds that nobody changes: the API server has no bookmark to send, and a watch hears nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/manual-clock.ts';
import {
  asked,
  pauseOf,
  type ReflectorFixture,
  reflectorFixture,
  watching,
} from '../../support/reflector-fixture.ts';
import { silence, stream } from '../../support/scripted-server.ts';

/** Deadline and silence are the two timers of a watch that runs. */
async function untilItListens({ clock, reflector }: ReflectorFixture): Promise<void> {
  await until(() => clock.pendingTimers() === 2 && reflector.state() === 'watching');
  await clock.settle();
}

test('a silent watch is opened anew at once, however often that happens', async (t) => {
  const fix = await reflectorFixture(t);
  await watching(fix);

  for (let times = 1; times <= 5; times += 1) {
    await untilItListens(fix);
    const next = stream();
    fix.server.answer(next.answer);
    await fix.clock.advance(90_000);
    await next.opened;
  }

  assert.equal(asked(fix.server), `list@0${' watch@5'.repeat(6)}`);
  assert.match(fix.registry.expose(), /reason="silent"\} 5/);
});

test('a watch that is never answered is a failure, with a pause', async (t) => {
  const fix = await reflectorFixture(t);
  await watching(fix);
  await untilItListens(fix);
  fix.server.answer(silence);
  await fix.clock.advance(90_000);
  await untilItListens(fix);

  await fix.clock.advance(90_000);

  assert.equal(await pauseOf(fix), 1_200);
});
