/** What a worker makes of each ending of a pass: when the key comes back by itself, and what is counted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KubeError, type KubeFailure } from '../../../operator/base/failure.ts';
import { keyText } from '../../../operator/base/kube-object.ts';
import { CostlyKeys } from '../../../operator/control/queue/costly-keys.ts';
import { runWorker, type WorkerObserver } from '../../../operator/control/queue/worker.ts';
import { Workqueue } from '../../../operator/control/queue/workqueue.ts';
import type { Outcome } from '../../../operator/decide/plan/outcome.ts';
import { type LogFields, silentLog } from '../../../operator/telemetry/log.ts';
import { createRepeats } from '../../../operator/telemetry/repeats.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KEY = { namespace: 'prod', name: 'edge' };
const BACKOFF = { baseMs: 1_000, capMs: 8_000, jitter: 0 };

type Result = Parameters<WorkerObserver['ended']>[0];
type Answer = Outcome | { readonly kind: 'throw'; readonly error: unknown };

/** A worker that waits for keys, and whose passes end as they are told to, the last answer again and again. */
function aWorker(...answers: readonly Answer[]) {
  const clock = createManualClock();
  const queue = new Workqueue(clock, { textOf: keyText, limits: { backoff: BACKOFF } });
  const passes: { readonly key: string; readonly atMs: number }[] = [];
  const results: Result[] = [];
  const warnings: (LogFields | undefined)[] = [];
  const stopping = new AbortController();
  const running = runWorker(
    {
      queue,
      clock,
      costly: new CostlyKeys(clock),
      troubles: createRepeats(clock),
      log: { ...silentLog, warn: (_, fields) => warnings.push(fields) },
      observer: { started() {}, ended: (result) => results.push(result) },
      async reconcile({ namespace, name }) {
        const answer = answers[Math.min(passes.length, answers.length - 1)];
        passes.push({ key: `${namespace}/${name}`, atMs: clock.nowMs() });
        if (answer === undefined) throw new Error('No answer');
        if (answer.kind === 'throw') throw answer.error;
        return answer;
      },
    },
    stopping.signal,
  );
  return {
    clock,
    queue,
    passes,
    results,
    warnings,
    startedAtMs: () => passes.map(({ atMs }) => atMs),
    async end() {
      stopping.abort();
      queue.stop();
      await running;
    },
  };
}

const failed = (failure: KubeFailure): Outcome => ({ kind: 'failed', failure });
const settled: Outcome = { kind: 'settled' };
const conflict: KubeFailure = { kind: 'conflict', message: 'changed meanwhile' };
const noRight: KubeFailure = { kind: 'forbidden', message: 'no', cause: 'rights' };
const blocked: Outcome = {
  kind: 'terminal-error',
  terminalErrors: [{ reason: 'ImageRefused', message: 'not one of the allowed' }],
};
const untold = (failure: KubeFailure, outcome: Outcome): Outcome => ({
  kind: 'unreported',
  failure,
  outcome,
});

interface Case {
  readonly answer: Answer;
  /** Of the passes within a minute, one event at 0 s. */
  readonly atS: readonly number[];
  readonly result: Result;
}

const GROWING = [0, 1, 3, 7, 15, 23, 31, 39, 47, 55];
const EVERY_15_S = [0, 15, 30, 45, 60];

const cases: Readonly<Record<string, Case>> = {
  'settled for good never comes back': { answer: settled, atS: [0], result: 'success' },
  'settled until something is due comes back then': {
    answer: { kind: 'settled', requeueAfterMs: 25_000 },
    atS: [0, 25, 50],
    result: 'requeue_after',
  },
  'gone never comes back': { answer: { kind: 'gone' }, atS: [0], result: 'success' },
  'waiting for an event that may be lost comes back every 5 s': {
    answer: { kind: 'progressing', waitingFor: 'pods' },
    atS: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60],
    result: 'requeue_after',
  },
  'waiting for its turn comes back every 5 s': {
    answer: { kind: 'queued', behind: ['prod/other'] },
    atS: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60],
    result: 'requeue_after',
  },
  'blocked comes back every 15 s': { answer: blocked, atS: EVERY_15_S, result: 'requeue_after' },
  'failed comes back with growing pauses, up to the longest': {
    answer: failed(conflict),
    atS: GROWING,
    result: 'error',
  },
  'failed where the server asks for patience waits at least for that': {
    answer: failed({ kind: 'throttled', message: 'slow down', retryAfterMs: 20_000 }),
    atS: [0, 20, 40, 60],
    result: 'error',
  },
  'failed where only a person can help comes back every 15 s': {
    answer: failed(noRight),
    atS: EVERY_15_S,
    result: 'error',
  },
  'given up at the stop never comes back': {
    answer: failed({ kind: 'aborted', message: 'stopped' }),
    atS: [0],
    result: 'error',
  },
  'thrown at comes back like any failure': {
    answer: { kind: 'throw', error: new TypeError('x is not a function') },
    atS: GROWING,
    result: 'error',
  },
  'thrown at with what is no error does, too': {
    answer: { kind: 'throw', error: 'oh' },
    atS: GROWING,
    result: 'error',
  },
  'thrown at with a failure of the API server is answered like that failure': {
    answer: { kind: 'throw', error: new KubeError(noRight) },
    atS: EVERY_15_S,
    result: 'error',
  },
  'settled for good and not told comes back until it is told': {
    answer: untold(noRight, settled),
    atS: EVERY_15_S,
    result: 'error',
  },
  'blocked and not told for a moment comes back as the block asks': {
    answer: untold(conflict, blocked),
    atS: EVERY_15_S,
    result: 'error',
  },
  'failed and not told comes back with growing pauses': {
    answer: untold(noRight, failed(conflict)),
    atS: GROWING,
    result: 'error',
  },
};

describe('a pass that ends', () => {
  for (const [sentence, { answer, atS, result }] of Object.entries(cases)) {
    test(sentence, async () => {
      const worker = aWorker(answer);
      worker.queue.add(KEY);

      await worker.clock.advance(60_000);
      await worker.end();

      assert.deepEqual(
        worker.startedAtMs().map((atMs) => atMs / 1000),
        atS,
      );
      assert.deepEqual(new Set(worker.results), new Set([result]));
    });
  }
});

test('pauses begin anew after any pass that did not fail', async () => {
  const worker = aWorker(failed(conflict), failed(conflict), settled, failed(conflict), settled);
  worker.queue.add(KEY);
  await worker.clock.advance(10_000);
  worker.queue.add(KEY);
  await worker.clock.advance(10_000);
  await worker.end();

  assert.deepEqual(worker.startedAtMs(), [0, 1_000, 3_000, 10_000, 11_000]);
});

test('an event brings a key back at once, whatever it waits for', async () => {
  for (const answer of [blocked, failed(noRight), failed(conflict)]) {
    const worker = aWorker(answer);
    worker.queue.add(KEY);
    await worker.clock.advance(500);

    worker.queue.add(KEY);
    await worker.clock.settle();
    await worker.end();

    assert.deepEqual(worker.startedAtMs(), [0, 500]);
  }
});

test('a pass that throws ends neither the worker nor the passes over other keys', async () => {
  const worker = aWorker({ kind: 'throw', error: new Error('oh') }, settled);
  worker.queue.add({ namespace: 'prod', name: 'broken' });
  worker.queue.add({ namespace: 'prod', name: 'sound' });

  await worker.clock.settle();

  assert.deepEqual(
    worker.passes.map(({ key }) => key),
    ['prod/broken', 'prod/sound'],
  );
  assert.deepEqual(worker.results, ['error', 'success']);
  await worker.end();
});

test('what a pass has thrown is in the log, with its trace', async () => {
  const worker = aWorker({ kind: 'throw', error: new TypeError('x is not a function') });
  worker.queue.add(KEY);
  await worker.clock.settle();
  await worker.end();

  const [told] = worker.warnings;
  assert.deepEqual(
    [told?.resource, told?.kind, told?.message],
    ['prod/edge', 'bug', 'x is not a function'],
  );
  assert.match(String(told?.stack), /worker-answers\.test\.ts/);
});

test('what is given up at the stop is no news', async () => {
  const worker = aWorker(failed({ kind: 'aborted', message: 'stopped' }));
  worker.queue.add(KEY);
  await worker.clock.settle();
  await worker.end();

  assert.deepEqual(worker.warnings, []);
});

test('a worker takes no more keys once it is to stop', async () => {
  const worker = aWorker(settled);
  await worker.clock.settle();
  const ended = worker.end();
  worker.queue.add(KEY);

  await ended;

  assert.deepEqual(worker.passes, []);
});
