/** All watches of a namespace together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from '../../../operator/base/failure.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { createWatches } from '../../../operator/control/cache/watches.ts';
import { createLog } from '../../../operator/telemetry/log.ts';
import { createMetrics } from '../../../operator/telemetry/metrics.ts';
import { createFakeCluster } from '../../support/fake-cluster.ts';
import { createManualClock } from '../../support/manual-clock.ts';

test('a namespace without rights writes one line for all of its watches', async () => {
  const clock = createManualClock();
  const lines: { readonly msg: string }[] = [];
  let lists = 0;
  const client = {
    ...createFakeCluster().client,
    async list() {
      lists += 1;
      throw new KubeError({ kind: 'forbidden', message: 'no RoleBinding', cause: 'rights' });
    },
  };
  const { watches } = createWatches(
    {
      client,
      clock,
      caches: new Caches(clock, { enqueue: () => {} }),
      random: () => 0,
      log: createLog({ clock, write: (line) => lines.push(JSON.parse(line)) }),
      metrics: createMetrics().metrics,
      onCutShort: () => {},
    },
    'gone',
  );

  for (const watch of watches) watch.start();
  await clock.advance(9 * 60_000);
  await Promise.all(watches.map((watch) => watch.stop()));

  assert.ok(lists > 80 * 5, `only ${lists} lists`);
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['Watch interrupted'],
  );
});
