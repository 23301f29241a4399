/** How a worker answers the endings of passes: what it counts, logs, and when the key comes back. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createInstruments } from '../../../operator/app/instruments.ts';
import { keyText } from '../../../operator/base/kube-object.ts';
import { CostlyKeys } from '../../../operator/control/queue/costly-keys.ts';
import { runWorker } from '../../../operator/control/queue/worker.ts';
import { Workqueue } from '../../../operator/control/queue/workqueue.ts';
import { type Outcome, terminalByBug } from '../../../operator/decide/plan/outcome.ts';
import { type LogFields, silentLog } from '../../../operator/telemetry/log.ts';
import { createRepeats } from '../../../operator/telemetry/repeats.ts';
import { createManualClock } from '../../support/manual-clock.ts';

async function passesOf(outcome: Outcome, forMs: number) {
  const clock = createManualClock();
  const queue = new Workqueue(clock, { textOf: keyText });
  const instruments = createInstruments('1', clock);
  const logged: (LogFields | undefined)[] = [];
  let passes = 0;
  const stopping = new AbortController();
  const running = runWorker(
    {
      queue,
      clock,
      costly: new CostlyKeys(clock),
      troubles: createRepeats(clock),
      log: { ...silentLog, warn: (_, fields) => logged.push(fields) },
      observer: instruments.workerObserver(1),
      async reconcile() {
        passes += 1;
        return outcome;
      },
    },
    stopping.signal,
  );
  queue.add({ namespace: 'ns', name: 'a' });
  await clock.advance(forMs);
  stopping.abort();
  queue.stop();
  await running;
  const count = (name: string) =>
    Number(
      new RegExp(`^controller_runtime_${name}\\{[^}]*\\} (\\d+)$`, 'm').exec(
        instruments.text(),
      )?.[1],
    );
  return { passes, logged, count };
}

const refused = { kind: 'forbidden', message: 'no', cause: 'rights' } as const;

describe('a pass whose status was refused', () => {
  test('counts as an error each time, comes back slowly, and leaves the log to whoever wrote', async () => {
    const outcome: Outcome = { kind: 'unreported', failure: refused, outcome: { kind: 'settled' } };

    const { passes, logged, count } = await passesOf(outcome, 31_000);

    assert.equal(passes, 3);
    assert.equal(count('reconcile_errors_total'), 3);
    assert.deepEqual(logged, []);
  });

  test('comes back when its own ending asks for it, if that is sooner', async () => {
    const inner: Outcome = { kind: 'progressing', waitingFor: 'pods' };

    const { passes } = await passesOf(
      { kind: 'unreported', failure: refused, outcome: inner },
      5_500,
    );

    assert.equal(passes, 2);
  });
});

test('a pass that a bug of ours blocks counts as one, and its trace is in the log', async () => {
  const bug = { kind: 'bug', message: 'oh', stack: 'Error: oh\n    at a' } as const;

  const { logged, count } = await passesOf(terminalByBug(bug, []), 1_000);

  assert.equal(count('reconcile_panics_total'), 1);
  assert.equal(count('terminal_reconcile_errors_total'), 1);
  assert.match(String(logged[0]?.stack), /at a/);
});
