/** The operator as a whole: start, work, end. */
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { at } from '../e2e/support/an-object.ts';
import {
  ANY_PORT,
  aLease,
  anOperator,
  DEPLOYMENT,
  HOME,
  OWN_LEASE,
  SETTINGS,
  WATCHES,
} from '../support/an-operator.ts';

/** What an operator may take to end, once it is asked to. */
const STOP_LIMIT_MS = 5_000;

describe('an operator that starts', () => {
  test('serves its pages first, then watches, then leads, then works', async (t) => {
    const operator = await anOperator(t);

    await operator.works();

    const order = ['Started', 'Leadership acquired', 'Child written'].map((msg) =>
      operator.lines.findIndex((line) => line.msg === msg),
    );
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      order,
    );
    assert.ok(!order.includes(-1));
    const [firstWrite] = operator.writes();
    const { calls } = operator.api;
    const watched = calls.findIndex((call) => call.endsWith('?watch'));
    assert.ok(watched >= 0 && watched < calls.indexOf(firstWrite ?? ''));
    assert.notEqual(operator.api.object(DEPLOYMENT), undefined);
  });

  test('is healthy at once, and ready when its first lists are there', async (t) => {
    const operator = await anOperator(t, { lease: 'another' });
    operator.api.keepWaiting(/namespaces\/prod\//);
    const early = await operator.page('probes', '/readyz');
    assert.deepEqual(
      [(await operator.page('probes', '/healthz')).status, early.status],
      [200, 503],
    );
    assert.match(early.body, /no first list yet of prod/);

    operator.api.keepWaiting(undefined);
    await operator.until(() => operator.watches().length >= WATCHES, 'all watches');

    assert.equal((await operator.page('probes', '/readyz')).status, 200);
  });

  test('tells in its metrics who it is, and that it follows', async (t) => {
    const operator = await anOperator(t, { lease: 'another' });

    const { status, body } = await operator.page('metrics', '/metrics');

    assert.equal(status, 200);
    assert.match(body, /version="1\.2\.3"/);
    assert.match(body, /^leader_election_master_status\{.*\} 0$/m);
  });

  test('tries again as long as its credentials cannot be read, and says so', async (t) => {
    const operator = await anOperator(t, { access: 'when-told' });
    await operator.until(() => operator.logged('Watch interrupted') !== undefined, 'a word on it');
    assert.match(String(operator.logged('Watch interrupted')?.message), /no kubeconfig found/);
    assert.equal((await operator.page('probes', '/readyz')).status, 503);

    operator.tellAccess();
    await operator.works();

    assert.equal((await operator.page('probes', '/readyz')).status, 200);
  });

  for (const port of ['probeAddress', 'metricsAddress'] as const) {
    test(`does not start, and asks for nothing, when the port of ${port} is in use`, async (t) => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      t.after(() => taken.close());
      const address = taken.address() as AddressInfo;

      const operator = await anOperator(t, { [port]: { ...ANY_PORT, port: address.port } });
      const end = await operator.ended();

      assert.ok(end instanceof Error);
      assert.match(end.message, new RegExp(`${address.port}`));
      assert.deepEqual([operator.api.calls, operator.lines], [[], []]);
      assert.equal(operator.clock.pendingTimers(), 0);
    });
  }
});

describe('an operator that follows', () => {
  test('watches everything, and writes nothing', async (t) => {
    const operator = await anOperator(t, { lease: 'another' });

    await operator.until(() => operator.watches().length >= WATCHES, 'all watches');
    await operator.until(() => operator.clock.nowMs() > 5_000, 'some time');

    assert.equal(new Set(operator.watches()).size, WATCHES);
    assert.deepEqual(operator.writes(), []);
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), 'another');
  });

  test('goes on with what it has seen once the Lease has run out, without another list', async (t) => {
    const operator = await anOperator(t, { lease: 'another' });
    await operator.until(() => operator.watches().length >= WATCHES, 'all watches');
    const lists = () =>
      operator.api.calls.filter((call) => /^GET \S+\/(ingresscontrollerhas|pods)$/.test(call))
        .length;
    const before = lists();

    await operator.leads();
    await operator.works();

    assert.ok(operator.clock.nowMs() >= SETTINGS.leaseDurationMs);
    assert.equal(lists(), before);
  });

  test('ends as asked, and takes no Lease that is not its own', async (t) => {
    const operator = await anOperator(t, { lease: 'another' });
    await operator.until(() => operator.watches().length >= WATCHES, 'all watches');

    const { end, tookMs } = await operator.stopped();

    assert.equal(end, 'stopped');
    assert.ok(tookMs < STOP_LIMIT_MS);
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), 'another');
    assert.equal(operator.logged('Leadership released'), undefined);
  });
});

describe('an operator that is asked to stop', () => {
  test('releases its Lease, and leaves no port, no connection and no timer', async (t) => {
    const operator = await anOperator(t);
    await operator.works();
    const started = operator.logged('Started');

    const { end } = await operator.stopped();

    assert.equal(end, 'stopped');
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), '');
    assert.equal(operator.lines.at(-1)?.msg, 'Stopped');
    assert.equal(operator.clock.pendingTimers(), 0);
    await operator.until(() => operator.api.openConnections() === 0, 'the end of connections');
    for (const server of ['metrics', 'probes']) {
      await assert.rejects(fetch(`http://${started?.[server]}/`));
    }
  });

  test('finishes the write in hand', async (t) => {
    const operator = await anOperator(t);
    operator.api.keepWaiting(/^PATCH .*\/deployments\//);
    await operator.leads();
    await operator.until(() => operator.applies(DEPLOYMENT), 'the write');
    const begunAtMs = operator.clock.nowMs();

    const { end } = await operator.stopped(async () => {
      await operator.until(() => operator.clock.nowMs() > begunAtMs + 1_000, 'a second');
      operator.api.keepWaiting(undefined);
    });

    assert.equal(end, 'stopped');
    assert.notEqual(operator.api.object(DEPLOYMENT), undefined);
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), '');
  });

  test('gives up the write in hand that is not answered in two seconds', async (t) => {
    const operator = await anOperator(t);
    operator.api.keepWaiting(/^PATCH .*\/deployments\//);
    await operator.leads();
    await operator.until(() => operator.applies(DEPLOYMENT), 'the write');

    const { end, tookMs } = await operator.stopped();

    assert.equal(end, 'stopped');
    assert.ok(tookMs >= 2_000 && tookMs < STOP_LIMIT_MS, `${tookMs} ms`);
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), '');
    assert.equal(operator.clock.pendingTimers(), 0);
  });

  test('ends within five seconds although nothing answers it any more', async (t) => {
    const operator = await anOperator(t);
    await operator.works();
    operator.api.keepWaiting(/./);

    const { end, tookMs } = await operator.stopped();

    assert.equal(end, 'stopped');
    assert.ok(tookMs < STOP_LIMIT_MS, `${tookMs} ms`);
    assert.equal(operator.clock.pendingTimers(), 0);
  });

  test('before it has begun ends all the same', async (t) => {
    const operator = await anOperator(t);

    const { end } = await operator.stopped();

    assert.equal(end, 'stopped');
    assert.deepEqual(operator.writes(), []);
  });
});

describe('an operator that loses its leadership', () => {
  test('to somebody who has taken the Lease ends, and writes nothing more', async (t) => {
    const operator = await anOperator(t);
    await operator.works();

    operator.api.put(OWN_LEASE, aLease('another'));
    const written = operator.writes().length;
    assert.equal(await operator.ended(), 'lost');

    assert.equal(operator.writes().length, written);
    assert.equal(at(operator.api.object(OWN_LEASE), 'spec.holderIdentity'), 'another');
    assert.equal(operator.clock.pendingTimers(), 0);
  });

  test('since no renewal is answered ends at its deadline, and gives up the write in hand', async (t) => {
    const operator = await anOperator(t);
    operator.api.keepWaiting(/^PATCH .*\/deployments\//);
    await operator.leads();
    await operator.until(() => operator.applies(DEPLOYMENT), 'the write');
    const silentFromMs = operator.clock.nowMs();

    operator.api.keepWaiting(/./);
    assert.equal(await operator.ended(), 'lost');

    const tookMs = operator.clock.nowMs() - silentFromMs;
    const { renewDeadlineMs, retryPeriodMs } = SETTINGS;
    assert.ok(
      tookMs > renewDeadlineMs - retryPeriodMs && tookMs < renewDeadlineMs + 2_000,
      `${tookMs} ms`,
    );
    assert.equal(operator.api.object(DEPLOYMENT), undefined);
    assert.equal(operator.clock.pendingTimers(), 0);
  });
});

test('an operator that leads alone touches no Lease of its own', async (t) => {
  const operator = await anOperator(t, { election: { kind: 'lead-alone' } });
  await operator.works();

  const { end } = await operator.stopped();

  assert.equal(end, 'stopped');
  assert.deepEqual(
    operator.api.calls.filter((call) => call.includes(HOME)),
    [],
  );
  assert.equal(operator.clock.pendingTimers(), 0);
});
