/** The text that Prometheus reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMetrics, METRICS } from '../../operator/telemetry/metrics.ts';
import { createRegistry } from '../../operator/telemetry/registry.ts';

test('a counter counts for each combination of labels', () => {
  const registry = createRegistry();
  const counter = registry.counter({
    name: 'calls_total',
    type: 'counter',
    help: 'Calls.',
    labels: ['code', 'method'],
  });

  counter.inc({ code: '200', method: 'GET' });
  counter.inc({ method: 'GET', code: '200' }, 2);
  counter.inc({ code: '404', method: 'GET' });

  assert.equal(
    registry.expose(),
    `# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{code="200",method="GET"} 3
calls_total{code="404",method="GET"} 1
`,
  );
  assert.equal(counter.value({ code: '500', method: 'GET' }), 0);
});

test('a metric without labels is there from the beginning, with 0', () => {
  const registry = createRegistry();
  registry.gauge({ name: 'up', type: 'gauge', help: 'Up.', labels: [] });

  assert.equal(registry.expose(), '# HELP up Up.\n# TYPE up gauge\nup 0\n');
});

test('a gauge is set, moved, removed and read at the scrape', () => {
  const registry = createRegistry();
  const gauge = registry.gauge({ name: 'depth', type: 'gauge', help: 'D.', labels: ['name'] });
  const values = () => registry.expose().trim().split('\n').slice(2);
  gauge.set({ name: 'a' }, 5);
  gauge.add({ name: 'a' }, -1.5);
  gauge.set({ name: 'b' }, 1);
  gauge.remove({ name: 'b' });
  const end = gauge.collect(() => [{ labels: { name: 'c' }, value: Number.POSITIVE_INFINITY }]);
  gauge.collect(() => {
    throw new Error('broken');
  });

  assert.deepEqual(values(), ['depth{name="a"} 3.5', 'depth{name="c"} +Inf']);
  end();
  assert.deepEqual(values(), ['depth{name="a"} 3.5']);
});

test('a histogram has cumulative buckets, a sum and a count', () => {
  const registry = createRegistry();
  const histogram = registry.histogram({
    name: 'time_seconds',
    type: 'histogram',
    help: 'T.',
    labels: ['name'],
    buckets: [0.1, 1],
  });

  for (const value of [0.1, 0.5, 3]) histogram.observe({ name: 'q' }, value);

  assert.deepEqual(registry.expose().trim().split('\n').slice(2), [
    'time_seconds_bucket{name="q",le="0.1"} 1',
    'time_seconds_bucket{name="q",le="1"} 2',
    'time_seconds_bucket{name="q",le="+Inf"} 3',
    'time_seconds_sum{name="q"} 3.6',
    'time_seconds_count{name="q"} 3',
  ]);
  assert.equal(histogram.count({ name: 'q' }), 3);
});

test('any label value and help text stays on its line and comes back unescaped', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, help) => {
      const registry = createRegistry();
      const gauge = registry.gauge({ name: 'g', type: 'gauge', help, labels: ['l'] });
      gauge.set({ l: value }, 1);

      const lines = registry.expose().split('\n');
      const escaped = /^g\{l="((?:[^"\\\n]|\\["\\n])*)"\} 1$/s.exec(lines[2] ?? '')?.[1];
      const read = escaped?.replaceAll(/\\(["\\n])/g, (_, one) => (one === 'n' ? '\n' : one));
      assert.equal(lines.length, 4);
      assert.equal(read, value);
    }),
  );
});

test('a name is declared once', () => {
  const registry = createRegistry();
  const declaration = { name: 'g', type: 'gauge', help: '', labels: [] } as const;
  registry.gauge(declaration);

  assert.throws(() => registry.gauge(declaration), /declared twice/);
});

test('every metric of the table is exposed under its type, with a help text that ends', () => {
  const { registry } = createMetrics();
  const text = registry.expose();

  for (const { name, type, help } of Object.values(METRICS)) {
    assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`), name);
    assert.match(help, /\.$/, name);
  }
});

test('names follow the conventions: counters end in _total, and nothing else does', () => {
  for (const { name, type } of Object.values(METRICS)) {
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(name, /^[a-z][a-z_]*$/);
    assert.doesNotMatch(name, /milliseconds|_ms\b/);
  }
});

test('buckets ascend', () => {
  for (const declaration of Object.values(METRICS)) {
    if (!('buckets' in declaration)) continue;
    const { buckets } = declaration;
    assert.deepEqual(
      buckets,
      buckets.toSorted((a, b) => a - b),
      declaration.name,
    );
  }
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
