import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limited } from './limited.ts';

test('only so much runs at once, the rest in its order, also after a failure', async () => {
  const run = limited(2);
  const ends: PromiseWithResolvers<void>[] = [];
  const begun: number[] = [];
  const works = [1, 2, 3, 4].map((number) =>
    run(async () => {
      begun.push(number);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return number;
    }),
  );
  const results = Promise.allSettled(works);

  assert.deepEqual(begun, [1, 2]);
  ends[1]?.reject(new Error('broken'));
  await assert.rejects(works[1] ?? Promise.resolve(), /broken/);
  assert.deepEqual(begun, [1, 2, 3]);
  ends[0]?.resolve();
  await works[0];
  assert.deepEqual(begun, [1, 2, 3, 4]);
  ends[2]?.resolve();
  ends[3]?.resolve();
  const states = (await results).map(({ status }) => status);
  assert.deepEqual(states, ['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
