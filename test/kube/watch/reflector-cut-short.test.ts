/** A watch that ends before its time may mean that the CRD behind it has changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../support/manual-clock.ts';
import { reflectorFixture, watching } from '../../support/reflector-fixture.ts';
import { stream } from '../../support/scripted-server.ts';

for (const [how, end] of [
  ['ends', (live: ReturnType<typeof stream>) => live.end()],
  ['breaks', (live: ReturnType<typeof stream>) => live.reset()],
] as const) {
  test(`a watch that ${how} before its time is told`, async (t) => {
    const fix = await reflectorFixture(t);
    const live = await watching(fix);
    const next = stream();
    fix.server.answer(next.answer);
    await fix.clock.advance(20_000);

    end(live);
    await until(() => fix.cutShort() === 1, 'the news');
    await fix.clock.advance(5_000);
    await next.opened;

    assert.equal(fix.cutShort(), 1);
  });
}

test('a watch that ends in time, or is only silent, is not', async (t) => {
  const fix = await reflectorFixture(t);
  const live = await watching(fix);
  const next = stream();
  fix.server.answer(next.answer);
  await until(() => fix.clock.pendingTimers() === 2 && fix.reflector.state() === 'watching');
  await fix.clock.settle();

  await fix.clock.advance(90_000);
  await next.opened;
  assert.equal(live.isClosed(), true);

  assert.equal(fix.cutShort(), 0);
});
