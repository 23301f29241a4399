/** What is told of a trouble that goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRepeats } from '../../operator/telemetry/repeats.ts';
import { createManualClock } from '../support/manual-clock.ts';

function fixture() {
  const clock = createManualClock();
  return { clock, repeats: createRepeats(clock) };
}

test('a trouble is told once, and then every ten minutes', async () => {
  const { clock, repeats } = fixture();
  const toldAtMs: number[] = [];

  for (; clock.nowMs() <= 25 * 60_000; await clock.advance(15_000)) {
    if (repeats.isNews('a', 'unreachable')) toldAtMs.push(clock.nowMs());
  }

  assert.deepEqual(toldAtMs, [0, 600_000, 1_200_000]);
});

test('another trouble, and that of somebody else, is told too', () => {
  const { repeats } = fixture();

  const told = ['a', 'b'].flatMap((who) =>
    ['unreachable', 'conflict', 'unreachable', 'conflict'].map((what) => repeats.isNews(who, what)),
  );

  assert.deepEqual(told, [true, true, false, false, true, true, false, false]);
});

test('the end of what was told is told once', () => {
  const { repeats } = fixture();
  assert.equal(repeats.isOver('a'), false);

  repeats.isNews('a', 'unreachable');

  assert.deepEqual([repeats.isOver('a'), repeats.isOver('a')], [true, false]);
});

test('a trouble that comes and goes is told once, and its end once', async () => {
  const { clock, repeats } = fixture();
  let lines = 0;

  for (let time = 0; time < 30; time += 1) {
    if (repeats.isNews('a', 'unreachable')) lines += 1;
    await clock.advance(10_000);
    if (repeats.isOver('a')) lines += 1;
    await clock.advance(10_000);
  }

  assert.equal(lines, 2);
});

test('a trouble after a minute of health is a new one', async () => {
  const { clock, repeats } = fixture();
  repeats.isNews('a', 'unreachable');
  repeats.isOver('a');

  await clock.advance(60_000);

  assert.equal(repeats.isNews('a', 'unreachable'), true);
});

test('who is forgotten has no past', () => {
  const { repeats } = fixture();
  repeats.isNews('a', 'unreachable');

  repeats.forget('a');

  assert.deepEqual([repeats.isOver('a'), repeats.isNews('a', 'unreachable')], [false, true]);
});

test('the past of so many is kept, and that of the oldest forgotten first', () => {
  const { repeats } = fixture();
  for (let who = 0; who <= 4_096; who += 1) repeats.isNews(`${who}`, 'unreachable');

  assert.deepEqual(
    [repeats.isNews('4096', 'unreachable'), repeats.isNews('0', 'unreachable')],
    [false, true],
  );
});
