/** One line of JSON for each message, and never a throw. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogLevel } from '../../operator/telemetry/log.ts';
import { createManualClock } from '../support/manual-clock.ts';

function fixture(level?: LogLevel) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const options = { write, clock: createManualClock() };
  const log = createLog(level === undefined ? options : { ...options, level });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

test('a line holds the time, the level, the message and the fields, in this order', () => {
  const { log, lines } = fixture();

  log.info('Lease cleared', { holder: 'edge-1', quietForMs: 2500 });

  assert.deepEqual(lines, [
    '{"ts":"2026-01-01T00:00:00.000Z","level":"info","msg":"Lease cleared","holder":"edge-1","quietForMs":2500}\n',
  ]);
});

test('lines below the level are not written; it is info by default', () => {
  const [normal, quiet] = [fixture(), fixture('error')];

  for (const { log } of [normal, quiet]) {
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
  }

  assert.deepEqual(
    normal.parsed().map(({ level }) => level),
    ['info', 'warn', 'error'],
  );
  assert.deepEqual(
    quiet.parsed().map(({ level }) => level),
    ['error'],
  );
});

test('a log with fields carries them on every line, its parent does not', () => {
  const { log, parsed } = fixture();

  const child = log.with({ namespace: 'prod' }).with({ name: 'edge' });
  child.info('a', { name: 'other' });
  log.info('b');

  const [first, second] = parsed();
  assert.deepEqual([first.namespace, first.name], ['prod', 'other']);
  assert.equal('namespace' in second, false);
});

test('an error becomes its message, stack and causes', () => {
  const { log, parsed } = fixture();

  log.error('Reconcile failed', { error: new Error('outer', { cause: new Error('inner') }) });

  const [{ error }] = parsed();
  assert.equal(error.message, 'outer');
  assert.match(error.stack, /^Error: outer\n/);
  assert.equal(error.cause.message, 'inner');
});

test('what cannot be serialised costs its fields, not the line', () => {
  const { log, parsed } = fixture();
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  log.warn('Odd', { circular });
  log.warn('Large', { count: 2n ** 64n });

  const [odd, large] = parsed();
  assert.equal(odd.msg, 'Odd');
  assert.match(odd.unserialisable, /circular/i);
  assert.equal(large.count, '18446744073709551616');
});

test('line breaks in a message stay within the line', () => {
  const { log, lines } = fixture();

  log.info('two\nlines');

  assert.equal(lines.join('').split('\n').length, 2);
});
