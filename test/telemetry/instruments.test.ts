/** What a scrape shows of resources and of the work on them, from the first one on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LEASE_NAME } from '../../operator/api/lease-name.ts';
import { createInstruments, type Samples } from '../../operator/app/instruments.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  API_VERSION,
  IngressControllerHAKind,
  LeaseKind,
  RESOURCE_KIND,
} from '../../operator/base/resource-kinds.ts';
import { Caches } from '../../operator/control/cache/caches.ts';
import { sampleResources } from '../../operator/control/cache/sample-resources.ts';
import { CONTROLLER } from '../../operator/telemetry/metrics.ts';
import { identityOf } from '../support/a-holder.ts';
import { createManualClock } from '../support/manual-clock.ts';

const KEY = { namespace: 'edge', name: 'apisix' };
const OF = 'namespace="edge",name="apisix"';

/** Caches that a test fills, and the page that is made from them. */
function aWorld() {
  const clock = createManualClock();
  const caches = new Caches(clock, { enqueue: () => {} });
  const instruments = createInstruments('1.2.3', clock);
  const samples: Samples = {
    resources: () => sampleResources(caches, clock),
    leaders: () => [],
    missingRights: () => [],
    workInHand: () => ({ unfinishedMs: 0, longestRunningMs: 0 }),
  };
  instruments.sample(samples);
  return {
    clock,
    caches,
    instruments,
    put: (object: KubeObject) =>
      caches.deliver(object.kind === LeaseKind.kind ? LeaseKind : IngressControllerHAKind, {
        kind: 'add',
        object,
      }),
    remove: (last: KubeObject) => caches.deliver(IngressControllerHAKind, { kind: 'delete', last }),
    /** Sample lines of the metrics whose names begin so. */
    lines: (prefix: string) =>
      instruments
        .text()
        .split('\n')
        .filter((line) => line.startsWith(prefix)),
  };
}

function aResource(conditions: readonly object[] = [], mode = 'Assisted'): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: RESOURCE_KIND,
    metadata: { ...KEY, uid: 'u1' },
    spec: { failover: { mode } },
    status: { conditions },
  };
}

function aLease(holderIdentity: string): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: LeaseKind.kind,
    metadata: { ...KEY, name: DEFAULT_LEASE_NAME, labels: { 'ingressha.dev/name': KEY.name } },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
  };
}

test('work, queue and election are counted from 0, as controller-runtime does', () => {
  const { instruments, lines } = aWorld();
  instruments.electionObserver('ours');

  const queue = `{name="${CONTROLLER}",controller="${CONTROLLER}"}`;
  for (const line of [
    ...['success', 'error', 'requeue', 'requeue_after'].map(
      (result) =>
        `controller_runtime_reconcile_total{controller="${CONTROLLER}",result="${result}"} 0`,
    ),
    `controller_runtime_reconcile_errors_total{controller="${CONTROLLER}"} 0`,
    `controller_runtime_terminal_reconcile_errors_total{controller="${CONTROLLER}"} 0`,
    `controller_runtime_reconcile_panics_total{controller="${CONTROLLER}"} 0`,
    `controller_runtime_active_workers{controller="${CONTROLLER}"} 0`,
    `controller_runtime_reconcile_time_seconds_count{controller="${CONTROLLER}"} 0`,
    ...['depth', 'adds_total', 'retries_total', 'queue_duration_seconds_count'].map(
      (name) => `workqueue_${name}${queue} 0`,
    ),
    ...['work_duration_seconds_count', 'unfinished_work_seconds'].map(
      (name) => `workqueue_${name}${queue} 0`,
    ),
    `workqueue_longest_running_processor_seconds${queue} 0`,
    'leader_election_master_status{name="ours"} 0',
    'leader_election_slowpath_total{name="ours"} 0',
    'ingressha_build_info{version="1.2.3"} 1',
    'ingressha_resources 0',
  ]) {
    assert.ok(lines(line.split('{')[0] ?? '').includes(line), `no ${line}`);
  }
});

test('an operator that leads and then does not is told so', () => {
  const { instruments, lines } = aWorld();
  const observer = instruments.electionObserver('ours');

  observer.masterStatusChanged(1);
  assert.deepEqual(lines('leader_election_master'), [
    'leader_election_master_status{name="ours"} 1',
  ]);
  observer.masterStatusChanged(0);
  assert.deepEqual(lines('leader_election_master'), [
    'leader_election_master_status{name="ours"} 0',
  ]);
});

test('each condition has one series, which follows its status and goes with the resource', () => {
  const { put, remove, lines } = aWorld();
  const ready = { type: 'Ready', status: 'True', reason: 'AsSpecified', message: 'M' };
  put(aResource([ready, { type: 'Invented', status: 'True', reason: 'ByWhoever' }]));
  assert.deepEqual(lines('ingressha_condition'), [
    `ingressha_condition{${OF},type="Ready",status="True",reason="AsSpecified"} 1`,
  ]);

  const stalled = { type: 'Stalled', status: 'True', reason: 'ConfigRefused' };
  put(aResource([{ ...ready, status: 'False', reason: 'ConfigRefused' }, stalled]));
  assert.deepEqual(lines('ingressha_condition'), [
    `ingressha_condition{${OF},type="Ready",status="False",reason="ConfigRefused"} 1`,
    `ingressha_condition{${OF},type="Stalled",status="True",reason="ConfigRefused"} 1`,
  ]);

  remove(aResource());
  assert.deepEqual(lines('ingressha_condition'), []);
});

test('the Lease grows old until it is renewed, and has no age while nobody holds it', async () => {
  const { clock, put, lines } = aWorld();
  put(aResource());
  put(aLease(identityOf('pod-a')));
  await clock.advance(4_500);

  assert.deepEqual(lines('ingressha_lease'), [
    `ingressha_lease_age_seconds{${OF}} 4.5`,
    `ingressha_lease_duration_seconds{${OF}} 15`,
  ]);
  put(aLease(''));
  assert.deepEqual(lines('ingressha_lease'), []);
});

test('failovers are counted for their resource, by what was done and why, from 0', () => {
  const { instruments, put, remove, lines } = aWorld();
  put(aResource());
  const cleared = `ingressha_failovers_total{${OF},assist="Cleared",cause="PodDeleted"}`;
  const rare = `ingressha_failovers_total{${OF},assist="Cleared",cause="LeaseLost"}`;
  assert.ok(lines('ingressha_failovers').includes(`${cleared} 0`));
  assert.ok(!lines('ingressha_failovers').includes(`${rare} 0`));
  assert.deepEqual(lines('ingressha_leaderless_seconds_count'), [
    `ingressha_leaderless_seconds_count{${OF}} 0`,
  ]);

  const { failoverObserver: observer } = instruments;
  const record = { fromIdentity: 'a', toIdentity: 'b', winner: 'Standby', time: 'T' } as const;
  const took = { assist: 'Cleared', leaderlessMilliseconds: 2_400 } as const;
  observer.leaderChanged({ ...record, ...took, cause: 'PodDeleted' }, KEY);
  observer.leaderChanged({ ...record, assist: 'Cleared', cause: 'LeaseLost' }, KEY);
  observer.freed(20, KEY);
  observer.refused('suspended', KEY);

  for (const line of [
    `${cleared} 1`,
    `${rare} 1`,
    `ingressha_leaderless_seconds_bucket{${OF},le="2"} 0`,
    `ingressha_leaderless_seconds_bucket{${OF},le="3"} 1`,
    `ingressha_leaderless_seconds_count{${OF}} 1`,
    `ingressha_assist_seconds_sum{${OF}} 0.02`,
    `ingressha_assist_refused_total{${OF},reason="suspended"} 1`,
    `ingressha_assist_refused_total{${OF},reason="node-not-ready"} 0`,
  ]) {
    assert.ok(lines(line.split('{')[0] ?? '').includes(line), `no ${line}`);
  }

  remove(aResource());
  assert.deepEqual(
    lines('ingressha_').filter((line) => line.includes(OF)),
    [],
  );
});

test('only what the mode of failover can bring is expected', () => {
  const assists = (mode: string) => {
    const { put, lines } = aWorld();
    put(aResource([], mode));
    const found = lines('ingressha_failovers').map((line) => /assist="(\w+)"/.exec(line)?.[1]);
    return [...new Set(found)];
  };

  assert.deepEqual(assists('Assisted'), ['Cleared', 'Refused', 'NotNeeded']);
  assert.deepEqual(assists('Observe'), ['Observed', 'Refused', 'NotNeeded']);
  assert.deepEqual(assists('Disabled'), ['Disabled']);
});

test('what the settings ask for is no refusal, and every other reason is expected', () => {
  const { put, lines } = aWorld();
  put(aResource());

  const reasons = lines('ingressha_assist_refused').map(
    (line) => /reason="([\w-]+)"/.exec(line)?.[1],
  );
  assert.ok(reasons.includes('permission-denied') && reasons.includes('force-deleted'));
  assert.ok(!reasons.includes('disabled') && !reasons.includes('observe-only'));
});

test('a thousand resources make a page that is scraped in a moment', (t) => {
  const { instruments, put } = aWorld();
  const types = ['Ready', 'LeaderElected', 'HighlyAvailable', 'SettingsSound'];
  const more = ['ElectionSettingsEffective', 'FailoverAssistReady'];
  const conditions = [...types, ...more].map((type) => ({
    ...{ type, status: 'True', reason: 'AsSpecified', message: 'M' },
  }));
  for (let index = 0; index < 1_000; index += 1) {
    const resource = aResource(conditions);
    put({ ...resource, metadata: { ...KEY, name: `apisix-${index}`, uid: String(index) } });
  }
  instruments.text();

  const startedAtMs = performance.now();
  const page = instruments.text();
  const tookMs = performance.now() - startedAtMs;

  const mebibytes = page.length / 2 ** 20;
  const series = page.split('\n').filter((line) => !line.startsWith('#')).length - 1;
  t.diagnostic(`${series} series, ${mebibytes.toFixed(2)} MiB, ${tookMs.toFixed(0)} ms`);
  assert.ok(series < 80_000, `${series} series`);
  assert.ok(mebibytes < 10, `${mebibytes} MiB`);
});

test('scrapes without end cost a tenth of the time at most', () => {
  let nowMs = 0;
  let renders = 0;
  const instruments = createInstruments('1.2.3', { ...createManualClock(), nowMs: () => nowMs });
  instruments.sample({
    resources() {
      renders += 1;
      nowMs += 30; // what it takes to write the page
      return [];
    },
    leaders: () => [],
    missingRights: () => [],
    workInHand: () => ({ unfinishedMs: 0, longestRunningMs: 0 }),
  });
  renders = 0;

  for (; nowMs < 100_000; nowMs += 1) instruments.text();

  assert.ok(renders <= 100_000 / 30 / 10, `${renders} times`);
  assert.ok(renders > 100, `only ${renders} times`);
});
