/** What others do to our children is undone at once and with one write; what is theirs stays. */
import assert from 'node:assert/strict';
import { before, describe, type TestContext, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  CHILD_KINDS,
  ConfigMapKind,
  DeploymentKind,
  DisruptionBudgetKind,
  IngressControllerHAKind,
  LeaseKind,
  type ResourceKind,
  RoleBindingKind,
  RoleKind,
  ServiceKind,
} from '../../operator/base/resource-kinds.ts';
import { MANAGED_BY_LABEL, NAME_LABEL } from '../../operator/desired/naming.ts';
import { anObject, at, statusOf, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { eventually, timeUntil } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace } = operator;

/** Every kind of child, although no pod of it ever runs. */
const name = uniqueName('drift');
const NOWHERE = { replicas: 2, placement: { nodeSelector: { 'e2e.test/nowhere': 'yes' } } };
let known: ReadonlyMap<string, KubeObject>;

before(async () => {
  await e2e.apply(anObject({ namespace, name, spec: NOWHERE }));
  await e2e.condition({ namespace, name }, 'Ready=False/RollingOut');
  await eventually('all children are there', async () => {
    const found = await Promise.all(CHILD_KINDS.map(childOf));
    known = new Map(found.flatMap((child) => (child === undefined ? [] : [[child.kind, child]])));
    return known.size === CHILD_KINDS.length;
  });
});

/** An edit that contradicts what we mean, for each kind. */
const edits: ReadonlyMap<ResourceKind, Readonly<Record<string, unknown>>> = new Map([
  [ConfigMapKind, { metadata: { labels: { 'app.kubernetes.io/instance': 'other' } } }],
  [RoleKind, { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }],
  [RoleBindingKind, { subjects: [{ kind: 'ServiceAccount', name: 'other', namespace }] }],
  [LeaseKind, { metadata: { labels: { 'app.kubernetes.io/instance': 'other' } } }],
  [ServiceKind, { spec: { selector: { 'app.kubernetes.io/instance': 'other' } } }],
  [DisruptionBudgetKind, { spec: { maxUnavailable: 2 } }],
  [DeploymentKind, { spec: { minReadySeconds: 99 } }],
]);

describe('a child that is edited is put right with one write', () => {
  for (const [kind, change] of edits) {
    test(kind.kind, async (t) => {
      const mark = e2e.audit.mark();

      await e2e.admin.patch(kind, address(kind), change);

      await repaired(t, `${kind.kind} edited`, () => assertRestored(kind));
      assert.deepEqual(childWrites(mark), [`patch ${kind.plural}/${address(kind).name} 200`]);
    });
  }
});

describe('a child that is deleted comes back with one write', () => {
  for (const kind of CHILD_KINDS) {
    test(kind.kind, async (t) => {
      const mark = e2e.audit.mark();
      const { uid } = known.get(kind.kind)?.metadata ?? {};

      await e2e.admin.remove(kind, address(kind));

      await repaired(t, `${kind.kind} deleted`, async () => {
        const child = await e2e.admin.read(kind, address(kind));
        assert.notEqual(child.metadata.uid, uid);
        await assertRestored(kind);
      });
      assert.deepEqual(childWrites(mark), [`patch ${kind.plural}/${address(kind).name} 201`]);
    });
  }
});

describe('a child that loses the label by which we find it gets it back with one write', () => {
  for (const kind of [DeploymentKind, LeaseKind]) {
    for (const label of [MANAGED_BY_LABEL, NAME_LABEL]) {
      test(`${kind.kind}, ${label}`, async (t) => {
        const mark = e2e.audit.mark();

        await e2e.admin.patch(kind, address(kind), { metadata: { labels: { [label]: null } } });

        await repaired(t, `${kind.kind} without ${label}`, () => assertRestored(kind));
        assert.deepEqual(childWrites(mark), [`patch ${kind.plural}/${address(kind).name} 200`]);
      });
    }
  }
});

test('fields of others stay through a repair', async (t) => {
  const foreign = { annotations: { 'e2e.test/note': 'mine' }, labels: { 'e2e.test/tag': 'mine' } };
  const mark = e2e.audit.mark();
  await e2e.admin.patch(ServiceKind, address(ServiceKind), { metadata: foreign });

  const change = { metadata: { labels: { 'app.kubernetes.io/instance': 'other' } } };
  await e2e.admin.patch(ServiceKind, address(ServiceKind), change);

  await repaired(t, 'Service edited beside foreign fields', () => assertRestored(ServiceKind));
  const { metadata } = await e2e.admin.read(ServiceKind, address(ServiceKind));
  assert.equal(metadata.annotations?.['e2e.test/note'], 'mine');
  assert.equal(metadata.labels?.['e2e.test/tag'], 'mine');
  assert.deepEqual(childWrites(mark), [`patch services/${address(ServiceKind).name} 200`]);
});

test('a RoleBinding keeps no subject that somebody adds', async (t) => {
  const subjects = at(known.get('RoleBinding'), 'subjects');
  const added = [
    ...(subjects as readonly object[]),
    { ...(subjects as readonly object[])[0], name: 'intruder' },
  ];
  const mark = e2e.audit.mark();

  await e2e.admin.patch(RoleBindingKind, address(RoleBindingKind), { subjects: added });

  await repaired(t, 'RoleBinding with an added subject', () => assertRestored(RoleBindingKind));
  assert.equal(childWrites(mark).length, 1);
});

test('a status that is edited by hand is put right with one write', async (t) => {
  const { status: before } = await e2e.resource(namespace, name);
  const mark = e2e.audit.mark();

  const change = { status: { replicas: 99, conditions: [] } };
  await e2e.admin.patch(IngressControllerHAKind, { namespace, name }, change, 'status');

  await repaired(t, 'status edited', async () => {
    const { replicas, conditions } = statusOf(await e2e.resource(namespace, name));
    assert.deepEqual(replicas, at(before, 'replicas'));
    const kinds = (list: unknown) => (list as readonly { type: string }[]).map(({ type }) => type);
    assert.deepEqual(kinds(conditions), kinds(at(before, 'conditions')));
  });
  const entries = writes(e2e.audit.since(mark, { user: operator.user, owner: name }));
  assert.deepEqual(entries.map(describeEntry), [`patch ingresscontrollerhas/${name}/status 200`]);
});

function address(kind: ResourceKind) {
  return { namespace, name: known.get(kind.kind)?.metadata.name ?? '' };
}

async function childOf(kind: ResourceKind): Promise<KubeObject | undefined> {
  return (await e2e.admin.list(kind, namespace, `${NAME_LABEL}=${name}`))[0];
}

/** Everything that we mean is as it was when the child was new. */
async function assertRestored(kind: ResourceKind): Promise<void> {
  const meant = ({ metadata, spec, rules, subjects, data }: KubeObject) => {
    const { 'e2e.test/tag': _, ...labels } = metadata.labels ?? {};
    return { labels, owners: metadata.ownerReferences, spec, rules, subjects, data };
  };
  const child = await e2e.admin.read(kind, address(kind));
  const before = known.get(kind.kind);
  assert.deepEqual(steady(meant(child)), before && steady(meant(before)));
}

/** Without what the cluster assigns anew to each object. */
function steady(value: unknown): unknown {
  const assigned: ReadonlySet<string> = new Set(['clusterIP', 'clusterIPs']);
  return JSON.parse(JSON.stringify(value, (key, part) => (assigned.has(key) ? undefined : part)));
}

/** By the event alone: a settled resource is not looked at again by itself. How fast, `npm run bench -- reconcile` holds. */
async function repaired(t: TestContext, what: string, check: () => Promise<void>): Promise<void> {
  const tookMs = await timeUntil(`${what}: repaired`, () => check().then(() => true), {
    within: 10_000,
  });
  t.diagnostic(`${what}: repaired in ${tookMs.toFixed(0)} ms`);
}

/** What the operator wrote to children since then. */
function childWrites(mark: number): readonly string[] {
  return writes(e2e.audit.since(mark, { user: operator.user, owner: name, subresource: '' })).map(
    describeEntry,
  );
}
