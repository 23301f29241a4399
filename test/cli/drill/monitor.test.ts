/** The watches of a drill: none outlives it, and none is opened in a loop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeFailure } from '../../../operator/base/failure.ts';
import type { DrillContext } from '../../../operator/cli/drill/context.ts';
import { startMonitor } from '../../../operator/cli/drill/trial/monitor.ts';
import { readPod } from '../../../operator/decide/observed/pod.ts';
import { aControllerPod, LEASE } from '../../support/a-led-instance.ts';
import { createDrillCluster, type DrillCluster } from '../../support/drill-cluster.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const WATCHED = { leaseName: LEASE, leader: readPod(aControllerPod('a')) };
const NEVER: KubeFailure = { kind: 'forbidden', cause: 'rights', message: 'Cannot do it: no' };

test('the watch of one kind is closed when the other kind cannot be seen', async () => {
  const clock = createManualClock();
  const cluster = createDrillCluster(clock);
  cluster.failNext('list Pod', NEVER);

  await assert.rejects(startMonitor(contextOf(clock, cluster), WATCHED), /Cannot do it: no/);

  await clock.advance(1_000);
  assert.equal(cluster.instance.listeners, 0);
});

test('a watch that ends at once is opened again after a pause', async (t) => {
  const clock = createManualClock();
  const cluster = createDrillCluster(clock);
  const opened: number[] = [];
  const client = {
    ...cluster.connection.client,
    async *watch() {
      opened.push(clock.nowMs());
      yield* [];
    },
  };
  const context = contextOf(clock, { ...cluster, connection: { ...cluster.connection, client } });

  const monitor = await startMonitor(context, WATCHED);
  t.after(() => monitor.stop());
  await clock.advance(1_100);

  assert.deepEqual(opened, [0, 0, 500, 500, 1_000, 1_000]);
});

function contextOf(
  clock: ManualClock,
  { connection }: Pick<DrillCluster, 'connection'>,
): DrillContext {
  const io: DrillContext['io'] = {
    stdout: { write: () => true },
    stderr: { write: () => true },
    readText: () => Promise.reject(new Error('A drill reads no files')),
    interrupted: new AbortController().signal,
    finish() {},
  };
  return { namespace: 'prod', name: 'apisix', connection, io, clock, requestTimeout: 1_000 };
}
