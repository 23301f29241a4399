/** The operator as a whole, against a fake API server and by a clock that the test moves: start, work, end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as realTime } from 'node:timers/promises';
import { CRD_NAME, customResourceDefinition } from '../../operator/api/crd.ts';
import type { Config } from '../../operator/app/config.ts';
import { type OperatorEnd, runOperator } from '../../operator/app/operator.ts';
import type { ListenAddress } from '../../operator/app/server.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { API_VERSION, CHILD_KINDS, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_POLICY } from '../../operator/desired/installer.ts';
import { createLog, type LogFields } from '../../operator/telemetry/log.ts';
import { at } from '../e2e/support/an-object.ts';
import { type FakeApiServer, startFakeApiServer } from '../support/fake-api-server.ts';
import { ANSWER_HANG_MS } from '../support/hang-limits.ts';
import { createManualClock } from '../support/manual-clock.ts';

const HOME = 'ingress-ha-system';
const OWN_LEASE = `/apis/coordination.k8s.io/v1/namespaces/${HOME}/leases/operator`;
const EDGE = `/apis/${API_VERSION}/namespaces/prod/ingresscontrollerhas/edge`;
const DEPLOYMENT = '/apis/apps/v1/namespaces/prod/deployments/edge-icha';
const CRD = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${CRD_NAME}`;
/** Resources, each kind of child, pods. */
const WATCHES = CHILD_KINDS.length + 2;
const SETTINGS = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };
/** What an operator may take to end, once it is asked to. */
const STOP_LIMIT_MS = 5_000;
const ANY_PORT: ListenAddress = { kind: 'listen', host: '127.0.0.1', port: 0 };
/** How far time goes on while one answer is on its way: no deadline passes only for that. */
const STEP_MS = 20;

type Line = LogFields & { readonly msg: string };

function aLease(holderIdentity: string): KubeObject {
  const renewTime = '2026-01-01T00:00:00.000000Z';
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'operator', namespace: HOME },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime, leaseTransitions: 0 },
  };
}

function aResource(): KubeObject {
  const metadata = { name: 'edge', namespace: 'prod' };
  return { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata, spec: { replicas: 0 } };
}

function configFor(t: TestContext, { url }: FakeApiServer, changes: Partial<Config>): Config {
  const folder = mkdtempSync(join(tmpdir(), 'operator-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig');
  const kubeconfig = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: url } }],
    users: [{ name: 'a', user: {} }],
  };
  writeFileSync(file, JSON.stringify(kubeconfig));
  return {
    namespaces: ['prod'],
    operatorNamespace: HOME,
    credentials: { kind: 'kubeconfig', files: [file] },
    policy: { ...DEFAULT_POLICY, ownLease: { namespace: HOME, name: 'operator' } },
    workers: 2,
    maxConcurrentRollouts: 1,
    metricsAddress: ANY_PORT,
    probeAddress: ANY_PORT,
    election: { kind: 'elect', leaseName: 'operator', settings: SETTINGS },
    logLevel: 'info',
    ...changes,
  };
}

/** An operator that has been started; it ends with the test, if it has not before. */
async function anOperator(
  t: TestContext,
  {
    lease,
    ...changes
  }: Partial<Config> & {
    /** Who holds its Lease; undefined: there is none. */ readonly lease?: string;
  } = {},
) {
  const api = await startFakeApiServer();
  t.after(() => api.close());
  api.put(CRD, customResourceDefinition());
  api.put(EDGE, aResource());
  if (lease !== undefined) api.put(OWN_LEASE, aLease(lease));
  const clock = createManualClock();
  const lines: Line[] = [];
  const stop = new AbortController();
  let end: OperatorEnd | Error | undefined;
  const ended = runOperator(
    {
      config: configFor(t, api, changes),
      clock,
      random: () => 0.5,
      log: createLog({ clock, write: (line) => lines.push(JSON.parse(line)) }),
      version: '1.2.3',
    },
    stop.signal,
  ).then(
    (how) => (end = how),
    (error: Error) => (end = error),
  );
  const logged = (msg: string) => lines.find((line) => line.msg === msg);
  /** Time goes on, in small steps, until this is so; fails only when it never comes. */
  async function until(fact: () => boolean, what: string): Promise<void> {
    const giveUpAtMs = performance.now() + ANSWER_HANG_MS;
    while (!fact()) {
      if (performance.now() > giveUpAtMs) throw new Error(`Waited in vain for ${what}`);
      await clock.advance(STEP_MS);
      await realTime(1); // for what is on its way between the two
    }
  }
  t.after(async () => {
    stop.abort();
    await until(() => end !== undefined, 'the end');
  });
  const writes = () => api.calls.filter((call) => !call.startsWith('GET') && !call.includes(HOME));
  return {
    api,
    clock,
    lines,
    logged,
    until,
    writes,
    /** Whether an apply of this object has been sent. */
    applies: (path: string) => writes().includes(`PATCH ${path}`),
    leads: () => until(() => logged('Leadership acquired') !== undefined, 'leadership'),
    works: () => until(() => at(api.object(EDGE), 'status.conditions') !== undefined, 'a status'),
    watches: () => api.calls.filter((call) => call.endsWith('?watch')),
    async page(server: 'probes' | 'metrics', path: string) {
      await until(() => logged('Started') !== undefined, 'the start');
      const response = await fetch(`http://${logged('Started')?.[server]}${path}`);
      return { status: response.status, body: await response.text() };
    },
    /** Asks it to stop, and tells how it ended and how long that took by its own clock. */
    async stopped(meanwhile: () => Promise<void> = async () => {}) {
      const askedAtMs = clock.nowMs();
      stop.abort();
      await meanwhile();
      await until(() => end !== undefined, 'the end');
      return { end, tookMs: clock.nowMs() - askedAtMs };
    },
    async ended() {
      await until(() => end !== undefined, 'the end');
      await ended;
      return end;
    },
    end: () => end,
  };
}

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
