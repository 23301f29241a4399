/**
 * Watches that end, expire or cannot be had for a while: what happens meanwhile is caught up with,
 * whether an event told it or not.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { CHILD_KINDS, IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { anObject } from './support/an-object.ts';
import { startBehindProxy } from './support/behind-proxy.ts';
import { childrenOf, namesOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import type { ProxiedRequest } from './support/fault-proxy.ts';
import { startHarness } from './support/harness.ts';

/** One for the resources, one for each kind of child, one for pods. */
const WATCHES = CHILD_KINDS.length + 2;
const SOON = { within: 10_000 };
/** The pauses of a watch grow with each failure within two minutes. */
const HEALED = { within: 30_000 };

const e2e = await startHarness();
const { operator, proxy } = await startBehindProxy(e2e);
const { namespace, pid } = operator;

async function settled(): Promise<KubeObject> {
  const { metadata } = await e2e.apply(anObject({ namespace }));
  return e2e.condition(metadata, 'Ready=True/ScaledToZero', SOON);
}

/** Everything by which the operator learns of changes; its own Lease is none of it. */
function isSight({ method, url }: ProxiedRequest): boolean {
  return method === 'GET' && !url.includes('/leases/');
}

for (const how of ['expired', 'cut'] as const) {
  test(`a watch that is ${how} is taken up again`, async () => {
    const { metadata } = await settled();

    assert.equal(proxy.endWatches(how), WATCHES);
    await e2e.edit(metadata, { spec: { restartTrigger: how } });

    await e2e.condition(metadata, 'Ready=True/ScaledToZero', SOON);
  });
}

test('what changes while nothing can be listed or watched is seen afterwards', async () => {
  const [changed, deleted] = await Promise.all([settled(), settled()]);
  proxy.breakWith((request) => (isSight(request) ? { kind: 'lose-request' } : undefined));
  const before = proxy.requests.length;
  proxy.endWatches('cut');

  await e2e.edit(changed.metadata, { spec: { restartTrigger: 'unseen' } });
  await e2e.admin.remove(IngressControllerHAKind, deleted.metadata);
  const born = await e2e.apply(anObject({ namespace }));
  await eventually('every watch has been tried again', () => {
    const tried = proxy.requests.slice(before).filter(isSight).map(pathOf);
    return new Set(tried).size === WATCHES;
  });
  proxy.heal();

  await e2e.condition(changed.metadata, 'Ready=True/ScaledToZero', HEALED);
  await e2e.condition(born.metadata, 'Ready=True/ScaledToZero', HEALED);
  await eventually(
    'nothing is left of the deleted resource, its Lease included',
    async () => assert.equal(namesOf(await childrenOf(e2e.admin, deleted.metadata)), '') ?? true,
    HEALED,
  );
  assert.ok(operator.runs);
  assert.equal(operator.pid, pid);
});

function pathOf({ url }: ProxiedRequest): string {
  return new URL(url, 'https://proxy').pathname;
}
