/**
 * What hits a whole cluster, and so needs one of its own: the API server goes and comes back, and
 * the definition of our resource does.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CRD_NAME, customResourceDefinition } from '../../operator/api/crd.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { RESTART_TRIGGER_ANNOTATION } from '../../operator/desired/pod/pod-template.ts';
import { KUBECTL_WAITS } from '../support/hang-limits.ts';
import { startTestbed } from '../testbed/testbed.ts';
import type { Address } from './support/admin.ts';
import { anObject, at, uniqueName } from './support/an-object.ts';
import { childrenOf, deploymentOf, namesOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const HEALED = { within: 30_000 };
const END_LIMIT = { within: 60_000 };

const name = uniqueName('outage');
const testbed = await startTestbed({ name, log: () => {} });
process.env.TESTBED_NAME = name;
const e2e = await startHarness();
after(() => testbed.stop());
const operator = await e2e.startOperator();
const { namespace } = operator;

async function settled(): Promise<KubeObject> {
  const { metadata } = await e2e.apply(anObject({ namespace }));
  return e2e.condition(metadata, 'Ready=True/ScaledToZero', HEALED);
}

/** The operator's own part: the controllers of the cluster may take longer to find back. */
async function assertFollowed(address: Address): Promise<void> {
  await e2e.edit(address, { spec: { restartTrigger: 'after' } });
  await eventually(
    'the Deployment is changed',
    async () => {
      const deployment = await deploymentOf(e2e.admin, address);
      const path = `spec.template.metadata.annotations.[${RESTART_TRIGGER_ANNOTATION}]`;
      return at(deployment, path) === 'after';
    },
    HEALED,
  );
}

/** Requests that got no answer, as the operator counts them itself. */
async function unanswered(): Promise<number> {
  const { body } = await operator.page('metrics', '/metrics');
  const counts = [...body.matchAll(/^rest_client_requests_total\{code="<error>".*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Deletes a resource and waits until its children have gone too. */
async function collected(address: Address): Promise<void> {
  await e2e.admin.remove(IngressControllerHAKind, address);
  await nothingLeft(address);
}

function nothingLeft(address: Address): Promise<unknown> {
  return eventually(
    `nothing is left of ${address.name}`,
    async () => {
      assert.equal(namesOf(await childrenOf(e2e.admin, address)), '');
      return true;
    },
    END_LIMIT,
  );
}

test('the CRD goes with everything that hangs on it, and the operator outlives it', async () => {
  await collected((await settled()).metadata); // so the garbage collector knows the kind by now
  const { metadata } = await settled();
  const { pid } = operator;

  await testbed.kubectl(['delete', 'crd', CRD_NAME, KUBECTL_WAITS]);

  await nothingLeft(metadata);
  assert.ok(operator.runs);
  await testbed.kubectl(
    ['apply', '--server-side', '-f', '-'],
    JSON.stringify(customResourceDefinition()),
  );
  const born = await eventually('the CRD is served', () => e2e.apply(anObject({ namespace })));
  await e2e.condition(born.metadata, 'Ready=True/ScaledToZero', END_LIMIT);
  assert.equal(operator.pid, pid);
});

test('an API server that is away for 5 s costs neither leadership nor many requests', async (t) => {
  const { metadata } = await settled();
  const { pid } = operator;
  const before = await unanswered();

  await testbed.stopApiServer();
  await sleep(5_000); // the outage
  const requests = (await unanswered()) - before;
  await testbed.startApiServer();

  t.diagnostic(`${requests} requests without an answer`);
  assert.ok(requests > 0 && requests <= 60, `${requests} requests in 5 s`);
  await assertFollowed(metadata);
  assert.ok(operator.runs);
  assert.equal(operator.pid, pid);
  assert.deepEqual(operator.log('Leadership lost'), []);
});

test('an outage beyond the renew deadline ends the process, and the next one goes on', async () => {
  const { metadata } = await settled();

  await testbed.stopApiServer();
  await eventually('the process has ended', () => !operator.runs);
  await testbed.startApiServer();
  assert.equal(operator.log('Leadership lost').length, 1);
  await operator.startAgain();

  await assertFollowed(metadata);
});
