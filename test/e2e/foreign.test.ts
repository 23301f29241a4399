/**
 * Never take over by accident: an object that stands where a child should be, and is not ours, is
 * left exactly as it is. The resource says so, nothing else of it is written, and it goes on by
 * itself once the object is gone.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Condition } from '../../operator/api/status.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { record } from '../../operator/base/read.ts';
import {
  EventKind,
  IngressControllerHAKind,
  kindOf,
  ServiceKind,
} from '../../operator/base/resource-kinds.ts';
import { childLabels, childName } from '../../operator/desired/naming.ts';
import { anObject, statusOf, uniqueName } from './support/an-object.ts';
import { describeEntry, writes } from './support/audit.ts';
import { childrenOf, childrenWanted, namesOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

/** A blocked resource is looked at again every 15 s. */
const RECHECK = { within: 25_000 };
const TWO_RECHECKS = { within: 45_000 };

const e2e = await startHarness();
const { admin } = e2e;
const operator = await e2e.startOperator();
const { namespace } = operator;

/** With a budget, but with pods that no node takes. */
const WITH_BUDGET = { replicas: 2, placement: { nodeSelector: { 'e2e.test/nowhere': 'true' } } };

interface ForeignKind {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Where the resource ends once it may. */
  readonly end?: string;
}

const template = {
  metadata: { labels: { of: 'another' } },
  spec: { containers: [{ name: 'c', image: 'localhost/candidate:test' }] },
};
const selector = { matchLabels: { of: 'another' } };
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'nobody' };

const FOREIGN: Readonly<Record<string, ForeignKind>> = {
  ConfigMap: { fields: { data: { 'config.yaml': 'theirs' } } },
  Role: { fields: { rules: [] } },
  RoleBinding: { fields: { roleRef, subjects: [] } },
  Service: { fields: { spec: { ports: [{ port: 80 }] } } },
  Lease: { fields: { spec: { holderIdentity: 'another' } }, reason: 'LeaseConflict' },
  Deployment: { fields: { spec: { replicas: 0, selector, template } } },
  PodDisruptionBudget: {
    fields: { spec: { maxUnavailable: 1, selector } },
    spec: WITH_BUDGET,
    end: 'Ready=False/RollingOut',
  },
};

describe('a foreign object under a child’s name is left alone', { concurrency: true }, () => {
  for (const [kind, { fields, spec = {}, reason = 'ObjectNotOwned', end }] of Object.entries(
    FOREIGN,
  )) {
    test(`a ${kind}, until it is gone`, async () => {
      const wanted = anObject({ namespace, spec });
      const child = childrenWanted(wanted).find((each) => each.kind === kind);
      assert.ok(child);
      const { apiVersion, metadata } = child;
      const foreign = await admin.create({
        apiVersion,
        kind,
        metadata: { name: metadata.name, namespace },
        ...fields,
      });
      const mark = e2e.audit.mark();

      const resource = await e2e.apply(wanted);

      const stalled = await e2e.condition(resource.metadata, `Stalled=True/${reason}`);
      assertTold(stalled, { kind, name: metadata.name, reason });
      await toldAsEvent(stalled, reason);
      const { plural } = kindOf(foreign);
      const filter = { user: operator.user, verb: 'get', resource: plural, name: metadata.name };
      const looks = () => e2e.audit.since(mark, filter).length;
      await eventually('a second look', () => looks() >= 2, RECHECK);
      const between = await admin.read(kindOf(foreign), foreign.metadata);
      await eventually('a third look', () => looks() >= 3, RECHECK);
      assert.equal(namesOf(await childrenOf(admin, resource.metadata)), '');
      const owner = resource.metadata.name;
      assert.deepEqual(
        writes(e2e.audit.since(mark, { user: operator.user, owner })).map(describeEntry),
        [`patch ingresscontrollerhas/${owner}/status 200`],
      );
      const left = await admin.read(kindOf(foreign), foreign.metadata);
      assert.equal(left.metadata.resourceVersion, between.metadata.resourceVersion);
      assert.equal(looks(), 3, 'no look between the rechecks');

      await admin.remove(kindOf(foreign), foreign.metadata);

      const ended = await e2e.condition(
        resource.metadata,
        end ?? 'Ready=True/ScaledToZero',
        RECHECK,
      );
      assert.equal(conditionOf(ended, 'Stalled'), undefined);
    });
  }

  test('even with our labels, when another object controls it', async () => {
    const name = uniqueName('ha');
    const owner = await admin.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${name}-owner`, namespace },
    });
    const foreign = await admin.create({
      apiVersion: ServiceKind.apiVersion,
      kind: ServiceKind.kind,
      metadata: {
        name: childName({ name }),
        namespace,
        labels: childLabels({ name, inherited: { labels: {}, annotations: {} } }),
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: owner.metadata.name,
            uid: owner.metadata.uid ?? '',
            controller: true,
          },
        ],
      },
      spec: { ports: [{ port: 80 }] },
    });

    const { metadata } = await e2e.apply(anObject({ namespace, name }));

    const stalled = await e2e.condition(metadata, 'Stalled=True/ObjectNotOwned');
    assert.match(conditionOf(stalled, 'Stalled')?.message ?? '', /ConfigMap "ha-.*-owner"/);
    await e2e.edit(metadata, { spec: { restartTrigger: 'look again' } });
    await e2e.condition(metadata, 'Stalled=True/ObjectNotOwned');
    const children = await childrenOf(admin, metadata);
    assert.deepEqual(
      children.map((child) => child.metadata.resourceVersion),
      [foreign.metadata.resourceVersion],
    );

    await admin.remove(ServiceKind, foreign.metadata);

    await e2e.condition(metadata, 'Ready=True/ScaledToZero', RECHECK);
  });

  test('the Lease of another resource, which does not notice', async () => {
    const leaseName = uniqueName('shared');
    const spec = { leaderElection: { leaseName } };
    const { metadata: first } = await e2e.apply(anObject({ namespace, spec }));
    await e2e.condition(first, 'Ready=True/ScaledToZero');
    const before = await versionsOf(first.name);

    const { metadata: second } = await e2e.apply(anObject({ namespace, spec }));

    const stalled = await e2e.condition(second, 'Stalled=True/LeaseConflict');
    const message = conditionOf(stalled, 'Stalled')?.message ?? '';
    assert.ok(message.includes(leaseName) && message.includes(first.name), message);
    assert.equal(namesOf(await childrenOf(admin, second)), '');
    assert.deepEqual(await versionsOf(first.name), before);

    await admin.remove(IngressControllerHAKind, first);

    await e2e.condition(second, 'Ready=True/ScaledToZero', TWO_RECHECKS);
  });
});

test('an object of ours that has lost its labels gets them back', async () => {
  const { metadata } = await e2e.apply(anObject({ namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  const address = { namespace, name: childName(metadata) };
  const before = await admin.read(ServiceKind, address);

  await admin.patch(ServiceKind, address, { metadata: { labels: null } });

  await eventually('the labels are back', async () => {
    const { metadata: after } = await admin.read(ServiceKind, address);
    assert.equal(after.uid, before.metadata.uid);
    assert.deepEqual(after.labels, before.metadata.labels);
    return true;
  });
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
});

async function versionsOf(name: string): Promise<Readonly<Record<string, string | undefined>>> {
  const children = await childrenOf(admin, { namespace, name });
  return Object.fromEntries(
    children.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.resourceVersion]),
  );
}

function conditionOf(resource: KubeObject, type: Condition['type']): Condition | undefined {
  return statusOf(resource).conditions?.find((condition) => condition.type === type);
}

function assertTold(
  resource: KubeObject,
  { kind, name, reason }: { readonly kind: string; readonly name: string; readonly reason: string },
): void {
  const [stalled, ready] = [conditionOf(resource, 'Stalled'), conditionOf(resource, 'Ready')];
  assert.deepEqual([ready?.status, ready?.reason], ['False', reason]);
  assert.ok(stalled?.message.includes(`${kind} "${namespace}/${name}"`), stalled?.message);
  assert.equal(ready?.message, stalled?.message);
}

function toldAsEvent({ metadata }: KubeObject, reason: string): Promise<unknown> {
  return eventually(`an event ${reason}`, async () => {
    const events = await admin.list(EventKind, namespace);
    return events.some((event) => {
      const about = record(event.involvedObject);
      return about.uid === metadata.uid && event.reason === reason && event.type === 'Warning';
    });
  });
}
