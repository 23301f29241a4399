/**
 * `kubectl delete --cascade=orphan` keeps the controller running as if nothing had happened, and a
 * new resource of the same name takes it up: with real pods, since they must not notice.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  DeploymentKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
} from '../../operator/base/resource-kinds.ts';
import { childName } from '../../operator/desired/naming.ts';
import type { Address } from './support/admin.ts';
import { anObject, running } from './support/an-object.ts';
import { deploymentOf, leaseSpec, podsOf, podUids, remainsOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import type { TestOperator } from './support/operator.ts';

const PATIENCE = { within: 60_000 };

const e2e = await startHarness();
const { admin } = e2e;
const [awake, asleep] = await Promise.all([e2e.startOperator(), e2e.startOperator()]);

/** What the pods and everybody who watches them would notice. */
async function visible(address: Address) {
  const { holderIdentity, leaseTransitions, acquireTime } = await leaseSpec(admin, address);
  const { metadata } = await deploymentOf(admin, address);
  return {
    pods: await podUids(admin, address),
    deployment: metadata.uid,
    ...{ holderIdentity, leaseTransitions, acquireTime },
  };
}

async function led(operator: TestOperator, name?: string): Promise<KubeObject> {
  const { namespace } = operator;
  const spec = running();
  const resource = anObject({ namespace, spec, ...(name !== undefined && { name }) });
  const { metadata } = await e2e.apply(resource);
  return e2e.condition(metadata, 'Ready=True/AsSpecified', PATIENCE);
}

/** The deletion is over, and the Deployment has lost its owner. */
async function orphan({ metadata }: KubeObject): Promise<void> {
  await admin.remove(IngressControllerHAKind, metadata, 'Orphan');
  await eventually(
    `${metadata.name} is gone`,
    async () => (await admin.get(IngressControllerHAKind, metadata)) === undefined,
    PATIENCE,
  );
  const deployment = await deploymentOf(admin, metadata);
  assert.equal(deployment.metadata.ownerReferences, undefined);
}

describe('an orphan cascade', { concurrency: true }, () => {
  test('keeps the pods, which a new resource takes up without a new election', async () => {
    const first = await led(awake);
    const before = await visible(first.metadata);

    await orphan(first);
    assert.deepEqual(await visible(first.metadata), before);
    const second = await led(awake, first.metadata.name);

    assert.deepEqual(await visible(first.metadata), before);
    const { metadata } = await deploymentOf(admin, first.metadata);
    assert.deepEqual(
      metadata.ownerReferences?.map(({ uid, controller }) => ({ uid, controller })),
      [{ uid: second.metadata.uid, controller: true }],
    );
    await goesWithItsPods(second);
  });

  test('keeps them while the operator is down, and the Lease once it is back', async () => {
    const resource = await led(asleep);
    const before = await visible(resource.metadata);
    await asleep.stop();

    await orphan(resource);
    await asleep.startAgain();

    assert.deepEqual(await visible(resource.metadata), before);
    await survivesItsPods(resource);
  });
});

/** Deleted for good: the Lease stays as long as anybody lives who may hold it. */
async function goesWithItsPods({ metadata }: KubeObject): Promise<void> {
  await admin.remove(IngressControllerHAKind, metadata, 'Background');
  let early = false;
  await eventually(
    `nothing is left of ${metadata.name}`,
    async () => {
      const { holderIdentity } = await leaseSpec(admin, metadata);
      const pods = await podsOf(admin, metadata); // after the Lease: so they have outlived it
      early ||= holderIdentity === undefined && pods.length > 0;
      return (await remainsOf(admin, metadata)).length === 0;
    },
    PATIENCE,
  );
  assert.equal(early, false, 'the Lease went before the pods');
}

/** Without any pod for a moment, an orphan finds its Lease again: it could not create one. */
async function survivesItsPods({ metadata }: KubeObject): Promise<void> {
  const { namespace = '', name } = metadata;
  const pods = await podsOf(admin, metadata);
  const lease = { namespace, name: `${name}-leader` };
  const { uid } = (await admin.read(LeaseKind, lease)).metadata;

  await e2e.kubectl('scale', 'deployment', '-n', namespace, childName({ name }), '--replicas=0');
  await Promise.all(
    pods.map(({ metadata: pod }) =>
      eventually(
        `pod ${pod.name} is gone`,
        async () => (await admin.get(PodKind, { namespace, name: pod.name })) === undefined,
        PATIENCE,
      ),
    ),
  );
  await e2e.kubectl('scale', 'deployment', '-n', namespace, childName({ name }), '--replicas=1');
  await eventually(
    'the new pod leads',
    async () => {
      const { holderIdentity } = await leaseSpec(admin, metadata);
      const [pod] = await podsOf(admin, metadata);
      return pod !== undefined && String(holderIdentity).startsWith(`${pod.metadata.name}_`);
    },
    PATIENCE,
  );
  assert.equal((await admin.read(LeaseKind, lease)).metadata.uid, uid);

  await admin.remove(DeploymentKind, { namespace, name: childName({ name }) });
  await eventually(
    'the Lease goes with the last pod of the Deployment',
    async () => (await admin.get(LeaseKind, lease)) === undefined,
    PATIENCE,
  );
}
