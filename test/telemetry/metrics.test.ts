/** The table of metrics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_METRICS } from '../../operator/telemetry/families/client.ts';
import { CONTROLLER_METRICS } from '../../operator/telemetry/families/controller.ts';
import { INGRESSHA_METRICS } from '../../operator/telemetry/families/ingressha.ts';
import { PROCESS_METRICS } from '../../operator/telemetry/families/process.ts';
import { WORKQUEUE_METRICS } from '../../operator/telemetry/families/workqueue.ts';
import { createMetrics, METRICS } from '../../operator/telemetry/metrics.ts';

test('names follow the conventions: counters end in _total, and nothing else does', () => {
  for (const { name, type } of Object.values(METRICS)) {
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(name, /^[a-z][a-z_]*$/);
    assert.doesNotMatch(name, /milliseconds|_ms\b/);
  }
});

test('no name is in two families, under which one of them would be lost', () => {
  const families = [
    ...[CONTROLLER_METRICS, WORKQUEUE_METRICS, CLIENT_METRICS],
    ...[INGRESSHA_METRICS, PROCESS_METRICS],
  ];
  const keys = families.flatMap((family) => Object.keys(family));

  assert.deepEqual(keys, Object.keys(METRICS));
});

test('metrics are reached by name, with their labels', () => {
  const { metrics, registry } = createMetrics();

  metrics.reconcileTotal.inc({ controller: 'ha', result: 'success' });
  metrics.queueDepth.set({ name: 'ha', controller: 'ha' }, 2);
  metrics.reconcileTime.observe({ controller: 'ha' }, 0.2);

  const text = registry.expose();
  assert.ok(
    text.includes('controller_runtime_reconcile_total{controller="ha",result="success"} 1\n'),
  );
  assert.ok(text.includes('workqueue_depth{name="ha",controller="ha"} 2\n'));
  assert.ok(text.includes('controller_runtime_reconcile_time_seconds_count{controller="ha"} 1\n'));
});
