/** When a key comes back, and what the log says of one that fails. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeFailure } from '../../../operator/base/failure.ts';
import { keyText } from '../../../operator/base/kube-object.ts';
import { CostlyKeys } from '../../../operator/control/queue/costly-keys.ts';
import { runWorker } from '../../../operator/control/queue/worker.ts';
import { Workqueue } from '../../../operator/control/queue/workqueue.ts';
import type { Outcome } from '../../../operator/decide/plan/outcome.ts';
import { createLog } from '../../../operator/telemetry/log.ts';
import { createRepeats } from '../../../operator/telemetry/repeats.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const DEADLINE_MS = 30_000;
const timeout: KubeFailure = { kind: 'timeout', message: 'no answer within 30 s' };
const refused: KubeFailure = { kind: 'unreachable', message: 'connect ECONNREFUSED' };
const settled: Outcome = { kind: 'settled' };
const failing = (failure: KubeFailure): Outcome => ({ kind: 'failed', failure });
const invalid: Outcome = {
  kind: 'terminal-error',
  terminalErrors: [{ reason: 'AdmissionDenied', message: 'too deep' }],
};

interface Pass {
  readonly outcome: Outcome;
  readonly tookMs?: number;
}

const KEY = { namespace: 'prod', name: 'edge' };

/** One worker, whose passes over `prod/edge` end as `next` says, with the caps of the operator. */
function aWorker(next: () => Pass) {
  const clock = createManualClock();
  const lines: { readonly msg: string; readonly [field: string]: unknown }[] = [];
  const log = createLog({ clock, write: (line) => lines.push(JSON.parse(line)) });
  const backoff = { baseMs: 5, capMs: 15_000, jitter: 0 };
  const queue = new Workqueue(clock, { textOf: keyText, limits: { backoff } });
  const costly = new CostlyKeys(clock);
  const startedAtMs: number[] = [];
  const stop = new AbortController();
  const running = runWorker(
    {
      queue,
      clock,
      log,
      costly,
      troubles: createRepeats(clock),
      observer: { started() {}, ended() {} },
      async reconcile() {
        startedAtMs.push(clock.nowMs());
        const { outcome, tookMs = 0 } = next();
        await clock.sleep(tookMs);
        return outcome;
      },
    },
    stop.signal,
  );
  return {
    clock,
    queue,
    lines,
    startedAtMs,
    costly,
    /** Moves time, while the API server answers others every two seconds, as it does our election. */
    async live(ms: number) {
      for (let passedMs = 0; passedMs < ms; passedMs += 2_000) {
        costly.answered('200');
        await clock.advance(2_000);
      }
    },
    /** Pauses between the end of one pass and the start of the next, in s. */
    pausesS: (tookMs: number) =>
      startedAtMs
        .slice(1)
        .map((atMs, index) => Math.round((atMs - (startedAtMs[index] ?? 0) - tookMs) / 1000)),
    async end() {
      stop.abort();
      queue.stop();
      await Promise.all([running, clock.advance(DEADLINE_MS)]);
    },
  };
}

describe('a resource whose own writes time out', () => {
  const itsOwn = () => ({ outcome: failing(timeout), tookMs: DEADLINE_MS });

  test('is left alone for longer each time, up to five minutes', async () => {
    const worker = aWorker(itsOwn);
    worker.queue.add(KEY);

    await worker.live(30 * 60_000);
    await worker.end();

    assert.deepEqual(worker.pausesS(DEADLINE_MS).slice(0, 6), [0, 60, 120, 240, 300, 300]);
  });

  test('comes back at once when somebody changes it', async () => {
    const worker = aWorker(itsOwn);
    worker.queue.add(KEY);
    await worker.live(12 * 60_000);
    const passes = worker.startedAtMs.length;
    const changedAtMs = worker.clock.nowMs();

    worker.queue.add(KEY);
    await worker.clock.settle();
    await worker.end();

    assert.deepEqual(worker.startedAtMs.slice(passes), [changedAtMs]);
  });

  test('is forgiven as soon as a pass succeeds', async () => {
    let outcome: Outcome = failing(timeout);
    const worker = aWorker(() => ({ outcome, tookMs: DEADLINE_MS }));
    worker.queue.add(KEY);
    await worker.live(10 * 60_000);
    outcome = settled;
    worker.queue.add(KEY);
    await worker.live(60_000);
    outcome = failing(timeout);
    const passes = worker.startedAtMs.length;

    worker.queue.add(KEY);
    await worker.live(60_000);
    await worker.end();

    const [first = 0, second = 0] = worker.startedAtMs.slice(passes);
    assert.ok(second - first - DEADLINE_MS < 15_000);
  });
});

test('a resource that is refused after many seconds is looked at every minutes, too', async () => {
  const worker = aWorker(() => ({ outcome: invalid, tookMs: 11_000 }));
  worker.queue.add(KEY);

  await worker.live(15 * 60_000);
  await worker.end();

  assert.deepEqual(worker.pausesS(11_000).slice(0, 6), [15, 22, 44, 88, 110, 110]);
});

describe('what all suffer from brings a key back within fifteen seconds', () => {
  const common: Readonly<Record<string, Pass>> = {
    'an API server that is away': { outcome: failing(refused) },
    'one that answers nobody': { outcome: failing(timeout), tookMs: DEADLINE_MS },
    'a connection that breaks late': { outcome: failing(refused), tookMs: DEADLINE_MS },
    'a proxy that answers for one that is away': {
      outcome: failing({ kind: 'server-error', message: 'Bad gateway' }),
      tookMs: DEADLINE_MS,
    },
  };
  for (const [sentence, pass] of Object.entries(common)) {
    test(sentence, async () => {
      const worker = aWorker(() => pass);
      worker.queue.add(KEY);

      await worker.clock.advance(20 * 60_000);
      await worker.end();

      assert.ok(Math.max(...worker.pausesS(pass.tookMs ?? 0)) <= 15);
    });
  }

  const ordinary: readonly KubeFailure[] = [
    { kind: 'conflict', message: 'changed' },
    { kind: 'server-error', message: 'etcd is slow' },
    { kind: 'bug', message: 'TypeError' },
  ];
  for (const failure of ordinary) {
    test(`an ordinary ${failure.kind}`, async () => {
      const worker = aWorker(() => ({ outcome: failing(failure), tookMs: 200 }));
      worker.queue.add(KEY);

      await worker.live(20 * 60_000);
      await worker.end();

      assert.ok(Math.max(...worker.pausesS(200)) <= 15);
    });
  }
});

describe('the log of a resource that fails on', () => {
  test('says so once, every ten minutes, and when it is over', async () => {
    let outcome: Outcome = failing(refused);
    const worker = aWorker(() => ({ outcome }));
    worker.queue.add(KEY);
    await worker.clock.advance(25 * 60_000);
    assert.ok(worker.startedAtMs.length > 90);

    outcome = settled;
    await worker.clock.advance(20_000);
    await worker.end();

    assert.deepEqual(
      worker.lines.map(({ msg, level, resource }) => [msg, level, resource]),
      [
        ...Array.from({ length: 3 }, () => ['Pass failed', 'warn', 'prod/edge']),
        ['Passes succeed again', 'info', 'prod/edge'],
      ],
    );
  });

  test('tells each kind of failure', async () => {
    const kinds = [failing(refused), failing(timeout)];
    let passes = 0;
    const worker = aWorker(() => ({ outcome: kinds[passes++ % 2] ?? settled }));
    worker.queue.add(KEY);

    await worker.clock.advance(5 * 60_000);
    await worker.end();

    assert.deepEqual(
      worker.lines.map(({ kind }) => kind),
      ['unreachable', 'timeout'],
    );
  });
});
