/** What a drill remembers is bounded, and what it forgets makes no figure wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Evidence, LeaseSample } from '../../../operator/cli/drill/decide/evidence.ts';
import { MAX_SAMPLES, withSample } from '../../../operator/cli/drill/decide/lease-samples.ts';
import { measure } from '../../../operator/cli/drill/decide/measure.ts';

const WALL_MS = Date.parse('2026-01-01T00:00:00Z');

function remembered(samples: readonly LeaseSample[], most?: number): readonly LeaseSample[] {
  return samples.reduce<readonly LeaseSample[]>((all, one) => withSample(all, one, most), []);
}

/** One look each millisecond; `state` counts what the Lease has been. */
function sample(atMs: number, state: number, more: Partial<LeaseSample> = {}): LeaseSample {
  const record = {
    holderIdentity: ['old', '', 'new', 'new'][state] ?? 'later',
    acquireTime: state < 2 ? 'a' : 'b',
    renewTime: new Date(WALL_MS + state).toISOString(),
    leaseTransitions: state,
    ...(state === 2 && { renewTime: 'b' }),
  };
  return { atMs, wallMs: WALL_MS + atMs, record, ...more };
}

test('every look is remembered while there is room', () => {
  const samples = Array.from({ length: 500 }, (_, at) => sample(at, 0, { sentAtMs: at - 1 }));

  assert.deepEqual(remembered(samples), samples);
});

test('an hour of looks, and a Lease that never shows the same twice, stay within the bound', () => {
  let calm: readonly LeaseSample[] = [];
  let busy: readonly LeaseSample[] = [];
  for (let at = 0; at < 3 * 200; at += 1) {
    calm = withSample(calm, sample(at, 0, { sentAtMs: at - 1 }), 200);
    busy = withSample(busy, sample(at, at), 200);
    assert.ok(calm.length <= 200 && busy.length <= 200);
  }

  for (const samples of [calm, busy]) {
    assert.deepEqual([samples[0]?.atMs, samples.at(-1)?.atMs], [0, 599]);
    const times = samples.map(({ atMs }) => atMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
  assert.ok(MAX_SAMPLES <= 20_000);
});

test('the last read before another one leads is remembered, so a begin is told as closely as ever', () => {
  // Whichever of them makes room anew.
  for (let count = 41; count < 130; count += 1) {
    const samples = Array.from({ length: count }, (_, at) => sample(at, 0, { sentAtMs: at - 1 }));
    const after = [sample(count, 2), sample(count + 1, 3)];
    const evidence = { from: 'old', struckAtMs: 10 };

    const measured = measure({ ...evidence, leases: [...remembered(samples, 40), ...after] });

    assert.deepEqual(measured, measure({ ...evidence, leases: [...samples, ...after] }));
    assert.equal(measured?.begin.earliestMs, count - 2);
  }
});

test('the true span lies within what is measured after much was forgotten', () => {
  const moments = fc.record({
    counts: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 3, max: 60 }))),
    struckAt: fc.integer({ min: 0, max: 2 }),
    reads: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 240, maxLength: 240 }),
  });
  fc.assert(
    fc.property(moments, ({ counts, struckAt, reads }) => {
      let atMs = 0;
      const samples = counts.flatMap((count, state) =>
        Array.from({ length: count }, (_, at) => {
          atMs += 1;
          // The first sight of a state is told by the watch, as in a cluster.
          const lag = reads[atMs % reads.length] ?? 0;
          return sample(atMs, state, at === 0 || lag === 0 ? {} : { sentAtMs: atMs - lag });
        }),
      );
      const evidence = { from: 'old', struckAtMs: struckAt };
      const whole = measure({ ...evidence, leases: samples } satisfies Evidence);
      const less = measure({ ...evidence, leases: remembered(samples, 40) } satisfies Evidence);

      assert.ok(whole !== undefined && less !== undefined);
      assert.equal(less.to, whole.to);
      assert.ok(less.leaderless.atLeastMs <= whole.leaderless.atLeastMs);
      assert.ok(less.leaderless.atMostMs >= whole.leaderless.atMostMs);
    }),
  );
});
