/** The operator as a process: its pages, its end, and who takes over when it is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseKind } from '../../operator/base/resource-kinds.ts';
import { systemClock } from '../../operator/base/time.ts';
import { OPERATOR_LEASE } from '../../operator/desired/rights.ts';
import { anObject, at } from './support/an-object.ts';
import { startHarness } from './support/harness.ts';

const LEASE_DURATION_MS = 6_000;
const RETRY_PERIOD_MS = 1_000;
/** A standby polls every 1 to 2.2 retry periods. */
const LONGEST_POLL_MS = 2.2 * RETRY_PERIOD_MS;
/** For a machine that does other things too. */
const SLACK_MS = 1_500;
const FAST = ['--lease-duration', '6s', '--renew-deadline', '5s', '--retry-period', '1s'];

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
  const operator = await e2e.startOperator({ flags: FAST });
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
  assert.ok(tookMs < LONGEST_POLL_MS + SLACK_MS, `it took ${tookMs} ms`);
  assert.equal(at(await e2e.admin.read(LeaseKind, lease), 'spec.leaseTransitions'), 1);
  assert.equal(standby.log('Child written').length, 0, 'a standby writes nothing');
  const { metadata } = await e2e.apply(anObject({ namespace: operator.namespace }));
  await e2e.condition(metadata, 'Ready=True/ScaledToZero');
  await standby.stop();
});

test('a standby also goes on after a SIGKILL, once the Lease has run out', async (t) => {
  const operator = await e2e.startOperator({ flags: FAST });
  const standby = await e2e.startStandby(operator);
  const startedAtMs = systemClock.nowMs();

  await operator.kill();
  await standby.logged('Leadership acquired');

  const tookMs = systemClock.nowMs() - startedAtMs;
  t.diagnostic(
    `SIGKILL: next after ${tookMs.toFixed(0)} ms with a Lease of ${LEASE_DURATION_MS} ms`,
  );
  // It sees the last renewal up to one poll late, and the end of the Lease up to one more.
  const worstMs = LEASE_DURATION_MS + 2 * LONGEST_POLL_MS;
  assert.ok(tookMs > LEASE_DURATION_MS - LONGEST_POLL_MS, `only ${tookMs} ms: too early`);
  assert.ok(tookMs < worstMs + SLACK_MS, `it took ${tookMs} ms`);
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
