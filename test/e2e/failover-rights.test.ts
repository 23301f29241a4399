/**
 * A right that freeing a Lease needs, taken away: the operator finds out before it matters, says which
 * one, and failover goes on as it would without it. Given back, all is as before.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ResourceKind, RoleKind } from '../../operator/base/resource-kinds.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import type { Address } from './support/admin.ts';
import { at } from './support/an-object.ts';
import { conditionOf } from './support/blocked.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader, killLeader } from './support/failover-blows.ts';
import {
  aLed,
  aSleeping,
  EXPIRING,
  type FailoverScene,
  led,
  type Subject,
  startScene,
} from './support/failover-scene.ts';
import { assertExpired, assertFreed } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** All rights are tried once a minute. */
const REHEARSED = { within: 75_000 };
const DENIED = 'FailoverAssistReady=False/PermissionDenied';

const e2e = await startHarness();

describe('without the right to', { concurrency: true }, () => {
  test('get nodes, it is told within a minute although nothing has happened', async () => {
    const scene = await ownScene();
    const { address } = await aLed(scene);

    await take(scene, { verb: 'get', resource: 'nodes' });

    await assertTold(scene, address, 'get nodes');
  });

  test('get pods, a leader that dies meanwhile is left to expire', async () => {
    const scene = await ownScene();
    const subject = await aLed(scene, EXPIRING);
    const giveBack = await take(scene, { verb: 'get', resource: 'pods' });

    killLeader(scene, subject);

    await assertTold(scene, subject.address, 'get pods');
    const record = await assertExpired(scene, subject, { assist: 'Refused' });
    assert.equal(record.assistReason, 'The operator lacks the right to get pods');
    await giveBack();
    await assertHealed(scene, subject.address);
  });

  test('update leases, nobody is helped until it is given back', async () => {
    const scene = await ownScene();
    const address = await aSleeping(scene);
    const giveBack = await take(scene, { verb: 'update', resource: 'leases' });
    await e2e.edit(address, { spec: { replicas: 2 } });
    await assertTold(scene, address, 'update leases');
    const subject = await led(scene, address, DENIED);

    killLeader(scene, subject);

    const record = await assertExpired(scene, subject, { assist: 'Refused' });
    assert.equal(record.assistReason, 'The operator lacks the right to update leases');
    await giveBack();
    await assertHealed(scene, address);
    const next = await led(scene, address);
    await deleteLeader(scene, next);
    await assertFreed(scene, next, 'PodDeleted');
  });
});

/** With an operator whose rights are nobody else's. */
async function ownScene(): Promise<FailoverScene> {
  return startScene(e2e, await e2e.startOperator());
}

async function assertTold(
  { operator, namespace }: FailoverScene,
  address: Subject['address'],
  right: string,
): Promise<void> {
  const denied = await e2e.condition(address, DENIED, REHEARSED);
  const { message } = conditionOf(denied, 'FailoverAssistReady') ?? {};
  assert.equal(message, `The operator lacks the right to ${right}`);
  const { body } = await operator.page('metrics', '/metrics');
  assert.ok(
    body.includes(`ingressha_assist_missing_right{namespace="${namespace}",right="${right}"} 1\n`),
  );
}

async function assertHealed(
  { operator }: FailoverScene,
  address: Subject['address'],
): Promise<void> {
  await e2e.condition(address, 'FailoverAssistReady=True/Watching', REHEARSED);
  const { body } = await operator.page('metrics', '/metrics');
  assert.doesNotMatch(body, /^ingressha_assist_missing_right\{/m);
}

interface Right {
  readonly verb: string;
  readonly resource: string;
}

const ClusterRoleKind: ResourceKind = {
  ...RoleKind,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
};

/** Takes one right from the operator, and gives a function that gives it back. */
async function take(scene: FailoverScene, right: Right): Promise<() => Promise<unknown>> {
  const { operator, namespace } = scene;
  const name = operator.operatorNamespace; // as its account is called, and so its roles
  const isOfCluster = right.resource === 'nodes';
  const kind = isOfCluster ? ClusterRoleKind : RoleKind;
  const address: Address = isOfCluster ? { name } : { name, namespace };
  const { rules } = await e2e.admin.read(kind, address);
  const kept = (rules as readonly PolicyRule[]).flatMap((rule) => without(right, rule));
  await e2e.admin.patch(kind, address, { rules: kept });
  await eventually('the right is gone', async () => !(await mayStill(scene, right)));
  return () => e2e.admin.patch(kind, address, { rules });
}

async function mayStill(
  { operator: { user }, namespace }: FailoverScene,
  { verb, resource }: Right,
): Promise<unknown> {
  const group = resource === 'leases' ? 'coordination.k8s.io' : '';
  const resourceAttributes = { verb, group, resource, namespace };
  const { body } = await e2e.admin.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ spec: { user, resourceAttributes } }),
  });
  return at(body, 'status.allowed');
}

/** An empty list of verbs is no rule. */
function without({ verb, resource }: Right, rule: PolicyRule): readonly PolicyRule[] {
  if (!rule.resources.includes(resource)) return [rule];
  const verbs = rule.verbs.filter((it) => it !== verb);
  return verbs.length === 0 ? [] : [{ ...rule, verbs }];
}
