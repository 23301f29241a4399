/**
 * The operator applies what it wants to what it takes for its own, and leaves the rest of it as it is. So
 * the lock lets nobody else make what passes for that, nor take the account away to put something beside it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { DeploymentKind } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_OPERAND_ACCOUNT as LOCKED } from '../../operator/desired/installer.ts';
import {
  change,
  creation,
  type Named,
  podSpec,
  RUNNING_KINDS,
} from './admission-policies-attempts.ts';
import { type Attempt, allow, aTenant, installPolicies, tryIt } from './support/admission.ts';
import { anObject, at, uniqueName } from './support/an-object.ts';
import { deploymentOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const TEMPLATES = /only the operator writes pod templates with it, while all may scale and restart/;
const MARKED =
  /passes as the operator’s by its labels or its owner, .* only the operator makes and changes such objects/;
const DEPLOYER = 'system:serviceaccount:kube-system:deployment-controller';
const EXEMPT = 'rehearsal';
const WORKLOADS = Object.keys(RUNNING_KINDS).filter((kind) => kind !== 'Pod');

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace, operatorNamespace: home, user } = operator;
const other = await e2e.newNamespace();
const tenant = await aTenant(e2e, [namespace, home, other]);
await Promise.all([DEPLOYER, EXEMPT].map((who) => allow(e2e, who, [namespace])));
await installPolicies(e2e, {
  ...{ group: 'lock', namespace: home, served: namespace, operatorAccount: home },
  exemptUsers: [EXEMPT],
});

/** A resource of which the operator has made all. */
const address = { namespace, name: uniqueName('marked') };
await e2e.apply(anObject(address));
await e2e.condition(address, 'Ready=True/ScaledToZero');
const MARKS: readonly PassThrough[] = [
  { labels: { 'ingressha.dev/name': address.name } },
  { labels: { 'app.kubernetes.io/managed-by': 'ingress-controller-ha' } },
  { ownerReferences: [await ownerReference()] },
];
await eventually('what is marked is refused', async () => {
  for (const mark of MARKS) await refused(made('Job', mark), MARKED);
  return true;
});

describe('what passes as the operator’s', () => {
  test('is made by no tenant, of whatever kind and with whatever account', async () => {
    for (const mark of MARKS) {
      for (const kind of WORKLOADS) await refused(made(kind, mark), MARKED);
      await refused(creation({ kind: 'Deployment', namespace: home }, {}, mark), MARKED);
      await passes(creation({ kind: 'Deployment', namespace: other }, {}, mark), 201);
    }
    await passes(made('Deployment', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }), 201);
  });

  test('is made of nothing that a tenant has', async () => {
    await deploy('bait', {});

    for (const metadata of MARKS) await refused(changeOf('bait', { metadata }), MARKED);
    await passes(changeOf('bait', { metadata: { labels: { team: 'a' } } }));
  });

  test('is made by the operator, and by Kubernetes on the way to its pods', async () => {
    for (const mark of MARKS) {
      await passes(made('Deployment', mark), 201, user);
      await passes(made('ReplicaSet', mark), 201, DEPLOYER);
      await refused(made('Deployment', mark), MARKED, DEPLOYER);
      await passes(made('Deployment', mark), 201, EXEMPT);
    }
  });

  test('is scaled and restarted by tenants, and not moved to another resource', async () => {
    const name = `${address.name}-icha`;
    const again = { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } };

    await passes(changeOf(name, { spec: { replicas: 1 } }));
    await passes(changeOf(name, { spec: { template: { metadata: again } } }));
    await passes(changeOf(name, { metadata: { labels: { team: 'a' } } }));
    await refused(changeOf(name, { metadata: { labels: { 'ingressha.dev/name': 'b' } } }), MARKED);
  });

  test('has no container but the operator’s, where a tenant has tried before the resource was there', async () => {
    const later = { namespace, name: uniqueName('later') };
    const labels = {
      'ingressha.dev/name': later.name,
      'app.kubernetes.io/managed-by': 'ingress-controller-ha',
    };
    await refused(made('Deployment', { name: `${later.name}-icha`, labels }), MARKED);

    await e2e.apply(anObject(later));
    await e2e.condition(later, 'Ready=True/ScaledToZero');

    assert.deepEqual(await containersOf(later), ['adc-server', 'manager']);
  });
});

describe('the account', () => {
  /** A container beside those that are there, and another account for all. */
  const none = { serviceAccountName: 'default', serviceAccount: 'default' };
  const borrowed = { ...none, containers: [{ name: 'theirs', image: 'localhost/pause:1' }] };
  const taking = { spec: { template: { spec: borrowed } } };

  test('is not taken away to put a container beside it', async () => {
    await refused(changeOf(`${address.name}-icha`, taking), TEMPLATES);
    assert.deepEqual(await containersOf(address), ['adc-server', 'manager']);
  });

  test('is not taken away where nothing else says whose the object is', async () => {
    await deploy('taken', { serviceAccountName: LOCKED });

    await refused(changeOf('taken', taking), TEMPLATES);
    await refused(changeOf('taken', { spec: { template: { spec: none } } }), TEMPLATES);
  });

  test('is given by the operator to nothing that somebody has put in the place of its own', async () => {
    await deploy('shop', {});
    const given = { spec: { template: { spec: podSpec({ serviceAccountName: LOCKED }) } } };

    await refused(changeOf('shop', given), TEMPLATES, user);
    const labels = { 'ingressha.dev/name': 'shop' };
    await e2e.admin.patch(DeploymentKind, { namespace, name: 'shop' }, { metadata: { labels } });
    await passes(changeOf('shop', given), 200, user);
  });
});

/** What names the resource as the owner. */
async function ownerReference(): Promise<PassThrough> {
  const { apiVersion, kind, metadata } = await e2e.resource(namespace, address.name);
  return { apiVersion, kind, name: address.name, uid: metadata.uid, controller: true };
}

async function containersOf(of: typeof address): Promise<readonly string[]> {
  const deployment = await deploymentOf(e2e.admin, of);
  const containers = at(deployment, 'spec.template.spec.containers') as readonly Container[];
  return containers.map(({ name }) => name).toSorted();
}

interface Container {
  readonly name: string;
}

/** The creation of an object that bears such a mark, and no account. */
function made(kind: string, mark: PassThrough): Attempt {
  return creation({ kind, namespace }, {}, mark);
}

function changeOf(name: string, body: PassThrough): Attempt {
  const path = `/apis/apps/v1/*/deployments/${name}`;
  return change(`${JSON.stringify(body)} of ${name}`, { path, namespace }, body);
}

/** A Deployment without pods, by the admin. */
function deploy(name: string, named: Named): Promise<KubeObject> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(named) };
  return e2e.apply({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  });
}

/** As the tenant, or as another user whom the admin impersonates. */
function answer(attempt: Attempt, as?: string) {
  return tryIt(as === undefined ? tenant.client : e2e.admin, attempt, as);
}

async function refused(attempt: Attempt, sentence: RegExp, as?: string): Promise<void> {
  const { status, body } = await answer(attempt, as);
  assert.equal(status, 403, `${as ?? 'the tenant'} tries ${attempt.what}: ${body.message}`);
  assert.match(body.message ?? '', sentence);
}

async function passes(attempt: Attempt, expected = 200, as?: string): Promise<void> {
  const { status, body } = await answer(attempt, as);
  assert.equal(status, expected, `${as ?? 'the tenant'} tries ${attempt.what}: ${body.message}`);
}
