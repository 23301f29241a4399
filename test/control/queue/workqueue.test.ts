import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Workqueue, type WorkqueueObserver } from '../../../operator/control/queue/workqueue.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function aQueue(limits = {}) {
  const clock = createManualClock();
  const seen = { depth: 0, added: 0, waited: [] as number[], worked: [] as number[], retried: 0 };
  const observer: WorkqueueObserver = {
    depthChanged: (waiting) => (seen.depth = waiting),
    added: () => (seen.added += 1),
    taken: (waitedMs) => seen.waited.push(waitedMs),
    finished: (workedMs) => seen.worked.push(workedMs),
    retried: () => (seen.retried += 1),
  };
  return { clock, seen, queue: new Workqueue(clock, { limits, observer }) };
}

/** The keys that can be taken right now. Each is in work afterwards. */
async function takeAll(queue: Workqueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) {
    const key = await queue.take();
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

describe('keys', () => {
  test('leave in the order in which they came', async () => {
    const { queue } = aQueue();

    for (const key of ['b', 'a', 'c']) queue.add(key);

    assert.deepEqual(await takeAll(queue), ['b', 'a', 'c']);
  });

  test('a key that waits already is not added again', async () => {
    const { queue, seen } = aQueue();

    for (const key of ['a', 'b', 'a']) queue.add(key);

    assert.deepEqual(await takeAll(queue), ['a', 'b']);
    assert.equal(seen.added, 2);
  });

  test('a key is never in work twice; added meanwhile, it waits again after done', async () => {
    const { queue } = aQueue();
    queue.add('a');
    await queue.take();

    queue.add('a');
    queue.add('a');
    assert.equal(queue.depth, 0);

    queue.done('a');
    assert.deepEqual(await takeAll(queue), ['a']);
    queue.done('a');
    assert.equal(queue.depth, 0);
  });

  test('done for a key that nobody took changes nothing', async () => {
    const { queue, seen } = aQueue();
    queue.add('a');

    queue.done('a');
    queue.done('foreign');

    assert.equal(queue.depth, 1);
    assert.deepEqual(seen.worked, []);
  });
});

describe('take', () => {
  test('waits for a key, first come first served', async () => {
    const { queue } = aQueue();
    const takers = [queue.take(), queue.take()];

    queue.add('a');
    queue.add('b');

    assert.deepEqual(await Promise.all(takers), ['a', 'b']);
  });

  test('gives undefined once its signal aborts, and the key to the next taker', async () => {
    const { queue } = aQueue();
    const leaving = new AbortController();
    const gone = queue.take(leaving.signal);
    const stays = queue.take();

    leaving.abort();
    queue.add('a');

    assert.equal(await gone, undefined);
    assert.equal(await stays, 'a');
    assert.equal(await queue.take(leaving.signal), undefined);
  });
});

describe('delays', () => {
  test('a delayed key waits to be taken only after its delay', async () => {
    const { clock, queue } = aQueue();
    queue.addAfter('a', 1000);

    await clock.advance(999);
    assert.equal(queue.depth, 0);
    await clock.advance(1);

    assert.deepEqual(await takeAll(queue), ['a']);
  });

  for (const [first, second] of [
    [1000, 5000],
    [5000, 1000],
  ] as const) {
    test(`of ${first} ms and then ${second} ms the earlier wins, once`, async () => {
      const { clock, queue, seen } = aQueue();
      queue.addAfter('a', first);
      queue.addAfter('a', second);

      await clock.advance(1000);
      assert.equal(queue.depth, 1);
      await takeAll(queue);
      queue.done('a');
      await clock.advance(10_000);

      assert.equal(seen.added, 1);
    });
  }

  for (const delayMs of [0, -5, Number.NaN]) {
    test(`a delay of ${delayMs} ms means at once`, () => {
      const { queue } = aQueue();
      queue.addAfter('a', delayMs);
      assert.equal(queue.depth, 1);
    });
  }

  test('an add neither uses up nor moves a delay', async () => {
    const { clock, queue, seen } = aQueue();
    queue.addAfter('a', 1000);
    queue.add('a');
    await takeAll(queue);
    queue.done('a');

    await clock.advance(1000);

    assert.equal(seen.added, 2);
  });

  test('a delay beyond what a timer of Node can hold does not fire at once', () => {
    const { clock, queue } = aQueue();
    queue.addAfter('a', 1e12);
    assert.equal(clock.nextTimerInMs(), 2 ** 31 - 1);
  });
});

describe('failing keys', () => {
  test('wait 5 ms, then twice as long each time, at most 1000 s, until forgotten', () => {
    const { queue } = aQueue({ perSecond: 1e9 });
    const delays = Array.from({ length: 20 }, () => queue.addRateLimited('a'));

    assert.deepEqual(delays.slice(0, 4), [5, 10, 20, 40]);
    assert.deepEqual(delays.slice(17), [655_360, 1_000_000, 1_000_000]);
    assert.equal(queue.failures('a'), 20);

    queue.forget('a');
    assert.equal(queue.failures('a'), 0);
    assert.equal(queue.addRateLimited('a'), 5);
  });

  test('all together: 100 without a wait, then 10 in each second', async () => {
    const { clock, queue } = aQueue({ backoff: { baseMs: 0, capMs: 0, jitter: 0 } });
    const delays = Array.from({ length: 103 }, (_, index) => queue.addRateLimited(`key-${index}`));

    assert.deepEqual(delays.slice(98), [0, 0, 100, 200, 300]);

    await clock.advance(1300);
    assert.equal(queue.addRateLimited('later'), 0);
  });

  test('the bucket never holds more than its burst', async () => {
    const { clock, queue } = aQueue({ burst: 1, backoff: { baseMs: 0, capMs: 0, jitter: 0 } });
    await clock.advance(3_600_000);

    assert.deepEqual([queue.addRateLimited('a'), queue.addRateLimited('b')], [0, 100]);
  });

  test('wait at least as long as the server asked for', () => {
    const { queue } = aQueue();
    assert.equal(queue.addRateLimited('a', 30_000), 30_000);
  });

  test('do not overtake an earlier delay, and are counted as retries', async () => {
    const { clock, queue, seen } = aQueue();
    queue.addAfter('a', 1);
    queue.addRateLimited('a');

    await clock.advance(1);

    assert.equal(queue.depth, 1);
    assert.equal(seen.retried, 1);
  });
});

describe('the end', () => {
  test('stop drops what waits and what is delayed, and sends takers home', async () => {
    const { clock, queue, seen } = aQueue();
    const taker = aQueue().queue;
    const home = taker.take();
    queue.add('a');
    queue.addAfter('b', 1000);

    queue.stop();
    queue.stop();
    taker.stop();
    queue.add('c');
    queue.addAfter('d', 0);
    queue.addRateLimited('e');

    assert.equal(await home, undefined);
    assert.equal(await queue.take(), undefined);
    assert.equal(clock.pendingTimers(), 0);
    assert.deepEqual([queue.depth, seen.depth], [0, 0]);
  });

  test('drain resolves when the keys in hand are done, and takes none of them up again', async () => {
    const { clock, queue } = aQueue();
    for (const key of ['a', 'b']) queue.add(key);
    await takeAll(queue);
    queue.add('a');
    let drained = false;

    const end = queue.drain().then(() => (drained = true));
    queue.done('a');
    await clock.settle();
    assert.equal(drained, false);
    queue.done('b');
    await end;

    assert.equal(queue.depth, 0);
    await queue.drain();
  });
});

test('the observer learns depth, adds, waits and work; a scrape samples the work in hand', async () => {
  const { clock, queue, seen } = aQueue();
  queue.add('a');
  queue.add('b');
  assert.equal(seen.depth, 2);

  await clock.advance(40);
  await takeAll(queue);
  await clock.advance(60);
  queue.add('a');
  assert.deepEqual(queue.workInHand(), { unfinishedMs: 120, longestRunningMs: 60 });
  queue.done('a');
  await clock.advance(5);
  await queue.take();

  assert.deepEqual(seen, { depth: 0, added: 3, waited: [40, 40, 5], worked: [60], retried: 0 });
  assert.deepEqual(queue.workInHand(), { unfinishedMs: 65, longestRunningMs: 65 });
});

/** The contract once more, as slowly and plainly as possible. */
class Model {
  readonly waiting: string[] = [];
  readonly inWork = new Set<string>();
  readonly again = new Set<string>();
  readonly delayed = new Map<string, number>();

  add(key: string): void {
    if (this.inWork.has(key)) this.again.add(key);
    else if (!this.waiting.includes(key)) this.waiting.push(key);
  }

  done(key: string): void {
    if (!this.inWork.delete(key)) return;
    if (this.again.delete(key)) this.waiting.push(key);
  }

  pass(nowMs: number): void {
    const due = [...this.delayed].filter(([, atMs]) => atMs <= nowMs);
    for (const [key] of due.toSorted(([, a], [, b]) => a - b)) {
      this.delayed.delete(key);
      this.add(key);
    }
  }
}

const aKey = fc.constantFrom('a', 'b', 'c', 'd');
const aStep = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key: aKey }),
  fc.record({ kind: fc.constant('take' as const) }),
  fc.record({ kind: fc.constant('done' as const), key: aKey }),
  fc.record({
    kind: fc.constant('delay' as const),
    key: aKey,
    ms: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30 }) }),
);

test('agrees with a plain model in every order of adds, takes, delays and ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 60 }), async (steps) => {
      const { clock, queue } = aQueue();
      const model = new Model();
      for (const step of steps) {
        if (step.kind === 'add') {
          queue.add(step.key);
          model.add(step.key);
        } else if (step.kind === 'done') {
          queue.done(step.key);
          model.done(step.key);
        } else if (step.kind === 'delay') {
          queue.addAfter(step.key, step.ms);
          const dueAtMs = clock.nowMs() + step.ms;
          model.delayed.set(step.key, Math.min(dueAtMs, model.delayed.get(step.key) ?? dueAtMs));
        } else if (step.kind === 'pass') {
          // In steps of 1 ms, so that equal instants are the only ties; they may go either way.
          for (let ms = 0; ms < step.ms; ms += 1) await clock.advance(1);
          model.pass(clock.nowMs());
        } else if (model.waiting.length > 0) {
          const key = await queue.take();
          assert.ok(key !== undefined && model.waiting.includes(key), `took ${key}`);
          model.waiting.splice(model.waiting.indexOf(key), 1);
          assert.ok(!model.inWork.has(key), `${key} is in work twice`);
          model.inWork.add(key);
        }
        assert.equal(queue.depth, model.waiting.length);
      }
    }),
    { numRuns: 100 },
  );
});

describe('keys of several groups', () => {
  const groups = { of: (key: string) => key.slice(0, key.indexOf('/')), atOnce: 2 };

  /** Takes what there is to take, without waiting for more. */
  async function takeAll(queue: Workqueue, takers: number): Promise<readonly string[]> {
    const taken: string[] = [];
    for (let taker = 0; taker < takers; taker += 1) {
      void queue.take().then((key) => key !== undefined && taken.push(key));
    }
    await createManualClock().settle();
    return taken;
  }

  test('leave each other room, however many of one wait and however long they take', async () => {
    const queue = new Workqueue(createManualClock(), { groups });
    for (const key of ['slow/1', 'slow/2', 'slow/3', 'slow/4', 'other/1']) queue.add(key);

    assert.deepEqual(await takeAll(queue, 4), ['slow/1', 'slow/2', 'other/1']);

    queue.done('slow/1');
    await createManualClock().settle();
    assert.equal(queue.depth, 1);
    queue.stop();
  });

  test('leave in the order in which they came while there is room', async () => {
    const clock = createManualClock();
    const queue = new Workqueue(clock, { groups });
    for (const key of ['b/1', 'a/1', 'b/2', 'a/2']) {
      queue.add(key);
      await clock.advance(1);
    }

    assert.deepEqual(await takeAll(queue, 4), ['b/1', 'a/1', 'b/2', 'a/2']);
  });

  test('take turns without end when their work ends at once', async () => {
    const clock = createManualClock();
    const queue = new Workqueue(clock, { groups });
    const seen: string[] = [];
    for (let n = 0; n < 50; n += 1) {
      queue.add(`a/${n}`);
      queue.add(`b/${n}`);
    }
    const work = async () => {
      for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
        seen.push(key);
        queue.done(key);
      }
    };
    const workers = [work(), work(), work()];
    await clock.settle();

    assert.deepEqual([new Set(seen).size, queue.depth], [100, 0]);
    queue.stop();
    await Promise.all(workers);
  });
});
