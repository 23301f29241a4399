/** When our own CRD is looked at, and who hears of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { watchOwnCrd } from '../../operator/app/crd-check.ts';
import { KubeError } from '../../operator/base/failure.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { silentLog } from '../../operator/telemetry/log.ts';
import { at } from '../e2e/support/an-object.ts';
import { createManualClock } from '../support/manual-clock.ts';

function outdated(): KubeObject {
  const crd = structuredClone(customResourceDefinition());
  const status = at(crd, 'spec.versions[0].schema.openAPIV3Schema.properties.status.properties');
  delete (status as Record<string, unknown>).election;
  return crd;
}

function aCheck() {
  const clock = createManualClock();
  const seen = {
    live: customResourceDefinition(),
    looks: 0,
    changes: 0,
    warnings: 0,
    away: false,
    why: 'away',
  };
  const check = watchOwnCrd({
    clock,
    log: {
      ...silentLog,
      warn: () => {
        seen.warnings += 1;
      },
    },
    client: {
      async get() {
        seen.looks += 1;
        if (seen.away) throw new KubeError({ kind: 'unreachable', message: seen.why });
        return seen.live;
      },
    },
    onChange: () => {
      seen.changes += 1;
    },
  });
  return { clock, seen, check };
}

describe('the live CRD', () => {
  test('is looked at at the start and every ten minutes, and no more often', async () => {
    const { clock, seen, check } = aCheck();
    check.start();
    await clock.advance(3_599_000);

    assert.equal(seen.looks, 6);
    assert.equal(seen.changes, 1);
    assert.ok(check.statusSchema());
    check.stop();
    assert.equal(clock.pendingTimers(), 0);
  });

  test('is looked at each minute while it is outdated, and told once when that ends', async () => {
    const { clock, seen, check } = aCheck();
    seen.live = outdated();
    check.start();
    await clock.advance(1_000);
    assert.equal(check.advice()[0]?.reason, 'CRDOutdated');

    seen.live = customResourceDefinition();
    await clock.advance(60_000);

    assert.deepEqual(check.advice(), []);
    assert.deepEqual([seen.looks, seen.changes], [2, 2]);
    check.stop();
  });

  test('is looked at once for all who ask at a time, and once more for those who came late', async () => {
    const { clock, seen, check } = aCheck();
    check.start();
    await clock.advance(5_000);

    await Promise.all(Array.from({ length: 1_000 }, () => check.refresh()));
    seen.live = outdated();
    await check.refresh();
    assert.equal(seen.looks, 2);

    await clock.advance(1_000);
    assert.equal(seen.looks, 3);
    assert.equal(check.advice().length, 1);
    check.stop();
    assert.equal(clock.pendingTimers(), 0);
  });

  test('that cannot be read is asked for each minute, and that is logged once', async () => {
    const { clock, seen, check } = aCheck();
    seen.away = true;
    check.start();
    await clock.advance(121_000);
    assert.deepEqual([seen.looks, seen.warnings, seen.changes], [3, 1, 0]);

    seen.away = false;
    await clock.advance(60_000);
    assert.equal(seen.changes, 1);
    check.stop();
  });

  test('is not looked at after the stop', async () => {
    const { clock, seen, check } = aCheck();
    check.start();
    await clock.advance(1);
    check.stop();

    await check.refresh();
    await clock.advance(3_600_000);

    assert.equal(seen.looks, 1);
  });

  test('that cannot be read any more is taken to be as it was', async () => {
    const { clock, seen, check } = aCheck();
    seen.live = outdated();
    check.start();
    await clock.advance(1_000);
    const schema = check.statusSchema();

    seen.away = true;
    await clock.advance(60_000);

    assert.equal(seen.looks, 2);
    assert.equal(check.advice()[0]?.reason, 'CRDOutdated');
    assert.equal(check.statusSchema(), schema);
    assert.equal(seen.changes, 1);
    check.stop();
  });

  test('that cannot be read for another reason is logged once more, and so after it was read', async () => {
    const { clock, seen, check } = aCheck();
    seen.away = true;
    check.start();
    await clock.advance(60_000);
    seen.why = 'refused';
    await clock.advance(60_000);
    assert.equal(seen.warnings, 2);

    seen.away = false;
    await clock.advance(60_000);
    seen.away = true;
    await clock.advance(600_000);

    assert.equal(seen.warnings, 3);
    check.stop();
  });

  test('that the stop finds in the middle of a look is no news', async () => {
    const clock = createManualClock();
    let warnings = 0;
    const check = watchOwnCrd({
      clock,
      log: { ...silentLog, warn: () => (warnings += 1) },
      client: {
        get: (_, { signal } = {}) =>
          new Promise((_resolve, reject) => {
            const aborted = new KubeError({ kind: 'aborted', message: 'stopped' });
            signal?.addEventListener('abort', () => reject(aborted));
          }),
      },
    });
    check.start();
    await clock.settle();

    check.stop();
    await clock.advance(3_600_000);

    assert.equal(warnings, 0);
    assert.deepEqual([check.advice(), check.statusSchema()], [[], undefined]);
    assert.equal(clock.pendingTimers(), 0);
  });

  test('that serves another version tells nothing of the status', async () => {
    const { clock, seen, check } = aCheck();
    const live = structuredClone(customResourceDefinition());
    const version = at(live, 'spec.versions[0]') as Record<string, unknown>;
    version.name = 'v1';
    seen.live = live;
    check.start();
    await clock.advance(1);

    assert.equal(check.statusSchema(), undefined);
    assert.equal(check.advice()[0]?.reason, 'CRDOutdated');
    check.stop();
  });
});
