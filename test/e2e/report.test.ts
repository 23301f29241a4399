/**
 * `ingress-ha report` of a real installation with canaries in every place where a secret could stand: none
 * may come through, no Secret may be asked for, and the operator's log and metrics must be there.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  ConfigMapKind,
  DeploymentKind,
  PodKind,
  type ResourceKind,
} from '../../operator/base/resource-kinds.ts';
import { MANAGED_BY, selectorLabels } from '../../operator/desired/naming.ts';
import { anObject, at, running, uniqueName } from './support/an-object.ts';
import { writes } from './support/audit.ts';
import { runBundle } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import { loadOperatorImage, OPERATOR_IMAGE } from './support/operator-image.ts';

/** Pods that start on a busy machine. */
const STARTS = { within: 90_000 };
const CANARY = 'c4n4ry-';
const SecretKind: ResourceKind = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  scope: 'Namespaced',
};

const e2e = await startHarness();
const { admin, testbed } = e2e;
const operator = await e2e.startOperator({
  flags: ['--allow-env-and-volumes', '--allowed-pod-metadata=example.test/note'],
});
const { namespace, operatorNamespace } = operator;
const folder = await mkdtemp(join(tmpdir(), 'report-'));
after(() => rm(folder, { recursive: true }));
const name = uniqueName('risky');

await plantCanaries();
await installOperator();

describe('ingress-ha report', () => {
  test('of a whole installation holds it all but the canaries, and reads no Secret', async () => {
    const { kubeconfig, user } = await almighty();
    const file = join(folder, 'report.txt');
    const mark = e2e.audit.mark();

    const end = await report(kubeconfig, ['--output', file]);

    const text = await readFile(file, 'utf8');
    assert.deepEqual(
      [end.exitCode, end.stderr],
      [0, 'Look through it before you send it to anybody.\n'],
      text.slice(0, 3_000),
    );
    assert.equal(text.match(new RegExp(`${CANARY}\\S*`, 'g')), null);
    assertHolds(text);
    const asked = e2e.audit.since(mark, { user });
    assert.ok(asked.length > 10, 'the audit log tells of its requests');
    assert.deepEqual(
      asked.filter(({ resource }) => resource === 'secrets'),
      [],
    );
    assert.deepEqual(writes(asked), []);
    assert.deepEqual([...new Set(asked.map(({ verb }) => verb))].toSorted(), ['get', 'list']);
  });

  test('with few rights holds what they allow, and names the gaps', async () => {
    const { kubeconfig, account } = await powerless();
    await e2e.kubectl(
      ...['create', 'role', account, '-n', namespace],
      ...['--verb=get,list', '--resource=ingresscontrollerhas.ingressha.dev,pods'],
    );
    await e2e.kubectl(
      ...['create', 'rolebinding', account, '-n', namespace],
      ...[`--role=${account}`, `--serviceaccount=${namespace}:${account}`],
    );

    const end = await eventually('the rights are in force', async () => {
      const { exitCode, ...rest } = await report(kubeconfig, ['--output', '-']);
      return exitCode === 1 && rest;
    });

    assert.match(
      end.stdout,
      new RegExp(`^# ===== ingresscontrollerha/${namespace}/${name} =====$`, 'm'),
    );
    assert.match(end.stderr, /^Gap: Cannot list deployments .*forbidden/m);
    assert.match(end.stderr, /^Gap: Cannot get Lease .*forbidden/m);
    assert.doesNotMatch(end.stdout, new RegExp(CANARY));
  });

  test('without any right writes nothing', async () => {
    const { kubeconfig } = await powerless();

    const end = await report(kubeconfig, ['--output', '-']);

    assert.match(end.stderr, /Grant "get" on ingresscontrollerhas\.ingressha\.dev/);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
});

function report(kubeconfig: string, args: readonly string[]) {
  const where = ['-n', namespace, '--operator-namespace', operatorNamespace];
  return runBundle(['report', name, ...where, '--kubeconfig', kubeconfig, ...args]);
}

/** What whoever helps needs to see, with the names of this installation. */
function assertHolds(text: string): void {
  const title = (path: string) => new RegExp(`^# ===== ${path} =====$`, 'm');
  const ours = `${namespace}/${name}`;
  for (const path of [
    `ingresscontrollerha/${ours}`,
    `deployment/${ours}-icha`,
    `replicaset/${ours}-icha-\\w+`,
    `pod/${ours}-icha-\\S+`,
    `configmap/${ours}-icha-\\w+`,
    `role/${ours}-icha`,
    `rolebinding/${ours}-icha`,
    `poddisruptionbudget/${ours}-icha`,
    `service/${ours}-icha`,
    `lease/${ours}-leader`,
    'node/\\S+',
    'customresourcedefinition/ingresscontrollerhas\\.ingressha\\.dev',
    `deployment/${operatorNamespace}/operator`,
    `logs/${operatorNamespace}/operator-\\S+`,
    `metrics/${operatorNamespace}/operator-\\S+`,
    'event/\\S+',
    'versions/server',
  ]) {
    assert.match(text, title(path));
  }
  assert.match(text, /"msg":"Following the leader"/);
  assert.match(text, /^process_cpu_seconds_total/m);
  assert.match(text, /lease_duration: 10s/);
}

async function plantCanaries(): Promise<void> {
  const labels = selectorLabels({ name });
  const secret = { stringData: { token: `${CANARY}secret` } };
  await admin.create(planted(SecretKind, labels, secret), SecretKind);
  await admin.create(planted(ConfigMapKind, labels, { data: { any: `${CANARY}data` } }));
  const spec = running({
    controller: {
      manager: { env: [{ name: 'PLAIN', value: `${CANARY}env` }] },
      configOverrides: { stranger: { key: `${CANARY}config` } },
    },
    inheritedMetadata: { annotations: { 'example.test/note': `${CANARY}inherited` } },
  });
  const resource = anObject({ namespace, name, spec });
  const annotations = { 'example.test/note': `${CANARY}annotation` };
  await e2e.apply({ ...resource, metadata: { ...resource.metadata, annotations } });
  await e2e.condition({ namespace, name }, 'Ready=True/AsSpecified', STARTS);
  const deployment = await admin.read(DeploymentKind, { namespace, name: `${name}-icha` });
  const risky = JSON.stringify(deployment);
  for (const planted of ['env', 'inherited']) assert.ok(risky.includes(CANARY + planted));
}

function planted(
  { apiVersion, kind }: ResourceKind,
  labels: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, unknown>>,
): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: uniqueName('planted'), namespace, labels },
    ...fields,
  };
}

/** A second operator, as a Deployment, which follows that of this test. */
async function installOperator(): Promise<void> {
  await loadOperatorImage(testbed);
  const labels = {
    'app.kubernetes.io/name': MANAGED_BY,
    'app.kubernetes.io/component': 'operator',
  };
  const { repository, tag } = OPERATOR_IMAGE;
  const container = {
    name: 'operator',
    image: `${repository}:${tag}`,
    imagePullPolicy: 'Never',
    args: ['run', `--namespaces=${namespace}`, `--operator-namespace=${operatorNamespace}`],
    env: [{ name: 'UNUSED', value: `${CANARY}operator` }],
    readinessProbe: { httpGet: { path: '/readyz', port: 8081 }, periodSeconds: 1 },
  };
  const { apiVersion, kind } = DeploymentKind;
  const metadata = { name: 'operator', namespace: operatorNamespace, labels };
  const pod = {
    serviceAccountName: operatorNamespace,
    automountServiceAccountToken: true,
    containers: [container],
  };
  const template = { metadata: { labels }, spec: pod };
  await admin.create({
    apiVersion,
    kind,
    metadata,
    spec: { selector: { matchLabels: labels }, template },
  });
  await eventually(
    'the operator in the cluster is Ready',
    async () => {
      const [found] = await admin.list(PodKind, operatorNamespace);
      return at(found, 'status.containerStatuses[operator].ready') === true;
    },
    STARTS,
  );
}

/** An account that could read Secrets, so that only the command's own restraint keeps it from that. */
async function almighty() {
  const { account, ...rest } = await powerless();
  const binding = `${account}-${namespace}`;
  after(() => e2e.kubectl('delete', 'clusterrolebinding', binding));
  await e2e.kubectl(
    ...['create', 'clusterrolebinding', binding, '--clusterrole=cluster-admin'],
    `--serviceaccount=${namespace}:${account}`,
  );
  await eventually('it may do everything', () =>
    e2e.kubectl('auth', 'can-i', 'get', 'secrets', '-A', `--as=${rest.user}`),
  );
  return rest;
}

async function powerless() {
  const account = uniqueName('reader');
  await e2e.kubectl('create', 'serviceaccount', '-n', namespace, account);
  const user = `system:serviceaccount:${namespace}:${account}`;
  return { account, user, kubeconfig: await testbed.kubeconfigFor(namespace, account) };
}
