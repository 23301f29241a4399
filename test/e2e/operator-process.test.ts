/** The operator as a process: its pages, its end, and who takes over when it is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { OPERATOR_LEASE } from '../../operator/desired/rights.ts';
import { anObject, at } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';

const LEASE_DURATION_MS = 6_000;
const FAST = ['--lease-duration', '6s', '--renew-deadline', '5s', '--retry-period', '1s'];
/** Longer than anything is waited for: whoever leads next has found the Lease released. */
const FOR_AN_HOUR = ['--lease-duration', '3600s', '--renew-deadline', '3000s'];

const e2e = await startHarness();

test('the operator answers probes and metrics under the names of controller-runtime', async () => {
  const operator = await e2e.startOperator();
  const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');

  const { body } = await operator.page('metrics', '/metrics');

  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await operator.page('probes', path)).status, 200, path);
  }
  for (const pattern of [
    /^controller_runtime_reconcile_total\{.*result="success".*\} [1-9]/m,
    /^controller_runtime_max_concurrent_reconciles\{.*\} 4$/m,
    /^workqueue_adds_total\{.*\} [1-9]/m,
    /^rest_client_requests_total\{code="201",.*method="PATCH".*\} [1-9]/m,
    /^leader_election_master_status\{.*\} 1$/m,
    /^ingressha_resources 1$/m,
    /^ingressha_applies_total\{.*kind="Deployment".*result="success".*\} 1$/m,
    /^process_resident_memory_bytes [1-9]/m,
  ]) {
    assert.ok(pattern.test(body), `no ${pattern} in /metrics`);
  }
});

test('SIGTERM releases the Lease, ends with code 0, and a standby goes on', async (t) => {
  const operator = await e2e.startOperator({ flags: FOR_AN_HOUR });
  const standby = await e2e.startStandby(operator);
  const lease = { namespace: operator.operatorNamespace, name: OPERATOR_LEASE };
  const startedAtMs = systemClock.nowMs();

  const [end] = await Promise.all([operator.stop(), standby.logged('Leadership acquired')]);

  const tookMs = systemClock.nowMs() - startedAtMs;
  t.diagnostic(
    `SIGTERM: ended after ${end.tookMs.toFixed(0)} ms, next after ${tookMs.toFixed(0)} ms`,
  );
  assert.deepEqual(
    [operator.log('Leadership released').length, operator.log('Stopped').length],
    [1, 1],
  );
  assert.equal(at(await e2e.admin.read(LeaseKind, lease), 'spec.leaseTransitions'), 1);
  assert.equal(standby.log('Child written').length, 0, 'a standby writes nothing');
  const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  await standby.stop();
});

test('a standby also goes on after a SIGKILL, once the Lease has run out', async (t) => {
  const operator = await e2e.startOperator({ flags: FAST });
  const standby = await e2e.startStandby(operator);
  const lease = { namespace: operator.operatorNamespace, name: OPERATOR_LEASE };

  await operator.kill();
  const left = await e2e.admin.read(LeaseKind, lease);
  await standby.logged('Leadership acquired');

  const taken = await e2e.admin.read(LeaseKind, lease);
  const tookMs = timeIn(taken, 'acquireTime') - timeIn(left, 'renewTime');
  t.diagnostic(
    `SIGKILL: next ${tookMs} ms after the last renewal, with a Lease of ${LEASE_DURATION_MS} ms`,
  );
  assert.ok(tookMs >= LEASE_DURATION_MS, `only ${tookMs} ms: too early`);
  const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
});

test('an operator that is stopped before it leads ends with code 0, too', async () => {
  const operator = await e2e.startOperator({ flags: FAST });
  const standby = await e2e.startStandby(operator);

  await standby.stop();

  assert.ok(operator.runs);
  assert.equal(standby.log('Leadership released').length, 0);
});

test('a served namespace that is gone holds up no other', async () => {
  const [alive, gone] = [await e2e.newNamespace(), await e2e.newNamespace()];
  const operator = await e2e.startOperator({ namespaces: [alive, gone], flags: FAST });
  await e2e.kubectl('delete', 'namespace', gone);

  await operator.restart();

  const { metadata } = await e2e.apply(anObject({ namespace: alive }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
});

/** A time in its record, written by a process of this machine; in ms of the calendar. */
function timeIn(lease: KubeObject, field: 'acquireTime' | 'renewTime'): number {
  return Date.parse(String(at(lease, `spec.${field}`)));
}
