/**
 * Rollouts that nobody asked for take turns across namespaces. What does not roll keeps no turn, and
 * what somebody edited is put right without one.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import { DeploymentKind } from '../../operator/base/resource-kinds.ts';
import { APPLIED_HASH_ANNOTATION, childName } from '../../operator/desired/naming.ts';
import { anObject, at, RUNNING, running, statusOf, uniqueName } from './support/an-object.ts';
import { deploymentOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

/** No pod of it ever runs, so its rollouts do not end. */
const NOWHERE = { placement: { nodeSelector: { 'e2e.test/nowhere': 'yes' } } };
const EDITED_S = 99;
const SETTLES = { within: 60_000 };

const e2e = await startHarness();
const [here, elsewhere] = [await e2e.newNamespace(), await e2e.newNamespace()];
await e2e.startOperator({ namespaces: [here, elsewhere] });

/** The resource whose pods are to change, and the one that rolls, or not, in another namespace. */
const waiting = { namespace: here, name: uniqueName('waiting') };
const rolling = { namespace: elsewhere, name: uniqueName('rolling') };

before(async () => {
  await e2e.apply(anObject(waiting));
  await e2e.condition(waiting, 'Ready=True/ScaledToZero');
  await e2e.apply(anObject({ ...rolling, spec: { replicas: 2, ...NOWHERE } }));
  await e2e.condition(rolling, 'Ready=False/RollingOut');
});

/** Other pods in the Deployment of the one that waits: by a stranger, or by an earlier version. */
function edit(by: 'a stranger' | 'an earlier version'): Promise<unknown> {
  const address = { namespace: waiting.namespace, name: childName(waiting) };
  const template = { spec: { terminationGracePeriodSeconds: EDITED_S } };
  const annotations = { [APPLIED_HASH_ANNOTATION]: '0123456789' };
  return e2e.admin.patch(DeploymentKind, address, {
    spec: { template },
    ...(by === 'an earlier version' && { metadata: { annotations } }),
  });
}

async function isEdited(): Promise<boolean> {
  const deployment = await deploymentOf(e2e.admin, waiting);
  return at(deployment, 'spec.template.spec.terminationGracePeriodSeconds') === EDITED_S;
}

function putRight(): Promise<unknown> {
  return eventually('its pods are as they should be', async () => !(await isEdited()), SETTLES);
}

async function queueMessage(): Promise<string | undefined> {
  const { conditions } = statusOf(await e2e.resource(waiting.namespace, waiting.name));
  return conditions?.find(({ reason }) => reason === 'RolloutQueued')?.message;
}

test('pods that somebody edited are put right while another namespace rolls out', async () => {
  await edit('a stranger');

  await putRight();
});

test('pods of an earlier version wait for it, and the status names it', async () => {
  await edit('an earlier version');

  await e2e.condition(waiting, 'Reconciling=True/RolloutQueued');

  const holder = `${rolling.namespace}/${rolling.name}`;
  assert.equal(await queueMessage(), `New pods wait until "${holder}" has rolled out`);
  assert.ok(await isEdited());
});

test('they wait no longer once somebody has paused that rollout', async () => {
  const deployment = `deployment/${childName(rolling)}`;
  await e2e.kubectl('-n', rolling.namespace, 'rollout', 'pause', deployment);

  await putRight();

  assert.equal(await queueMessage(), undefined);
});

test('nor do they wait for a replica that became unavailable after its rollout', async () => {
  const neighbour = { namespace: elsewhere, name: uniqueName('short') };
  const nodes = (await e2e.kubectl('get', 'nodes', '-o', 'name')).trim().split('\n').length;
  await e2e.apply(anObject({ ...neighbour, spec: running(onePerNode(neighbour.name, nodes)) }));
  await e2e.condition(neighbour, 'Ready=True/AsSpecified', SETTLES);
  await e2e.edit(neighbour, { spec: { replicas: nodes + 1 } });
  await eventually('one replica too many has no node', async () => {
    const { status } = await deploymentOf(e2e.admin, neighbour);
    assert.deepEqual(
      [at(status, 'replicas'), at(status, 'updatedReplicas'), at(status, 'unavailableReplicas')],
      [nodes + 1, nodes + 1, 1],
    );
    return true;
  });

  await edit('an earlier version');

  await putRight();
});

/** As many replicas as there are nodes: one more finds no place. */
function onePerNode(name: string, nodes: number): PassThrough {
  const term = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { 'app.kubernetes.io/instance': name } },
  };
  const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  return { ...RUNNING, replicas: nodes, placement: { affinity: { podAntiAffinity } } };
}
