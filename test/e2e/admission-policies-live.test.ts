/**
 * The lock while a real operator works: it and Kubernetes do all they did without it, and a tenant may
 * scale and restart, but neither changes nor enters what runs with the controllers' account.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { ConfigMapKind } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_OPERAND_ACCOUNT as LOCKED } from '../../operator/desired/installer.ts';
import {
  change,
  configMap,
  creation,
  podSpec,
  tokenRequest,
  tokenSecret,
} from './admission-policies-attempts.ts';
import { ReplicaSetKind } from './support/admin.ts';
import {
  type Attempt,
  aTenant,
  installPolicies,
  kubectlOf,
  type Said,
  tryIt,
} from './support/admission.ts';
import { anObject, at, CANDIDATE_IMAGES, running, uniqueName } from './support/an-object.ts';
import { podsOf, podUids, remainsOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const READY = 'Ready=True/AsSpecified';
const STARTED = { within: 60_000 };
const REFUSED = /leads to all Secrets of the cluster/;

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace, operatorNamespace } = operator;
const tenant = await aTenant(e2e, [namespace]);
await installPolicies(e2e, {
  group: 'lock',
  namespace: operatorNamespace,
  served: namespace,
  operatorAccount: operatorNamespace,
});
const NAME = { serviceAccountName: LOCKED };
for (const attempt of [
  creation({ kind: 'Pod', namespace }, NAME),
  creation({ kind: 'Job', namespace }, NAME),
  tokenRequest(namespace, LOCKED),
  tokenSecret(namespace, LOCKED),
  configMap(namespace, { name: 'apisix-icha-9113e5122c' }),
]) {
  await eventually(`${attempt.what} is refused`, () => refused(attempt).then(() => true));
}

const address = { namespace, name: uniqueName('locked') };

describe('with the lock on', () => {
  test('the operator makes controllers, kubelets give them tokens, and one leads', async () => {
    const manager = { resources: { requests: { cpu: '10m' } } };
    await e2e.apply(anObject({ ...address, spec: running({ controller: { manager } }) }));

    await e2e.condition(address, READY, STARTED);
    await e2e.condition(address, 'LeaderElected=True/LeaseHeld');
  });

  test('a tenant changes no controller that runs', async () => {
    const pod = await aPod();
    const path = `/api/v1/*/pods/${pod}`;
    const container = { name: 'manager', image: 'localhost/pause:1' };
    const debug = { name: 'debug', image: 'localhost/pause:1' };
    const bigger = { name: 'manager', resources: { requests: { cpu: '11m' } } };

    await refused(changeAt(path, { spec: { containers: [container] } }));
    await refused(
      changeAt(`${path}/ephemeralcontainers`, { spec: { ephemeralContainers: [debug] } }),
    );
    await passes(changeAt(path, { metadata: { labels: { team: 'a' } } }));
    await passes(changeAt(`${path}/resize`, { spec: { containers: [bigger] } }));
  });

  test('a tenant enters none', async () => {
    const pod = await aPod();
    const sessions: readonly (readonly string[])[] = [
      ['exec', pod, '--', '/no-such-program'],
      ['attach', pod],
      ['port-forward', pod, ':8080'],
    ];
    for (const args of sessions) {
      const { code, stderr } = await tenantSays(...args);
      assert.equal(code, 1, args[0]);
      assert.match(
        stderr,
        /The account of pod ".*" leads to all Secrets .* nobody enters that pod/,
      );
    }
    const exec = ['exec', '-n', namespace, pod, '-c', 'manager', '--', '/no-such-program'];
    const admins = await kubectlOf(e2e, e2e.testbed.kubeconfig, { args: exec });
    assert.match(admins.stderr, /no-such-program.*no such file/);
  });

  test('a tenant that deletes a configuration puts none in its place; the operator does', async () => {
    const { metadata, data } = await theConfigMap();
    const { name } = metadata;
    await passes(changeAt(`/api/v1/*/configmaps/${name}`, { metadata: { labels: { team: 'a' } } }));

    const deleted = await tenantSays('delete', 'configmap', name);
    await refused(configMap(namespace, { name }));

    assert.equal(deleted.code, 0, deleted.stderr);
    await eventually('it is back', async () => {
      const now = await theConfigMap();
      return now.metadata.uid !== metadata.uid && assert.deepEqual(now.data, data) === undefined;
    });
  });

  test('a tenant changes no pod template, not even for a webhook that injects containers', async () => {
    const deployment = `/apis/apps/v1/*/deployments/${address.name}-icha`;
    const image = { containers: [{ name: 'manager', image: 'localhost/pause:1' }] };
    // The operator gives the account back, and leaves containers that are not its own.
    const none = { serviceAccountName: 'default', serviceAccount: 'default' };
    const borrowed = { ...none, containers: [{ name: 'theirs', image: 'localhost/pause:1' }] };

    for (const path of [deployment, `/apis/apps/v1/*/replicasets/${await aReplicaSet()}`]) {
      await refused(changeAt(path, templateOf({ spec: image })));
      await refused(changeAt(path, templateOf({ spec: borrowed })));
      await refused(changeAt(path, templateOf({ metadata: { annotations: { inject: 'x' } } })));
      await refused(changeAt(path, templateOf({ metadata: { labels: { inject: 'true' } } })));
      await passes(changeAt(path, { metadata: { labels: { team: 'a' } } }));
      await passes(changeAt(path, { spec: { replicas: 1 } }));
      await passes(changeAt(`${path}/scale`, { spec: { replicas: 1 } }));
    }
  });

  test('a tenant turns nothing of its own into the account', async () => {
    const annotations = { 'kubernetes.io/service-account.name': 'default' };
    await tenantApplies(aDeployment('shop'));
    await tenantApplies({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'shop', namespace, annotations } },
      type: 'kubernetes.io/service-account-token',
    });

    const deployment = '/apis/apps/v1/*/deployments/shop';
    await refused(changeAt(deployment, templateOf({ spec: NAME })));
    await refused(changeAt(deployment, templateOf({ spec: { serviceAccount: LOCKED, ...NAME } })));
    await passes(changeAt(deployment, templateOf({ spec: { hostname: 'shop' } })));
    const other = { 'kubernetes.io/service-account.name': LOCKED };
    const secret = '/api/v1/*/secrets/shop';
    await refused(changeAt(secret, { metadata: { annotations: other } }));
    await passes(changeAt(secret, { metadata: { annotations: { note: 'x' } } }));
  });

  test('a tenant’s `kubectl rollout restart` replaces all pods', async () => {
    const before = await podUids(e2e.admin, address);

    const restart = await tenantSays('rollout', 'restart', `deployment/${address.name}-icha`);
    assert.equal(restart.code, 0, restart.stderr);
    const done = await tenantSays('rollout', 'status', `deployment/${address.name}-icha`);

    assert.match(done.stdout, /successfully rolled out/);
    await e2e.condition(address, READY, STARTED);
    const now = await podUids(e2e.admin, address);
    assert.deepEqual([now.length, now.filter((uid) => before.includes(uid))], [2, []]);
  });

  test('the operator scales, rolls out and deletes', async () => {
    const image = { ...CANDIDATE_IMAGES.manager.image, tag: 'test' };

    await e2e.edit(address, { spec: { replicas: 3, controller: { manager: { image } } } });
    await e2e.condition(address, READY, STARTED);
    await eventually('only the new image runs', async () => {
      const pods = await podsOf(e2e.admin, address);
      const images = pods.map((pod) => at(pod, 'spec.containers[manager].image'));
      assert.deepEqual(images, Array(3).fill('localhost/candidate:test'));
      return true;
    });
    await e2e.kubectl('delete', 'icha', '-n', namespace, address.name);

    await eventually('nothing is left', async () => {
      return (await remainsOf(e2e.admin, address)).length === 0;
    });
  });
});

/** One that stays: the newest may still go when an older one is on its way out. */
async function aPod(): Promise<string> {
  return (await podsOf(e2e.admin, address))[0]?.metadata.name ?? '';
}

async function theConfigMap(): Promise<KubeObject> {
  const labels = `ingressha.dev/name=${address.name}`;
  const [only] = await e2e.admin.list(ConfigMapKind, namespace, labels);
  assert.ok(only, 'there is a ConfigMap');
  return only;
}

async function aReplicaSet(): Promise<string> {
  const labels = `ingressha.dev/name=${address.name}`;
  return (await e2e.admin.list(ReplicaSetKind, namespace, labels))[0]?.metadata.name ?? '';
}

/** One of a tenant's own, without pods. */
function aDeployment(name: string): PassThrough {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec({}) };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: { selector: { matchLabels: labels }, replicas: 0, template },
  };
}

function changeAt(path: string, body: PassThrough): Attempt {
  return change(`${JSON.stringify(body)} at ${path}`, { path, namespace }, body);
}

function templateOf(template: PassThrough): PassThrough {
  return { spec: { template } };
}

async function refused(attempt: Attempt): Promise<void> {
  const { status, body } = await tryIt(tenant.client, attempt);
  assert.equal(status, 403, `${attempt.what}: ${body.message}`);
  assert.match(body.message ?? '', REFUSED);
}

async function passes(attempt: Attempt): Promise<void> {
  const { status, body } = await tryIt(tenant.client, attempt);
  assert.equal(status, 200, `${attempt.what}: ${body.message}`);
}

function tenantSays(...args: readonly string[]): Promise<Said> {
  return kubectlOf(e2e, tenant.kubeconfig, { args: ['-n', namespace, ...args] });
}

async function tenantApplies(object: PassThrough): Promise<void> {
  const input = JSON.stringify(object);
  const { code, stderr } = await kubectlOf(e2e, tenant.kubeconfig, {
    args: ['apply', '-f', '-'],
    input,
  });
  assert.equal(code, 0, stderr);
}
