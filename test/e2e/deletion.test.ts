/**
 * Every way to delete ends, with the operator there or not: nothing stays Terminating, no Lease is
 * left behind, and what the user wants to keep keeps running. No pods: those are in orphan.test.ts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { DeploymentKind, IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { DEFAULT_OPERAND_ACCOUNT } from '../../operator/desired/installer.ts';
import { childName } from '../../operator/desired/naming.ts';
import { operatorRights } from '../../operator/desired/rights.ts';
import { type Address, NamespaceKind, type Propagation } from './support/admin.ts';
import { anObject } from './support/an-object.ts';
import { childrenOf, namesOf, remainsOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import type { TestOperator } from './support/operator.ts';

/** No deletion may take longer, whatever else happens. */
const END_LIMIT = { within: 60_000 };
const CASCADES: readonly Propagation[] = ['Background', 'Foreground', 'Orphan'];

const e2e = await startHarness();
const { admin } = e2e;
const other = await e2e.newNamespace();
const [awake, asleep, doomed, deserted] = await Promise.all([
  e2e.startOperator({ namespaces: [await e2e.newNamespace(), other] }),
  e2e.startOperator(),
  e2e.startOperator(),
  e2e.startOperator(),
]);

async function settled(namespace: string, spec = {}): Promise<KubeObject> {
  const { metadata } = await e2e.apply(anObject({ namespace, spec }));
  return e2e.condition(metadata, 'Ready=True/ScaledToZero');
}

function remove(resource: KubeObject, cascade: Propagation = 'Background'): Promise<void> {
  return admin.remove(IngressControllerHAKind, resource.metadata, cascade);
}

function gone(address: Address): Promise<unknown> {
  return eventually(
    `nothing is left of ${address.name}`,
    async () => {
      const left = await remainsOf(admin, address);
      return left.length === 0 || Promise.reject(new Error(`there is ${namesOf(left)}`));
    },
    END_LIMIT,
  );
}

/** What an orphan cascade leaves is whole and nobody's, until its Deployment is deleted. */
async function orphaned({ metadata }: KubeObject): Promise<void> {
  await eventually(
    `${metadata.name} leaves orphans`,
    async () => {
      const left = await remainsOf(admin, metadata);
      assert.ok(left.every((object) => object.kind !== 'IngressControllerHA'));
      assert.ok(left.every((object) => object.metadata.deletionTimestamp === undefined));
      const owned = left.filter(({ metadata: { ownerReferences = [] } }) =>
        ownerReferences.some(({ kind }) => kind === 'IngressControllerHA'),
      );
      assert.equal(namesOf(owned), '');
      const kinds = left.map(({ kind }) => kind);
      assert.ok(kinds.includes('Deployment') && kinds.includes('Lease'), namesOf(left));
      return true;
    },
    END_LIMIT,
  );
}

/** Deletes what an orphan cascade has kept, all but the Lease: that is the operator's to take. */
async function removeOrphans({ metadata }: KubeObject): Promise<void> {
  const { namespace = '', name } = metadata;
  const kinds = 'configmap,role,rolebinding,service,poddisruptionbudget';
  await admin.remove(DeploymentKind, { namespace, name: childName({ name }) });
  await e2e.kubectl('delete', kinds, '-n', namespace, '-l', `ingressha.dev/name=${name}`);
}

describe('a deleted resource leaves nothing', { concurrency: true }, () => {
  for (const cascade of CASCADES) {
    test(`by ${cascade} cascade`, async () => {
      const resource = await settled(awake.namespace);

      await remove(resource, cascade);

      if (cascade === 'Orphan') {
        await orphaned(resource);
        await removeOrphans(resource);
      }
      await gone(resource.metadata);
    });
  }

  test('by any cascade while the operator is down, once it is back', async () => {
    const resources = await Promise.all(CASCADES.map(() => settled(asleep.namespace)));
    await asleep.stop();

    await Promise.all(resources.map((resource, index) => remove(resource, CASCADES[index])));
    await Promise.all(
      resources.map(({ metadata }) =>
        eventually(
          `${metadata.name} is gone`,
          async () => (await admin.get(IngressControllerHAKind, metadata)) === undefined,
          END_LIMIT,
        ),
      ),
    );
    await asleep.startAgain();

    const [background, foreground, orphan] = resources;
    assert.ok(background && foreground && orphan);
    await Promise.all([gone(background.metadata), gone(foreground.metadata), orphaned(orphan)]);
    await removeOrphans(orphan);
    await gone(orphan.metadata);
  });

  test('while it is paused', async () => {
    const { metadata } = await settled(awake.namespace);
    await e2e.edit(metadata, { spec: { paused: true } });
    const resource = await e2e.condition(metadata, 'Ready=True/Paused');

    await remove(resource);

    await gone(metadata);
  });

  test('and its successor of the same name gets children of its own', async () => {
    const first = await settled(awake.namespace);

    await remove(first);
    const { name, namespace = '' } = first.metadata;
    const second = await e2e.apply(anObject({ namespace, name }));
    await e2e.condition(second.metadata, 'Ready=True/ScaledToZero', END_LIMIT);

    const children = await childrenOf(admin, second.metadata);
    const owned = children.filter(({ kind }) => kind !== 'Lease');
    assert.equal(children.length, owned.length + 1);
    assert.deepEqual(
      owned.map(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid)),
      owned.map(() => [second.metadata.uid]),
    );
  });
});

describe('a deleted namespace ends', { concurrency: true }, () => {
  test('with the resources in it, and the operator goes on in another one', async () => {
    const { pid } = awake;
    await settled(other);

    await removeNamespace(other);

    await namespaceGone(other);
    assert.equal(awake.pid, pid);
    assert.ok(awake.runs);
    await settled(awake.namespace);
  });

  test('while the operator is down, which then waits until it is installed again', async () => {
    const { namespace } = doomed;
    await settled(namespace);
    await doomed.stop();

    await removeNamespace(namespace);
    await namespaceGone(namespace);
    const back = doomed.startAgain();
    await doomed.logged('Watch interrupted');
    await admin.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      NamespaceKind,
    );
    await grantRights(doomed);

    await back;
    await settled(namespace);
  });

  test('together with the resource and all rights of the operator', async () => {
    const resource = await settled(deserted.namespace);

    await Promise.all([remove(resource), removeRights(deserted), ...namespacesOf(deserted)]);

    await namespaceGone(deserted.namespace);
    await namespaceGone(deserted.operatorNamespace);
  });
});

function removeNamespace(name: string): Promise<void> {
  return admin.remove(NamespaceKind, { name });
}

function namespacesOf({ namespace, operatorNamespace }: TestOperator): readonly Promise<void>[] {
  return [removeNamespace(namespace), removeNamespace(operatorNamespace)];
}

async function removeRights({ operatorNamespace, namespace }: TestOperator): Promise<void> {
  const name = operatorNamespace; // the harness names account and roles after it
  await e2e.kubectl('delete', 'clusterrole,clusterrolebinding', name);
  const operand = `${DEFAULT_OPERAND_ACCOUNT}-${namespace}`;
  await e2e.kubectl('delete', 'clusterrolebinding', operand);
}

async function grantRights({ operatorNamespace, namespace }: TestOperator): Promise<void> {
  const items = operatorRights({
    operatorNamespace,
    servedNamespaces: [namespace],
    serviceAccountName: operatorNamespace,
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await e2e.testbed.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
}

function namespaceGone(name: string): Promise<unknown> {
  return eventually(
    `namespace ${name} is gone`,
    async () => {
      const left = await admin.get(NamespaceKind, { name });
      return left === undefined || Promise.reject(new Error(JSON.stringify(left.status)));
    },
    END_LIMIT,
  );
}
