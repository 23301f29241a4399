/** What a scrape shows from the start, how large it grows, and what it may cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInstruments } from '../../operator/app/instruments.ts';
import { CONTROLLER } from '../../operator/telemetry/metrics.ts';
import { aScrapedResource, aScrapedWorld, KEY } from '../support/a-scraped-world.ts';
import { createManualClock } from '../support/manual-clock.ts';

test('work, queue and election are counted from 0, as controller-runtime does', () => {
  const { instruments, lines } = aScrapedWorld();
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
  const { instruments, lines } = aScrapedWorld();
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

test('a thousand resources make a page that is scraped in a moment', (t) => {
  const { instruments, put } = aScrapedWorld();
  const types = ['Ready', 'LeaderElected', 'HighlyAvailable', 'SettingsSound'];
  const more = ['ElectionSettingsEffective', 'FailoverAssistReady'];
  const conditions = [...types, ...more].map((type) => ({
    ...{ type, status: 'True', reason: 'AsSpecified', message: 'M' },
  }));
  for (let index = 0; index < 1_000; index += 1) {
    const resource = aScrapedResource(conditions);
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
