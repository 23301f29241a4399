/**
 * Leases that others use too, on a real API server: given back and never deleted, shared only where
 * the installer allows it, and never the one by which the operator elects its own leader. Whoever
 * holds a Lease and is no pod of ours is no leader, and what he calls himself harms nobody.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import {
  IngressControllerHAKind,
  LeaseKind,
  PodKind,
  RoleKind,
} from '../../operator/base/resource-kinds.ts';
import { SHARED_LABEL } from '../../operator/desired/lease.ts';
import { MANAGED_BY_LABEL, NAME_LABEL } from '../../operator/desired/naming.ts';
import { ROLE_LABEL } from '../../operator/desired/pod/leader-mark.ts';
import { OPERATOR_LEASE } from '../../operator/desired/rights.ts';
import { anObject, at, conditionText, running, statusOf, uniqueName } from './support/an-object.ts';
import { childrenOf, namesOf } from './support/children.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const { admin } = e2e;
const [sharing, strict, atHome] = await Promise.all([
  e2e.startOperator({ flags: ['--allow-shared-lease'] }),
  e2e.startOperator(),
  e2e.startOperator({ home: 'served', flags: ['--allow-shared-lease'] }),
]);
const { namespace } = sharing;

const FOREIGN = 'apisix-ingress-controller-0_3d4a6f5e-1111-4222-8333-944445555666';
const SHARE = { existingLease: 'Share' };

function now(): string {
  return new Date().toISOString().replace('Z', '000Z');
}

/** A Lease as an earlier installation has it. */
function foreignLease(name: string): Promise<KubeObject> {
  const spec = {
    holderIdentity: FOREIGN,
    leaseDurationSeconds: 3_600,
    leaseTransitions: 4,
    acquireTime: now(),
    renewTime: now(),
  };
  const { apiVersion, kind } = LeaseKind;
  return admin.create({ apiVersion, kind, metadata: { name, namespace }, spec });
}

async function shared(spec: Readonly<Record<string, unknown>> = {}) {
  const leaseName = uniqueName('shared');
  const before = await foreignLease(leaseName);
  const leaderElection = { ...SHARE, leaseName };
  const { metadata } = await e2e.apply(anObject({ namespace, spec: { leaderElection, ...spec } }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  const lease = { namespace, name: leaseName };
  assert.equal((await admin.read(LeaseKind, lease)).metadata.labels?.[SHARED_LABEL], 'true');
  return { resource: { namespace, name: metadata.name }, lease, before };
}

/** Without our labels, and otherwise as its holder left it. */
async function isGivenBack(lease: { namespace: string; name: string }, before: KubeObject) {
  await eventually('the Lease has no label of ours', async () => {
    const { metadata } = await admin.read(LeaseKind, lease);
    return metadata.labels?.[MANAGED_BY_LABEL] === undefined;
  });
  const left = await admin.read(LeaseKind, lease);
  assert.equal(left.metadata.uid, before.metadata.uid);
  assert.deepEqual([left.metadata.labels, left.spec], [undefined, before.spec]);
}

describe('a shared Lease is given back under its living holder', { concurrency: true }, () => {
  test('when the election is switched off', async () => {
    const { resource, lease, before } = await shared();

    await e2e.edit(resource, { spec: { leaderElection: { mode: 'Disabled' } } });

    await isGivenBack(lease, before);
    await e2e.condition(resource, 'Ready=True/ScaledToZero');
  });

  test('when the resource is deleted, also after somebody has taken the mark off', async () => {
    const { resource, lease, before } = await shared();
    await admin.patch(LeaseKind, lease, { metadata: { labels: { [SHARED_LABEL]: null } } });
    await eventually('the mark is back', async () => {
      const { metadata } = await admin.read(LeaseKind, lease);
      return metadata.labels?.[SHARED_LABEL] === 'true';
    });

    await admin.remove(IngressControllerHAKind, resource);

    await isGivenBack(lease, before);
  });

  test('also after it was deleted, and has come back with its record', async () => {
    const { resource, lease, before } = await shared();
    await admin.remove(LeaseKind, lease);
    const again = await eventually('the Lease is back', async () => {
      const found = await admin.get(LeaseKind, lease);
      return found?.metadata.uid === before.metadata.uid ? undefined : found;
    });
    assert.deepEqual(again.spec, before.spec);

    await e2e.edit(resource, { spec: { leaderElection: { mode: 'Disabled' } } });

    await isGivenBack(lease, again);
  });

  test('when a resource of that name comes again, says Refuse and other labels, and goes', async () => {
    const { resource, lease, before } = await shared();
    await admin.remove(IngressControllerHAKind, resource, 'Orphan');
    await eventually('the resource is gone', async () => {
      return (await admin.get(IngressControllerHAKind, resource)) === undefined;
    });
    const leaderElection = { leaseName: lease.name };
    const inheritedMetadata = { labels: { team: 'edge' } };
    const spec = { leaderElection, inheritedMetadata };
    await e2e.apply(anObject({ namespace, name: resource.name, spec }));
    await e2e.condition(resource, 'Ready=True/ScaledToZero');
    const { labels } = (await admin.read(LeaseKind, lease)).metadata;
    assert.deepEqual([labels?.team, labels?.[SHARED_LABEL]], ['edge', 'true']);

    await admin.remove(IngressControllerHAKind, resource);

    await isGivenBack(lease, before);
  });

  test('also where it was ours, and somebody else holds it', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace }));
    await e2e.condition(metadata, 'Ready=True/ScaledToZero');
    const lease = { namespace, name: `${metadata.name}-leader` };
    await admin.patch(LeaseKind, lease, { spec: { holderIdentity: FOREIGN } });
    const before = await admin.read(LeaseKind, lease);

    await admin.remove(IngressControllerHAKind, metadata);

    await isGivenBack(lease, before);
  });
});

test('existingLease does not leave Share, and the refusal says what to do', async () => {
  const { resource } = await shared();

  await assert.rejects(
    e2e.edit(resource, { spec: { leaderElection: { existingLease: 'Refuse' } } }),
    /`existingLease` must stay Share: others may use the Lease, and it changes nothing once/,
  );
  await assert.rejects(
    e2e.edit(resource, { spec: { leaderElection: { existingLease: null } } }),
    /`existingLease` must stay Share/,
  );
});

test('Share is refused where the installer does not allow it, and nothing is written', async () => {
  const { metadata } = await e2e.apply(
    anObject({ namespace: strict.namespace, spec: { leaderElection: SHARE } }),
  );

  const stalled = await e2e.condition(metadata, 'Stalled=True/SharedLeaseRefused');

  const message = statusOf(stalled).conditions?.find(({ type }) => type === 'Stalled')?.message;
  assert.match(message ?? '', /--allow-shared-lease/);
  assert.equal(namesOf(await childrenOf(admin, metadata)), '');
});

test('the operator’s own Lease is out of reach of resources and of labels', async () => {
  const own = { namespace: atHome.namespace, name: OPERATOR_LEASE };
  const leaderElection = { ...SHARE, leaseName: OPERATOR_LEASE };
  const { metadata } = await e2e.apply(
    anObject({ namespace: own.namespace, spec: { leaderElection } }),
  );

  await e2e.condition(metadata, 'Stalled=True/LeaseConflict');

  assert.equal((await admin.read(LeaseKind, own)).metadata.labels, undefined);
  assert.equal(namesOf(await childrenOf(admin, metadata)), '');
  const roles = await admin.list(RoleKind, own.namespace, `${NAME_LABEL}=${metadata.name}`);
  assert.deepEqual(roles, []);

  const labels = { [NAME_LABEL]: 'nobody', [MANAGED_BY_LABEL]: 'ingress-controller-ha' };
  const { metadata: before } = await admin.patch(LeaseKind, own, { metadata: { labels } });
  const { metadata: witness } = await e2e.apply(anObject({ namespace: own.namespace }));
  await e2e.condition(witness, 'Ready=True/ScaledToZero');
  await atHome.restart();

  assert.equal((await admin.read(LeaseKind, own)).metadata.uid, before.uid);
});

test('a holder that renews and is no pod of ours is no leader, and no pod stays marked', async () => {
  const name = uniqueName('taken');
  const address = { namespace, name };
  const lease = { namespace, name: `${name}-leader` };
  await e2e.apply(anObject({ namespace, name, spec: running() }));
  await e2e.condition(address, 'Ready=True/AsSpecified', { within: 90_000 });
  const marked = async () => {
    const pods = await admin.list(PodKind, namespace, `${NAME_LABEL}=${name}`);
    return pods.filter(({ metadata }) => metadata.labels?.[ROLE_LABEL] !== undefined).length;
  };
  await eventually('the leader is marked', async () => (await marked()) === 1);

  const taken = await eventually(
    'the resource says who holds its Lease',
    async () => {
      const spec = { holderIdentity: FOREIGN, leaseDurationSeconds: 10, renewTime: now() };
      await admin.patch(LeaseKind, lease, { spec });
      const found = await e2e.resource(namespace, name);
      const isUnknown =
        conditionText(found, 'LeaderElected') === 'LeaderElected=False/HolderUnknown';
      return isUnknown && (await marked()) === 0 && found;
    },
    { within: 60_000 },
  );

  assert.equal(conditionText(taken, 'Ready'), 'Ready=False/NoLeader');
  const assist = statusOf(taken).conditions?.find(({ type }) => type === 'FailoverAssistReady');
  assert.match(assist?.message ?? '', /apisix-ingress-controller-0_.*is no pod of this resource/);
  const metrics = (await sharing.page('metrics', '/metrics')).body;
  assert.match(metrics, new RegExp(`^ingressha_leader\\{[^}]*name="${name}",pod=""\\} 0$`, 'm'));

  await e2e.condition(address, 'Ready=True/AsSpecified', { within: 90_000 });
  await eventually('the next leader is marked', async () => (await marked()) === 1);
});

test('a holder with a megabyte of escape sequences for a name keeps the status current', async () => {
  const { metadata } = await e2e.apply(anObject({ namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  const lease = { namespace, name: `${metadata.name}-leader` };
  const evil = `\u001B[2J\r\n${'x'.repeat(1_000_000)}`;
  await admin.patch(LeaseKind, lease, { spec: { holderIdentity: evil } });
  await admin.patch(LeaseKind, lease, { spec: { holderIdentity: `${evil}y` } });
  await e2e.edit(metadata, { spec: { restartTrigger: 'now' } });

  const told = await eventually('the status tells the holder', async () => {
    const found = await e2e.condition(metadata, 'Ready=True/ScaledToZero');
    return statusOf(found).leader !== undefined && found;
  });

  const { leader, failovers = [] } = statusOf(told);
  for (const identity of [leader?.identity, failovers[0]?.toIdentity, failovers[0]?.fromIdentity]) {
    assert.match(identity ?? '', /^\?\[2J\?\?x+…[0-9a-f]{32}$/);
  }
  assert.notEqual(failovers[0]?.toIdentity, failovers[0]?.fromIdentity);
  assert.ok(at(await admin.read(LeaseKind, lease), 'spec.holderIdentity') === `${evil}y`);
  assert.ok(!(await sharing.page('metrics', '/metrics')).body.includes('xxxxx'));
  const longest = Math.max(...sharing.log().map((line) => JSON.stringify(line).length));
  assert.ok(longest < 10_000, `the longest log line has ${longest} characters`);
});
