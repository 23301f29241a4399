/** From one `kubectl apply` to a running controller: what comes into being, and what it costs. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  CHILD_KINDS,
  EventKind,
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
} from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { MANAGED_BY, MANAGED_BY_LABEL, NAME_LABEL } from '../../operator/desired/naming.ts';
import { anObject, at, conditionText, running, statusOf, uniqueName } from './support/an-object.ts';
import { type AuditEntry, describeEntry, writes } from './support/audit.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

/** How long nothing may be written; 600000 shows the ten minutes of the product's promise. */
const QUIET_MS = Number(process.env.E2E_QUIET_MS || 15_000);

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace } = operator;

describe('a new resource', () => {
  const name = uniqueName('new');
  let entries: readonly AuditEntry[];
  let statusWritesBeforePodsMove: number;
  let resource: KubeObject;
  let children: readonly KubeObject[];

  before(async () => {
    const mark = e2e.audit.mark();
    await e2e.apply(anObject({ namespace, name, spec: running() }));
    await eventually('the kubelet reports a container', async () => {
      const pods = await e2e.admin.list(PodKind, namespace);
      return pods.some((pod) => at(pod, 'status.containerStatuses') !== undefined);
    });
    const status = { user: operator.user, owner: name, subresource: 'status' };
    statusWritesBeforePodsMove = e2e.audit.since(mark, status).length;
    resource = await e2e.condition({ namespace, name }, 'Ready=True/AsSpecified', {
      within: 90_000,
    });
    entries = e2e.audit.since(mark, { user: operator.user }).filter(notForElection);
    children = (
      await Promise.all(
        CHILD_KINDS.map((kind) => e2e.admin.list(kind, namespace, `${NAME_LABEL}=${name}`)),
      )
    ).flat();
  });

  test('has one child of each kind, ours by label, and by owner but for the Lease', () => {
    const kinds = children.map(({ kind }) => kind);
    const { uid } = resource.metadata;

    assert.deepEqual(kinds.toSorted(), CHILD_KINDS.map(({ kind }) => kind).toSorted());
    for (const { kind, metadata } of children) {
      assert.equal(metadata.labels?.[MANAGED_BY_LABEL], MANAGED_BY);
      const owners = metadata.ownerReferences?.map((owner) => [owner.uid, owner.controller]);
      assert.deepEqual(owners, kind === LeaseKind.kind ? undefined : [[uid, true]], kind);
    }
  });

  test('costs one write for each child, after one look that finds nothing', () => {
    const expected = CHILD_KINDS.map(({ plural }) => plural).toSorted();
    const ofChildren = entries.filter(
      ({ subresource, ...entry }) =>
        subresource === '' && entry.resource !== 'pods' && !isRehearsal(entry),
    );
    const looks = ofChildren.filter(({ verb }) => verb === 'get');

    assert.deepEqual(
      writes(ofChildren)
        .map(({ resource: kind }) => kind)
        .toSorted(),
      expected,
    );
    assert.ok(
      writes(ofChildren).every(({ code }) => code === 201),
      textOf(ofChildren),
    );
    assert.deepEqual(looks.map(({ resource: kind }) => kind).toSorted(), expected);
    assert.ok(
      looks.every(({ code }) => code === 404),
      textOf(looks),
    );
  });

  test('has its leader’s pod marked, in one write', () => {
    const ofPods = entries.filter((entry) => entry.resource === 'pods' && entry.verb !== 'get');

    assert.deepEqual(
      ofPods.map(({ verb, code }) => `${verb} ${code}`),
      ['patch 200'],
    );
  });

  test('is read from the caches: nothing else is asked of the API server', () => {
    const reads = entries.filter(({ verb }) => ['list', 'watch', 'get'].includes(verb));

    const besides = reads.filter(
      (entry) => !(entry.verb === 'get' && entry.code === 404) && !isRehearsal(entry),
    );

    assert.deepEqual(besides.map(describeEntry), []);
  });

  test('has its status written at most twice before its pods move', (t) => {
    const all = entries.filter(({ subresource }) => subresource === 'status').length;
    t.diagnostic(
      `status writes: ${statusWritesBeforePodsMove} before the pods move, ${all} in all`,
    );

    assert.ok(statusWritesBeforePodsMove <= 2, `${statusWritesBeforePodsMove} status writes`);
  });

  test('tells its leader, its standbys and the election that is in effect', async () => {
    const lease = await e2e.admin.read(LeaseKind, { namespace, name: `${name}-leader` });
    const pods = await e2e.admin.list(PodKind, namespace, `${NAME_LABEL}=${name}`);
    const { leader, standbys, election, ...status } = statusOf(resource);

    assert.equal(leader?.identity, at(lease, 'spec.holderIdentity'));
    assert.equal(leader?.identity.split('_')[0], leader?.podName);
    assert.deepEqual(
      [leader, ...(standbys ?? [])].map((pod) => [pod?.podName, pod?.nodeName]).toSorted(),
      pods.map((pod) => [pod.metadata.name, at(pod, 'spec.nodeName')]).toSorted(),
    );
    assert.deepEqual(
      standbys?.map(({ ready }) => ready),
      [true],
    );
    assert.equal(election?.leaseDurationSeconds, 10);
    assert.equal(at(lease, 'spec.leaseDurationSeconds'), 10);
    assert.equal(conditionText(resource, 'LeaderElected'), 'LeaderElected=True/LeaseHeld');
    assert.equal(
      conditionText(resource, 'ElectionSettingsEffective'),
      'ElectionSettingsEffective=True/AsRendered',
    );
    assert.deepEqual([status.replicas, status.readyReplicas, status.updatedReplicas], [2, 2, 2]);
  });

  test('announces its leader and that it is ready as events, once each', async () => {
    const told = await eventually('both events are there', async () => {
      const events = await e2e.admin.list(EventKind, namespace);
      const ours = events.filter((event) => at(event, 'involvedObject.name') === name);
      const texts = ours.map((event) => `${event.type} ${event.reason} x${event.count}`);
      return texts.some((text) => text.includes('Ready')) && texts.toSorted();
    });

    assert.deepEqual(told, ['Normal LeaderChanged x1', 'Normal Ready x1']);
  });

  test('that does not change costs no write', async (t) => {
    const mark = e2e.audit.mark();

    await systemClock.sleep(QUIET_MS); // the one thing that only time can show

    const written = writes(e2e.audit.since(mark, { user: operator.user })).filter(notForElection);
    t.diagnostic(`${written.length} writes in ${QUIET_MS / 1000} s without a change`);
    assert.deepEqual(written.map(describeEntry), []);
  });

  test('costs no write when the operator starts again', async (t) => {
    const mark = e2e.audit.mark();

    await operator.restart();
    await eventually('the new process has been through the resource', async () => {
      const { body } = await operator.page('metrics', '/metrics');
      return /^controller_runtime_reconcile_total\{.*\} [1-9]/m.test(body);
    });
    await systemClock.sleep(QUIET_MS / 5);

    const written = writes(e2e.audit.since(mark, { user: operator.user })).filter(notForElection);
    t.diagnostic(`${written.length} writes after a restart`);
    assert.deepEqual(written.map(describeEntry), []);
    assert.deepEqual(
      statusOf(await e2e.admin.read(IngressControllerHAKind, { namespace, name })),
      statusOf(resource),
    );
  });
});

/** The operator's own Lease, and the look at its own CRD when it starts. */
function notForElection(entry: AuditEntry): boolean {
  const own = entry.namespace === operator.operatorNamespace && entry.resource === 'leases';
  return !own && entry.resource !== 'customresourcedefinitions';
}

/** What a failover would need is tried once a minute, without writing. */
function isRehearsal({ verb, resource: kind, code, dryRun }: Omit<AuditEntry, 'subresource'>) {
  const reads = verb === 'get' && code === 200 && ['pods', 'leases', 'nodes'].includes(kind);
  return reads || (verb === 'update' && dryRun);
}

function textOf(entries: readonly AuditEntry[]): string {
  return entries.map(describeEntry).join('\n');
}
