/**
 * The commands that Jobs run in a cluster, as ServiceAccounts with exactly the rights that they need:
 * get and patch on the one CustomResourceDefinition, get on the one resource.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { CRD_NAME } from '../../operator/api/crd.ts';
import {
  API_GROUP,
  CustomResourceDefinitionKind,
  IngressControllerHAKind,
  type ResourceKind,
  RoleBindingKind,
  RoleKind,
} from '../../operator/base/resource-kinds.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import { anObject, running, uniqueName } from './support/an-object.ts';
import { runBundle } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ClusterRoleKind = clusterScoped('ClusterRole', 'clusterroles');
const ClusterRoleBindingKind = clusterScoped('ClusterRoleBinding', 'clusterrolebindings');
/** A port that nothing listens on. */
const NOWHERE = 'https://127.0.0.1:1';
const CRD = `customresourcedefinition.apiextensions.k8s.io/${CRD_NAME}`;

const e2e = await startHarness();
const { admin, testbed } = e2e;
const operator = await e2e.startOperator();
const { namespace } = operator;
const unserved = await e2e.newNamespace();
const powerless = await account(namespace);

describe('ingress-ha crds apply', { concurrency: true }, () => {
  test('changes nothing where it has been before, with get and patch on that one object', async () => {
    const { kubeconfig, user, name } = await account(namespace);
    await allowCrd(name);
    const first = await runBundle(['crds', 'apply', '--kubeconfig', kubeconfig]);
    assert.deepEqual([first.exitCode, first.stderr], [0, '']);
    const mark = e2e.audit.mark();

    // Another test file may install the same content meanwhile, and write its own name beside it.
    await eventually('a second apply finds everything as it was', async () => {
      const before = await admin.read(CustomResourceDefinitionKind, { name: CRD_NAME });
      const again = await runBundle(['crds', 'apply', '--kubeconfig', kubeconfig]);
      const now = await admin.read(CustomResourceDefinitionKind, { name: CRD_NAME });
      assert.deepEqual([again.exitCode, again.stderr], [0, '']);
      assert.equal(again.stdout, `${CRD} unchanged\n`);
      assert.deepEqual(now, before);
      return true;
    });

    const asked = e2e.audit.since(mark, { user }).map(({ verb, code }) => `${verb} ${code}`);
    assert.deepEqual([...new Set(asked)], ['get 200', 'patch 200']);
  });

  test('asks only, when it is a dry run', async () => {
    const { kubeconfig, user, name } = await account(namespace);
    await allowCrd(name);
    const mark = e2e.audit.mark();

    const end = await runBundle(['crds', 'apply', '--dry-run=server', '--kubeconfig', kubeconfig]);

    assert.match(
      end.stdout,
      /^customresource\S* (serverside-applied|unchanged) \(server dry run\)\n$/,
    );
    assert.deepEqual([end.exitCode, end.stderr], [0, '']);
    const patches = e2e.audit.since(mark, { user, verb: 'patch' });
    assert.deepEqual(
      patches.map(({ dryRun, code }) => ({ dryRun, code })),
      [{ dryRun: true, code: 200 }],
    );
  });

  test('names the rights that are missing', async () => {
    const { kubeconfig, user } = powerless;

    const end = await runBundle(['crds', 'apply', '--kubeconfig', kubeconfig]);

    assert.match(end.stderr, new RegExp(`^Cannot get Custom.*"${user}" cannot get resource.*`));
    assert.match(end.stderr, new RegExp(`\\. Grant "get" and "patch" on ${CRD}\\.\\n$`));
    assert.deepEqual([end.exitCode, end.stdout], [1, '']);
  });
});

describe('ingress-ha status', { concurrency: true }, () => {
  test('--wait follows a new resource until it leads, with get on that one object', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace, spec: running() }));
    const { kubeconfig, user, name } = await account(namespace);
    await allowGet(name, namespace, [metadata.name]);
    const mark = e2e.audit.mark();

    const end = await runBundle(['status', metadata.name, '--wait', '--kubeconfig', kubeconfig]);

    assert.deepEqual([end.exitCode, end.stderr], [0, '']);
    const lines = end.stdout.trimEnd().split('\n');
    assert.equal(new Set(lines).size, lines.length);
    assert.equal(
      lines.at(-1),
      `${namespace}/${metadata.name}: Ready=True AsSpecified: 2 replicas are ready and one of them leads`,
    );
    const asked = e2e.audit.since(mark, { user }).map(({ verb, code }) => `${verb} ${code}`);
    assert.deepEqual([...new Set(asked)], ['get 200']);
  });

  test('--wait ends at once for a resource that only a person can help', async () => {
    const image = { repository: 'localhost/nobody-allowed-this' };
    const spec = { controller: { manager: { image } } };
    const { metadata } = await e2e.apply(anObject({ namespace, spec }));
    const { kubeconfig, name } = await account(namespace);
    await allowGet(name, namespace, [metadata.name]);

    const end = await runBundle(['status', metadata.name, '--wait', '--kubeconfig', kubeconfig]);

    assert.match(end.stdout, /: Ready=False Stalled=True ImageRefused: .*\n$/);
    assert.deepEqual([end.exitCode, end.stderr], [1, '']);
  });

  test('says that perhaps no operator serves the namespace, by itself and at the end of a wait', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace: unserved }));
    const { kubeconfig, name } = await account(unserved);
    await allowGet(name, unserved, [metadata.name]);
    const args = ['status', metadata.name, '--kubeconfig', kubeconfig];

    const once = await runBundle(args);
    const waited = await runBundle([...args, '--wait', '--timeout', '2s']);

    assert.match(
      once.stdout.replaceAll(/\s+/g, ' '),
      /^\S+: No operator has looked at it yet: perhaps none serves namespace/,
    );
    assert.match(waited.stdout, /^\S+: No operator has looked at it yet\n$/);
    assert.match(waited.stderr, /" is not Ready after 2s: see the last line\.\n$/);
    assert.deepEqual([once.exitCode, waited.exitCode], [1, 1]);
  });

  test('can not tell about a resource that is not there, and says what to check', async () => {
    const { kubeconfig, name } = await account(namespace);
    await allowGet(name, namespace, ['nowhere']);

    const end = await runBundle(['status', 'nowhere', '--wait', '--kubeconfig', kubeconfig]);

    assert.match(
      end.stderr,
      /^Cannot get IngressControllerHA ".*\/nowhere": .*"nowhere" not found\. Check/,
    );
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });

  test('can not tell without the right to get it, and names that right', async () => {
    const end = await runBundle(['status', 'edge', '--kubeconfig', powerless.kubeconfig]);

    assert.match(
      end.stderr,
      /forbidden: User .* Grant "get" on ingresscontrollerhas\.ingressha\.dev in /,
    );
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });

  test('can not tell when nothing answers at that address', async () => {
    const { kubeconfig } = powerless;
    const file = `${kubeconfig}.unreachable`;
    const config = (await readFile(kubeconfig, 'utf8')).replaceAll(testbed.server, NOWHERE);
    await writeFile(file, config, { mode: 0o600 });

    const end = await runBundle(['status', 'edge', '--kubeconfig', file]);

    assert.match(end.stderr, /ECONNREFUSED.* The API server is https:\/\/127\.0\.0\.1:1: check/);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
});

interface Account {
  readonly name: string;
  readonly user: string;
  readonly kubeconfig: string;
}

/** A ServiceAccount without any right. */
async function account(where: string): Promise<Account> {
  const name = uniqueName('job');
  await e2e.kubectl('create', 'serviceaccount', '-n', where, name);
  const user = `system:serviceaccount:${where}:${name}`;
  return { name, user, kubeconfig: await testbed.kubeconfigFor(where, name) };
}

async function allowCrd(name: string): Promise<void> {
  const metadata = { name: `${name}-${namespace}` };
  after(async () => {
    await admin.remove(ClusterRoleBindingKind, metadata);
    await admin.remove(ClusterRoleKind, metadata);
  });
  const rule: PolicyRule = {
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    resourceNames: [CRD_NAME],
    verbs: ['get', 'patch'],
  };
  await admin.create({ ...typeOf(ClusterRoleKind), metadata, rules: [rule] }, ClusterRoleKind);
  const binding = {
    ...typeOf(ClusterRoleBindingKind),
    metadata,
    ...boundTo(ClusterRoleKind, metadata.name, { name, namespace }),
  };
  await admin.create(binding, ClusterRoleBindingKind);
  await inForce('patch', `customresourcedefinitions.apiextensions.k8s.io/${CRD_NAME}`, {
    name,
    namespace,
  });
}

async function allowGet(name: string, where: string, names: readonly string[]): Promise<void> {
  const metadata = { name, namespace: where };
  const rule: PolicyRule = {
    apiGroups: [API_GROUP],
    resources: [IngressControllerHAKind.plural],
    resourceNames: names,
    verbs: ['get'],
  };
  await admin.create({ ...typeOf(RoleKind), metadata, rules: [rule] });
  await admin.create({
    ...typeOf(RoleBindingKind),
    metadata,
    ...boundTo(RoleKind, name, metadata),
  });
  const [first = ''] = names;
  await inForce('get', `${IngressControllerHAKind.plural}.${API_GROUP}/${first}`, metadata);
}

/** The API server learns of a new binding by a watch of its own. */
async function inForce(
  verb: string,
  object: string,
  { name, namespace: where }: { readonly name: string; readonly namespace: string },
): Promise<void> {
  const user = `--as=system:serviceaccount:${where}:${name}`;
  await eventually(`${name} may ${verb} ${object}`, () =>
    e2e.kubectl('auth', 'can-i', verb, object, '-n', where, user),
  );
}

function boundTo(
  kind: ResourceKind,
  role: string,
  subject: { readonly name: string; readonly namespace: string },
) {
  return {
    roleRef: { apiGroup: RBAC, kind: kind.kind, name: role },
    subjects: [{ kind: 'ServiceAccount', ...subject }],
  };
}

function typeOf({ apiVersion, kind }: ResourceKind) {
  return { apiVersion, kind };
}

function clusterScoped(kind: string, plural: string): ResourceKind {
  return { apiVersion: `${RBAC}/v1`, kind, plural, scope: 'Cluster' };
}
