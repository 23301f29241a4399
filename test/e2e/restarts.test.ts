/**
 * The operator dies at each of its writes, before the API server has seen it and after it was done.
 * The next process finds what there is and ends where an undisturbed one would have.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { record } from '../../operator/base/read.ts';
import { anObject, uniqueName } from './support/an-object.ts';
import { startBehindProxy } from './support/behind-proxy.ts';
import { childrenOf, childrenWanted, deploymentOf } from './support/children.ts';
import type { Fault } from './support/fault-proxy.ts';
import { startHarness } from './support/harness.ts';

/** From the new process' first moment as leader. */
const SOON = { within: 10_000 };
/** Creation: six children and the status. Update: ConfigMap, Deployment, old ConfigMap, status. */
const CREATION_WRITES = 7;
const UPDATE_WRITES = 4;

const e2e = await startHarness();

describe('a SIGKILL is survived', { concurrency: 2 }, () => {
  for (const kind of ['lose-request', 'lose-answer'] as const) {
    const when = kind === 'lose-request' ? 'before it is sent' : 'when it is done';

    test(`at each write of a creation, ${when}`, async (t) => {
      const world = await startBehindProxy(e2e);
      const { namespace } = world.operator;
      for (let k = 1; k <= CREATION_WRITES; k += 1) {
        const name = uniqueName('ha');
        const died = dieAtWrite(world, k, { name, fault: { kind } });
        await e2e.apply(anObject({ namespace, name }));

        assert.equal(await died, 'SIGKILL');
        await world.comeBack();

        await assertConverged({ namespace, name });
      }
      t.diagnostic(`${CREATION_WRITES} deaths`);
    });

    test(`at each write of an update, ${when}`, async () => {
      const world = await startBehindProxy(e2e);
      const { metadata } = await e2e.apply(anObject({ namespace: world.operator.namespace }));
      await e2e.condition(metadata, 'Ready=True/ScaledToZero', SOON);
      for (let k = 1; k <= UPDATE_WRITES; k += 1) {
        const died = dieAtWrite(world, k, { name: metadata.name, fault: { kind } });
        const manager = { logLevel: k % 2 === 0 ? 'info' : 'debug' };
        await e2e.edit(metadata, { spec: { controller: { manager } } });

        assert.equal(await died, 'SIGKILL');
        await world.comeBack();

        await assertConverged(metadata);
      }
    });
  }
});

/** Kills the operator with its k-th write that names the resource; gives the signal it died of. */
function dieAtWrite(
  { operator, proxy }: Awaited<ReturnType<typeof startBehindProxy>>,
  k: number,
  { name, fault }: { readonly name: string; readonly fault: Fault },
): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    let count = 0;
    proxy.breakWith(({ isWrite, url }) => {
      if (!isWrite || !url.includes(`/${name}`)) return undefined;
      count += 1;
      if (count !== k) return undefined;
      proxy.heal();
      operator.kill().then(({ signal }) => resolve(signal), reject);
      return fault;
    });
  });
}

/** As asked: each child that the resource wants, by this name once, and none besides. */
async function assertConverged(address: {
  readonly namespace?: string;
  readonly name: string;
}): Promise<void> {
  const resource = await e2e.condition(address, 'Ready=True/ScaledToZero', SOON);
  const children = await childrenOf(e2e.admin, address);
  assert.deepEqual(names(children), names(childrenWanted(resource)));
  const deployment = await deploymentOf(e2e.admin, address);
  const wanted = childrenWanted(resource).find(({ kind }) => kind === 'Deployment');
  assert.equal(configMapIn(deployment), configMapIn(wanted));
}

function names(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();
}

function configMapIn(deployment: KubeObject | undefined): string | undefined {
  const template = JSON.stringify(record(deployment?.spec).template);
  return /"configMap":\{[^}]*"name":"([^"]+)"/.exec(template)?.[1];
}
