/** Every field of the spec: what is set shows in the children, what is removed returns to its default. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  ConfigMapKind,
  DeploymentKind,
  LeaseKind,
  RoleKind,
  ServiceKind,
} from '../../operator/base/resource-kinds.ts';
import { type ChildPath, pod, SPEC_CASES } from './follow-cases.ts';
import { anObject, at, conditionText, statusOf, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator({
  flags: ['--allow-env-and-volumes', '--allow-pod-template-patch'],
});
const { namespace } = operator;
const name = uniqueName('follow');

before(async () => {
  const controller = { config: { controllerName: 'apisix.apache.org/apisix-ingress-controller' } };
  await e2e.apply(anObject({ namespace, name, spec: { controller } }));
  await e2e.condition({ namespace, name }, 'Ready=True/ScaledToZero');
});

describe('a field of the spec that is set and removed again', () => {
  for (const [field, value, child, expected] of SPEC_CASES) {
    test(`spec.${field}`, async () => {
      const usual = await said(child);
      const mark = e2e.audit.mark();

      await set(field, value);
      await eventually(`${child[1]} is ${JSON.stringify(expected)}`, async () => {
        assert.deepEqual(await said(child), expected);
        return true;
      });
      await seen();
      const written = writes(
        e2e.audit.since(mark, { user: operator.user, owner: name, subresource: '' }),
      ).map(describeEntry);
      await set(field, null);
      await eventually(`${child[1]} is ${JSON.stringify(usual)} again`, async () => {
        assert.deepEqual(await said(child), usual);
        return true;
      });
      await seen();

      assert.notDeepEqual(usual, expected, 'the case shows nothing');
      assert.deepEqual(written, [...new Set(written)], 'each child is written once');
    });
  }

  test('leaves exactly what there was before', async () => {
    const fresh = uniqueName('fresh');
    const created = await e2e.apply(anObject({ namespace, name: fresh }));
    await e2e.condition(created.metadata, 'Ready=True/ScaledToZero');
    await seen();

    const text = async (owner: string) => {
      const found = await e2e.admin.read(DeploymentKind, { namespace, name: `${owner}-icha` });
      const { labels, annotations } = found.metadata;
      const { 'deployment.kubernetes.io/revision': _, ...ours } = annotations ?? {};
      return JSON.stringify({ labels, annotations: Object.keys(ours), spec: found.spec })
        .replaceAll(owner, 'X')
        .replaceAll(/X-icha-[0-9a-f]+/g, 'X-icha-HASH');
    };
    assert.equal(await text(name), await text(fresh));
    assert.equal((await configMaps()).length, 1);
  });
});

test('without election the Lease and the right to it go, and come back with it', async () => {
  const lease = { namespace, name: `${name}-leader` };

  await set('leaderElection.mode', 'Disabled');
  await eventually('no Lease', async () => (await e2e.admin.get(LeaseKind, lease)) === undefined);
  const rules = at(await e2e.admin.read(RoleKind, { namespace, name: `${name}-icha` }), 'rules');
  await set('leaderElection.mode', null);

  assert.equal((rules as readonly unknown[]).length, 1);
  await eventually('a Lease', () => e2e.admin.get(LeaseKind, lease));
});

test('while it is paused neither edits nor drift are followed, and both are afterwards', async () => {
  await set('paused', true);
  await e2e.condition({ namespace, name }, 'Ready=True/Paused');
  const child = { namespace, name: `${name}-icha` };
  const mark = e2e.audit.mark();

  await set('rollout.minReadySeconds', 7);
  await e2e.admin.remove(ServiceKind, child);
  await e2e.admin.patch(DeploymentKind, child, { spec: { progressDeadlineSeconds: 99 } });
  const paused = await seen();
  const whilePaused = writes(
    e2e.audit.since(mark, { user: operator.user, owner: name, subresource: '' }),
  );
  await set('paused', null);

  assert.equal(conditionText(paused, 'Ready'), 'Ready=True/Paused');
  assert.deepEqual(whilePaused.map(describeEntry), []);
  await eventually('edit and drift are followed', async () => {
    const { spec } = await e2e.admin.read(DeploymentKind, child);
    await e2e.admin.read(ServiceKind, child);
    assert.equal(at(spec, 'minReadySeconds'), 7);
    assert.equal(at(spec, 'progressDeadlineSeconds'), 600);
    return true;
  });
});

/** Waits until the operator has been through the newest generation. */
async function seen(): Promise<KubeObject> {
  return eventually('the operator has seen the newest generation', async () => {
    const resource = await e2e.resource(namespace, name);
    return statusOf(resource).observedGeneration === resource.metadata.generation && resource;
  });
}

/** What a child says at a path; of the ConfigMap that pods mount, the value of a key in its text. */
async function said([kind, path]: ChildPath): Promise<unknown> {
  const address = { namespace, name: `${name}-icha` };
  if (kind !== ConfigMapKind) return at(await e2e.admin.read(kind, address), path);
  const mounted = await said(pod('volumes[config].configMap.name'));
  const configMap = await e2e.admin.read(kind, { namespace, name: String(mounted) });
  const text = String(at(configMap, 'data[config.yaml]'));
  return new RegExp(`^ *${path}: (.*)$`, 'm').exec(text)?.[1];
}

function set(field: string, value: unknown): Promise<KubeObject> {
  const change = field
    .split('.')
    .reduceRight<unknown>((below, part) => ({ [part]: below }), value) as PassThrough;
  return e2e.edit({ namespace, name }, { spec: change });
}

async function configMaps(): Promise<readonly string[]> {
  const found = await e2e.admin.list(ConfigMapKind, namespace, `ingressha.dev/name=${name}`);
  return found.map(({ metadata }) => metadata.name);
}
