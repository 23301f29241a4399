/** What the log says of a namespace that cannot be watched. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchErrorLog } from '../../../operator/kube/watch/watch-error-log.ts';
import { createLog } from '../../../operator/telemetry/log.ts';
import { createRepeats } from '../../../operator/telemetry/repeats.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const KINDS = ['IngressControllerHA', 'Deployment', 'Lease', 'Pod'];
const FORBIDDEN = { reason: 'forbidden', message: 'no RoleBinding', forMs: 8_000 };

function fixture() {
  const clock = createManualClock();
  const lines: { readonly msg: string; readonly [field: string]: unknown }[] = [];
  const log = createLog({ clock, write: (line) => lines.push(JSON.parse(line)) });
  const errorLog = createWatchErrorLog(log, createRepeats(clock));
  return {
    clock,
    errorLog,
    told: () => lines.map(({ msg, namespace, kind, reason }) => [msg, namespace, kind, reason]),
  };
}

test('a namespace that is gone writes one line, and then one every ten minutes', async () => {
  const { clock, errorLog, told } = fixture();

  for (; clock.nowMs() < 25 * 60_000; await clock.advance(8_000)) {
    for (const kind of KINDS) errorLog.failed({ kind, namespace: 'gone' }, FORBIDDEN);
  }

  const line = ['Watch interrupted', 'gone', 'IngressControllerHA', 'forbidden'];
  assert.deepEqual(told(), [line, line, line]);
});

test('another namespace has a line of its own', () => {
  const { errorLog, told } = fixture();

  for (const namespace of ['a', 'b']) errorLog.failed({ kind: 'Pod', namespace }, FORBIDDEN);

  assert.equal(told().length, 2);
});

test('one line says that all watches of a namespace go on', () => {
  const { errorLog, told } = fixture();
  for (const kind of KINDS) errorLog.failed({ kind, namespace: 'a' }, FORBIDDEN);
  for (const kind of KINDS.slice(1)) errorLog.recovered({ kind, namespace: 'a' });
  assert.equal(told().length, 1);

  for (const kind of KINDS) errorLog.recovered({ kind, namespace: 'a' });

  assert.deepEqual(told().slice(1), [['Watches go on', 'a', undefined, undefined]]);
});

test('watches without trouble write nothing', () => {
  const { errorLog, told } = fixture();

  for (const kind of KINDS) errorLog.recovered({ kind, namespace: 'a' });

  assert.deepEqual(told(), []);
});
