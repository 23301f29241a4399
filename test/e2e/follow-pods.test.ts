/** Changes that move running pods: which pods give way, and what waits until they have. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  ConfigMapKind,
  DeploymentKind,
  DisruptionBudgetKind,
  LeaseKind,
} from '../../operator/base/resource-kinds.ts';
import { NAME_LABEL } from '../../operator/desired/naming.ts';
import { ELECTION_MODE_ANNOTATION } from '../../operator/desired/pod/pod-template.ts';
import { ReplicaSetKind } from './support/admin.ts';
import { anObject, at, running, statusOf, uniqueName } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import { mountedConfigMap, podsOf, uidsOf, watchThat } from './support/pods.ts';

const ROLLED = { within: 120_000 };
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

const e2e = await startHarness();
const { namespace } = await e2e.startOperator();

describe('pods', { concurrency: 2 }, () => {
  test('come and go with kubectl scale, and those that stay are left alone', async () => {
    const name = await aRunning();
    const child = { namespace, name: `${name}-icha` };
    const first = uidsOf(await podsOf(e2e.admin, namespace, name));
    const budget = () => e2e.admin.get(DisruptionBudgetKind, child);
    assert.ok(await budget());

    await e2e.kubectl('scale', '-n', namespace, 'icha', name, '--replicas=3');
    await ready(name);
    const three = uidsOf(await podsOf(e2e.admin, namespace, name));
    await e2e.kubectl('scale', '-n', namespace, 'icha', name, '--replicas=1');
    await eventually('one pod and no budget', async () => {
      const pods = await podsOf(e2e.admin, namespace, name);
      return pods.length === 1 && (await budget()) === undefined;
    });
    await e2e.kubectl('scale', '-n', namespace, 'icha', name, '--replicas=0');
    await e2e.condition({ namespace, name }, 'Ready=True/ScaledToZero');
    await eventually('no pod', async () => {
      return (await podsOf(e2e.admin, namespace, name)).length === 0;
    });
    const sets = await e2e.admin.list(ReplicaSetKind, namespace, `${NAME_LABEL}=${name}`);
    const lease = await e2e.admin.get(LeaseKind, { namespace, name: `${name}-leader` });
    await e2e.edit({ namespace, name }, { spec: { replicas: null } });
    const again = await ready(name);

    assert.deepEqual([first.length, three.length], [2, 3]);
    assert.ok(first.every((uid) => three.includes(uid)));
    assert.equal(sets.length, 1, 'the number of replicas is not part of the pod template');
    assert.ok(lease, 'the Lease stays without pods');
    assert.equal(statusOf(again).replicas, 2, 'the default');
    assert.ok(await budget());
  });

  test('are rolled by kubectl rollout restart, which our next write does not undo', async () => {
    const name = await aRunning();
    const before = uidsOf(await podsOf(e2e.admin, namespace, name));

    await e2e.kubectl('rollout', 'restart', '-n', namespace, `deployment/${name}-icha`);
    await e2e.kubectl('rollout', 'status', '-n', namespace, `deployment/${name}-icha`);
    await onlyNewPods(name, before);
    const restarted = uidsOf(await podsOf(e2e.admin, namespace, name));
    await e2e.edit({ namespace, name }, { spec: { rollout: { minReadySeconds: 1 } } });
    const child = { namespace, name: `${name}-icha` };
    const deployment = await eventually('our write', async () => {
      const found = await e2e.admin.read(DeploymentKind, child);
      return at(found, 'spec.minReadySeconds') === 1 && found;
    });
    await ready(name);

    assert.ok(at(deployment, `spec.template.metadata.annotations[${RESTARTED_AT}]`));
    assert.deepEqual(uidsOf(await podsOf(e2e.admin, namespace, name)), restarted);
  });

  test('are rolled once by a new restartTrigger', async () => {
    const name = await aRunning();
    const before = uidsOf(await podsOf(e2e.admin, namespace, name));

    await e2e.edit({ namespace, name }, { spec: { restartTrigger: 'now' } });
    await onlyNewPods(name, before);
    await ready(name);

    const sets = await e2e.admin.list(ReplicaSetKind, namespace, `${NAME_LABEL}=${name}`);
    assert.equal(sets.length, 2);
  });

  test('keep the ConfigMap they began with until the rollout is over', async (t) => {
    const name = await aRunning();
    const before = await podsOf(e2e.admin, namespace, name);
    const old = String(mountedConfigMap(before[0]));
    const configMaps = async () =>
      (await e2e.admin.list(ConfigMapKind, namespace, `${NAME_LABEL}=${name}`)).map(
        ({ metadata }) => metadata.name,
      );

    const witness = watchThat(async () => {
      const pods = await podsOf(e2e.admin, namespace, name);
      const found = await configMaps();
      const stillThere = uidsOf(await podsOf(e2e.admin, namespace, name));
      for (const pod of pods.filter(({ metadata }) => stillThere.includes(metadata.uid))) {
        assert.ok(found.includes(String(mountedConfigMap(pod))), pod.metadata.name);
      }
    });
    await e2e.edit({ namespace, name }, { spec: { controller: { adc: { logLevel: 'debug' } } } });
    await e2e.edit(
      { namespace, name },
      { spec: { controller: { manager: { logLevel: 'debug' } } } },
    );
    await onlyNewPods(name, uidsOf(before));
    await ready(name);
    await eventually('the old ConfigMap is gone', async () => !(await configMaps()).includes(old));
    const looks = await witness.stop();

    t.diagnostic(`${looks} looks during the rollout`);
    assert.equal((await configMaps()).length, 1);
  });

  test('of two election modes never run side by side, in neither direction', async () => {
    const name = await aRunning({ replicas: 1 });
    const lease = () => e2e.admin.get(LeaseKind, { namespace, name: `${name}-leader` });
    const modeOf = (pod: KubeObject) => pod.metadata.annotations?.[ELECTION_MODE_ANNOTATION];
    const witness = watchThat(async () => {
      const held = await lease();
      const modes = (await podsOf(e2e.admin, namespace, name)).filter(mayRun).map(modeOf);
      assert.ok(new Set(modes).size < 2, `both modes: ${modes.join(', ')}`);
      const candidates = modes.filter((mode) => mode === 'Lease');
      if (held === undefined && candidates.length > 0) {
        assert.ok(await lease(), 'the Lease was deleted under a candidate');
      }
    });
    const switchTo = async (mode: string) => {
      const before = uidsOf(await podsOf(e2e.admin, namespace, name));
      await e2e.edit({ namespace, name }, { spec: { leaderElection: { mode } } });
      await onlyNewPods(name, before);
      return ready(name);
    };

    const disabled = await switchTo('Disabled');
    await eventually('no Lease', async () => (await lease()) === undefined);
    const enabled = await switchTo('Lease');
    await witness.stop();

    assert.equal(statusOf(disabled).leader, undefined);
    assert.equal(statusOf(enabled).leader?.podName, await onlyPod(name));
    const child = { namespace, name: `${name}-icha` };
    const deployment = await e2e.admin.read(DeploymentKind, child);
    assert.equal(at(deployment, 'spec.strategy.type'), 'RollingUpdate');
  });
});

test('the PodDisruptionBudget follows its own fields', async () => {
  const name = uniqueName('budget');
  const child = { namespace, name: `${name}-icha` };
  const nodeSelector = { 'e2e.test/nowhere': 'yes' };
  const spec = { replicas: 2, placement: { nodeSelector } };
  const edit = (podDisruptionBudget: unknown) =>
    e2e.edit({ namespace, name }, { spec: { podDisruptionBudget } });
  const allows = (maxUnavailable: unknown) =>
    eventually(`maxUnavailable is ${maxUnavailable}`, async () => {
      const budget = await e2e.admin.get(DisruptionBudgetKind, child);
      return at(budget, 'spec.maxUnavailable') === maxUnavailable;
    });

  await e2e.apply(anObject({ namespace, name, spec }));
  await allows(1);
  await edit({ maxUnavailable: '50%' });
  await allows('50%');
  await edit({ mode: 'Disabled' });
  await allows(undefined);
  await edit(null);
  await allows(1);
});

/** A new resource whose pods run; its name. */
async function aRunning(spec: PassThrough = {}): Promise<string> {
  const name = uniqueName('pods');
  await e2e.apply(anObject({ namespace, name, spec: running(spec) }));
  await ready(name);
  return name;
}

function ready(name: string): Promise<KubeObject> {
  return e2e.condition({ namespace, name }, 'Ready=True/AsSpecified', ROLLED);
}

/** Waits until every pod is newer than those. */
async function onlyNewPods(name: string, before: readonly (string | undefined)[]): Promise<void> {
  await eventually(
    `${name} has only new pods`,
    async () => {
      const uids = uidsOf(await podsOf(e2e.admin, namespace, name));
      return uids.length > 0 && uids.every((uid) => !before.includes(uid));
    },
    ROLLED,
  );
}

/** Its processes may run: a pod in a final phase waits for nothing but its removal. */
function mayRun(pod: KubeObject): boolean {
  return !['Succeeded', 'Failed'].includes(String(at(pod, 'status.phase')));
}

async function onlyPod(name: string): Promise<string | undefined> {
  const pods = await podsOf(e2e.admin, namespace, name);
  assert.equal(pods.length, 1);
  return pods[0]?.metadata.name;
}
