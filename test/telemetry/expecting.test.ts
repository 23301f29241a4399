/** Series that are there before anything was counted, and go with what they are about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../operator/telemetry/declare.ts';
import { createRegistry } from '../../operator/telemetry/registry.ts';

type Owner = 'namespace' | 'name';

/** A counter and a histogram of owners that tests add and take away. */
function aWorld() {
  const registry = createRegistry();
  const owners: Labels<Owner>[] = [];
  const about = { type: 'counter', help: 'H.', owner: 2 } as const;
  const counter = registry.counter({
    ...{ ...about, name: 'refused_total' },
    labels: ['namespace', 'name', 'reason'],
  });
  counter.expect(() => owners.map((owner) => ({ ...owner, reason: 'doubt' })));
  const histogram = registry.histogram({
    ...{ ...about, name: 'time_seconds', type: 'histogram', buckets: [1] },
    labels: ['namespace', 'name'],
  });
  histogram.expect(() => owners);
  const samples = (metric: string) =>
    registry
      .expose()
      .split('\n')
      .filter((line) => line.startsWith(`${metric}`));
  return { owners, counter, histogram, samples };
}

const A = { namespace: 'ns', name: 'a' };
const B = { namespace: 'ns', name: 'b' };

test('what is expected is shown with 0, and counts from there', () => {
  const { owners, counter, samples } = aWorld();
  owners.push(A);

  assert.deepEqual(samples('refused'), ['refused_total{namespace="ns",name="a",reason="doubt"} 0']);
  counter.inc({ ...A, reason: 'doubt' });
  assert.deepEqual(samples('refused'), ['refused_total{namespace="ns",name="a",reason="doubt"} 1']);
});

test('a histogram is expected with all of its buckets', () => {
  const { owners, histogram, samples } = aWorld();
  owners.push(A);
  assert.equal(histogram.count(A), 0);

  assert.deepEqual(samples('time'), [
    'time_seconds_bucket{namespace="ns",name="a",le="1"} 0',
    'time_seconds_bucket{namespace="ns",name="a",le="+Inf"} 0',
    'time_seconds_sum{namespace="ns",name="a"} 0',
    'time_seconds_count{namespace="ns",name="a"} 0',
  ]);
});

test('what nobody expected of an owner is shown once it was counted', () => {
  const { owners, counter, samples } = aWorld();
  owners.push(A);

  counter.inc({ ...A, reason: 'surprise' }, 2);

  assert.deepEqual(samples('refused'), [
    'refused_total{namespace="ns",name="a",reason="doubt"} 0',
    'refused_total{namespace="ns",name="a",reason="surprise"} 2',
  ]);
});

test('all series of an owner go with it, and those of others stay', () => {
  const { owners, counter, histogram, samples } = aWorld();
  owners.push(A, B);
  for (const owner of owners) {
    counter.inc({ ...owner, reason: 'surprise' });
    histogram.observe(owner, 0.5);
  }

  owners.shift();

  assert.deepEqual(samples('refused'), [
    'refused_total{namespace="ns",name="b",reason="doubt"} 0',
    'refused_total{namespace="ns",name="b",reason="surprise"} 1',
  ]);
  assert.ok(samples('time').every((line) => line.includes('name="b"')));
  assert.equal(histogram.count(A), 0);
});

test('an owner that comes back begins anew', () => {
  const { owners, counter, samples } = aWorld();
  owners.push(A);
  counter.inc({ ...A, reason: 'doubt' }, 7);
  owners.pop();
  samples('refused');

  owners.push(A);

  assert.deepEqual(samples('refused'), ['refused_total{namespace="ns",name="a",reason="doubt"} 0']);
});

test('names that could be taken for one another are kept apart', () => {
  const { owners, counter, samples } = aWorld();
  const tricky = { namespace: 'ns', name: 'a",reason="x' };
  owners.push(tricky);
  counter.inc({ ...A, reason: 'x' });

  assert.deepEqual(samples('refused'), [
    String.raw`refused_total{namespace="ns",name="a\",reason=\"x",reason="doubt"} 0`,
  ]);
});

test('nothing piles up where nobody scrapes', () => {
  const { owners, counter } = aWorld();
  owners.push(A);
  counter.inc({ ...A, reason: 'doubt' });

  const gone = Array.from({ length: 5_000 }, (_, index) => ({
    namespace: 'ns',
    name: `gone-${index}`,
    reason: 'doubt',
  }));
  for (const labels of gone) counter.inc(labels);

  const kept = gone.filter((labels) => counter.value(labels) > 0);
  assert.ok(kept.length <= 1_024, `${kept.length} are kept`);
  assert.equal(counter.value({ ...A, reason: 'doubt' }), 1);
});
