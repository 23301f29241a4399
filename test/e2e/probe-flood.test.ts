/**
 * Strangers flood the ports of an operator with requests that never end: its probes are answered, and
 * it keeps its Lease. By hand for longer: `PROBE_FLOOD_SECONDS=80 npm test -- test/e2e/probe-flood.test.ts`.
 */
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, test } from 'node:test';
import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { OPERATOR_LEASE } from '../../operator/desired/rights.ts';
import { startFlood } from '../support/half-open.ts';
import { ANSWER_HANG_MS } from '../support/hang-limits.ts';
import { at } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';

/** One probe a second: twenty times as often as the chart's liveness probe. */
const PROBES = Number(process.env.PROBE_FLOOD_SECONDS ?? 10);
/** What restarted every operator once, and more than a server holds. */
const FEW = 96;
const MANY = 500;

const e2e = await startHarness();
const operator = await e2e.startOperator();
const floods: ReturnType<typeof startFlood>[] = [];
after(() => {
  for (const flood of floods) flood.stop();
});

test('a flood of half-sent requests costs no probe and no Lease', async (t) => {
  const ports = await portsOf('probes', 'metrics');
  for (const port of ports) {
    floods.push(startFlood({ host: '127.0.0.1', port, connections: FEW }));
    floods.push(startFlood({ host: '127.0.0.1', port, connections: MANY, trickleEveryMs: 500 }));
  }
  const before = await lease();
  const tookMs: number[] = [];
  const failed: string[] = [];

  for (let probe = 0; probe < PROBES; probe += 1) {
    const startedAtMs = systemClock.nowMs();
    const answer = await ask(ports[0] ?? 0).catch((error: Error) => error.message);
    tookMs.push(systemClock.nowMs() - startedAtMs);
    if (answer !== 200) failed.push(`${probe}: ${answer}`);
    await systemClock.sleep(1_000);
  }

  const opened = floods.reduce((sum, flood) => sum + flood.opened(), 0);
  t.diagnostic(
    `${opened} connections, ${PROBES} probes, ${failed.length} failed, slowest ${Math.max(...tookMs).toFixed(0)} ms, RSS ${await residentMiB()} MiB`,
  );
  assert.deepEqual(failed, []);
  assert.ok(opened >= ports.length * (FEW + MANY), `only ${opened} connections`);
  assert.ok(operator.runs);
  assert.deepEqual(operator.log('Leadership lost'), []);
  const now = await lease();
  assert.equal(at(now, 'spec.holderIdentity'), at(before, 'spec.holderIdentity'));
  assert.equal(at(now, 'spec.leaseTransitions'), at(before, 'spec.leaseTransitions'));
  assert.notEqual(at(now, 'spec.renewTime'), at(before, 'spec.renewTime'));
  assert.equal((await operator.page('probes', '/readyz')).status, 200);
});

async function portsOf(...servers: readonly ('probes' | 'metrics')[]): Promise<readonly number[]> {
  const started = await operator.logged('Started');
  return servers.map((server) => Number(String(started[server]).split(':').at(-1)));
}

/** As a kubelet: a connection of its own, and so long for the answer. */
function ask(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/healthz', agent: false };
    const asked = get({ ...options, timeout: ANSWER_HANG_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', reject);
  });
}

function lease() {
  const { operatorNamespace: namespace } = operator;
  return e2e.admin.read(LeaseKind, { namespace, name: OPERATOR_LEASE });
}

async function residentMiB(): Promise<string> {
  const { body } = await operator.page('metrics', '/metrics');
  const bytes = /^process_resident_memory_bytes (\S+)/m.exec(body)?.[1];
  return (Number(bytes) / 2 ** 20).toFixed(0);
}
