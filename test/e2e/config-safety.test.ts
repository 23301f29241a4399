/**
 * A bad configuration never reaches pods that run: they keep the ConfigMap they began with, also when
 * a container of theirs restarts. And what a user writes is data, never a template.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { ConfigMapKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { readPod } from '../../operator/decide/observed/pod.ts';
import { NAME_LABEL } from '../../operator/desired/naming.ts';
import type { Address } from './support/admin.ts';
import { anObject, at, conditionText, running, statusOf } from './support/an-object.ts';
import { configMapWanted, leaseSpec, podsOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const PATIENCE = { within: 90_000 };
/** Were it expanded, the controller would complain of something else, if of anything. */
const TEMPLATE = '{{.HOME}}';

const e2e = await startHarness();
const { admin, testbed } = e2e;
const operator = await e2e.startOperator();
const { namespace } = operator;

const withPushInterval = (interval: string) => ({
  spec: { controller: { configOverrides: { candidate: { push_interval: interval } } } },
});

async function configMaps({ name }: Address): Promise<readonly string[]> {
  const found = await admin.list(ConfigMapKind, namespace, `${NAME_LABEL}=${name}`);
  return found.map(({ metadata }) => metadata.name).toSorted();
}

function restarts(pod: KubeObject): number {
  const statuses = at(pod, 'status.containerStatuses');
  return Number(at({ statuses }, 'statuses.[manager].restartCount') ?? 0);
}

/** What the manager of a pod has said in its first or a later life. */
function logOf({ metadata }: KubeObject, life = 0): Promise<string> {
  const folder = `${namespace}_${metadata.name}_${metadata.uid}`;
  return readFile(join(testbed.folder, 'pod-logs', folder, 'manager', `${life}.log`), 'utf8');
}

test('pods that run keep their configuration while a bad one fails beside them', async () => {
  const spec = running();
  const { metadata } = await e2e.apply(anObject({ namespace, spec }));
  const good = await e2e.condition(metadata, 'Ready=True/AsSpecified', PATIENCE);
  const old = await podsOf(admin, metadata);
  const oldConfig = configMapWanted(good);
  assert.deepEqual([old.length, await configMaps(metadata)], [2, [oldConfig]]);

  const broken = await e2e.edit(metadata, withPushInterval(TEMPLATE));

  const crashing = await eventually(
    'the new pod crashes',
    async () => {
      const pods = await podsOf(admin, metadata);
      return pods.find((pod) => !isAmong(old, pod) && restarts(pod) > 0);
    },
    PATIENCE,
  );
  assert.ok((await logOf(crashing)).includes(TEMPLATE), 'the template arrives as it was written');
  const rolling = await e2e.condition(metadata, 'Ready=False/RollingOut');
  assert.equal(conditionText(rolling, 'Stalled'), undefined);
  assert.equal(conditionText(rolling, 'LeaderElected'), 'LeaderElected=True/LeaseHeld');
  assert.deepEqual(await configMaps(metadata), [oldConfig, configMapWanted(broken)].toSorted());

  const leader = old.find((pod) => pod.metadata.name === statusOf(rolling).leader?.podName);
  assert.ok(leader, 'an old pod leads');
  await restartsWithOldConfig(metadata, leader);
  const untouched = await podsOf(admin, metadata);
  assert.ok(old.every((pod) => isAmong(untouched, pod)));

  const mended = await e2e.edit(metadata, withPushInterval('2s'));

  const wanted = configMapWanted(mended);
  const bereft = new Set<string>();
  await eventually(
    'the good pods are there, and the old ConfigMaps are not',
    async () => {
      for (const pod of await podsWithoutConfig(metadata)) bereft.add(pod);
      const ready = conditionText(await e2e.resource(namespace, metadata.name), 'Ready');
      assert.equal(ready, 'Ready=True/AsSpecified');
      assert.deepEqual(await configMaps(metadata), [wanted]);
      return true;
    },
    PATIENCE,
  );
  assert.deepEqual([...bereft], [], 'a pod lost the ConfigMap that it mounts');
  const pods = (await podsOf(admin, metadata)).filter(
    ({ metadata: pod }) => !pod.deletionTimestamp,
  );
  assert.deepEqual(
    pods.map((pod) => readPod(pod).configMaps),
    [[wanted], [wanted]],
  );
});

/** The manager dies, comes back in the same pod, and reads what it read before; somebody leads. */
async function restartsWithOldConfig(address: Address, pod: KubeObject): Promise<void> {
  const { name, uid } = pod.metadata;
  const before = (await leaseSpec(admin, address)).holderIdentity;
  await testbed.signalContainer({ namespace, pod: name, container: 'manager' });
  await eventually(
    'the manager runs again in its pod, ready',
    async () => {
      const again = await admin.read(PodKind, { namespace, name });
      return again.metadata.uid === uid && restarts(again) === 1 && readPod(again).ready;
    },
    PATIENCE,
  );
  assert.match(await logOf(pod, 1), /"event":"started"/);
  await eventually(
    'another process leads',
    async () => {
      const { holderIdentity } = await leaseSpec(admin, address);
      return holderIdentity !== before && holderIdentity !== '';
    },
    PATIENCE,
  );
}

/** Pods that stay although a ConfigMap that they mount is gone. */
async function podsWithoutConfig(address: Address): Promise<readonly string[]> {
  const earlier = await podsOf(admin, address);
  const existing = await configMaps(address);
  const later = await podsOf(admin, address);
  return later
    .filter((pod) => isAmong(earlier, pod) && pod.metadata.deletionTimestamp === undefined)
    .filter((pod) => !readPod(pod).configMaps.every((name) => existing.includes(name)))
    .map(({ metadata }) => metadata.name);
}

function isAmong(pods: readonly KubeObject[], { metadata }: KubeObject): boolean {
  return pods.some((pod) => pod.metadata.uid === metadata.uid);
}
