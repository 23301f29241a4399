/** What a registry promises: see the head of operator/telemetry/registry.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMetrics, METRICS } from '../../operator/telemetry/metrics.ts';
import { createRegistry } from '../../operator/telemetry/registry.ts';

/** A gauge of a registry of its own, and its sample lines. */
function aGauge() {
  const registry = createRegistry();
  const gauge = registry.gauge({ name: 'depth', type: 'gauge', help: 'D.', labels: ['name'] });
  return { gauge, samples: () => registry.expose().trim().split('\n').slice(2) };
}

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

test('a gauge is set, moved and removed', () => {
  const { gauge, samples } = aGauge();
  gauge.set({ name: 'a' }, 5);
  gauge.add({ name: 'a' }, -1.5);
  gauge.set({ name: 'b' }, 1);
  gauge.remove({ name: 'b' });

  assert.deepEqual(samples(), ['depth{name="a"} 3.5']);
  assert.equal(gauge.value({ name: 'b' }), 0);
});

test('a value that is told at the scrape is shown until its reader ends', () => {
  const { gauge, samples } = aGauge();
  const end = gauge.collect(() => [{ labels: { name: 'c' }, value: Number.POSITIVE_INFINITY }]);

  assert.deepEqual(samples(), ['depth{name="c"} +Inf']);
  end();
  assert.deepEqual(samples(), []);
});

test('what is told at the scrape goes before what was set with the same labels', () => {
  const { gauge, samples } = aGauge();
  gauge.set({ name: 'a' }, 1);
  gauge.set({ name: 'b' }, 1);
  gauge.collect(() => [{ labels: { name: 'a' }, value: 2 }]);

  assert.deepEqual(samples(), ['depth{name="b"} 1', 'depth{name="a"} 2']);
});

test('a reader that throws loses its own samples and nothing else', () => {
  const { gauge, samples } = aGauge();
  gauge.set({ name: 'a' }, 1);
  gauge.collect(() => {
    throw new Error('broken');
  });
  gauge.collect(() => [{ labels: { name: 'c' }, value: 3 }]);

  assert.deepEqual(samples(), ['depth{name="a"} 1', 'depth{name="c"} 3']);
});

test('metrics stand in the order of their declarations, whichever was counted first', () => {
  const registry = createRegistry();
  const about = { type: 'gauge', help: 'H.', labels: [] } as const;
  const [first, second] = ['b', 'a'].map((name) => registry.gauge({ ...about, name }));
  second?.set({}, 2);
  first?.set({}, 1);

  assert.deepEqual(registry.expose().match(/^[ab] .*/gm), ['b 1', 'a 2']);
  assert.equal(registry.expose(), registry.expose());
});

test('two registries share nothing', () => {
  const [one, other] = [aGauge(), aGauge()];
  one.gauge.set({ name: 'a' }, 1);

  assert.deepEqual(other.samples(), []);
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
