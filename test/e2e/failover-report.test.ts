/** What users see of a failover: status, metrics, events, and which pod leads. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { FailoverRecord } from '../../operator/api/types.generated.ts';
import { REFUSALS } from '../../operator/decide/failover/refusals.ts';
import { hostNameOf } from '../../operator/decide/observed/holder-name.ts';
import { LEADER_ROLE, ROLE_LABEL } from '../../operator/desired/pod/leader-mark.ts';
import { statusOf } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader } from './support/failover-blows.ts';
import { aLed, type Subject, startScene } from './support/failover-scene.ts';
import { assertFreed, leaderlessMs, watchDelayMs } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

const e2e = await startHarness();
const operator = await e2e.startOperator();
const { namespace } = operator;
const scene = await startScene(e2e, operator);

describe('after a failover', () => {
  let subject: Subject;
  let record: FailoverRecord;
  let successor: string;

  before(async () => {
    subject = await aLed(scene);
    assert.equal(await podsLeading(), subject.leader.pod);
    await deleteLeader(scene, subject);
    record = await assertFreed(scene, subject, 'PodDeleted');
    successor = hostNameOf(record.toIdentity) ?? '';
  });

  test('the status names the new leader, and tells how it came to lead', async () => {
    const status = statusOf(await e2e.resource(namespace, subject.address.name));

    assert.equal(status.leader?.podName, successor);
    assert.equal(status.leader?.transitions, subject.leader.transitions + 1);
    assert.deepEqual(status.failovers, [record]);
    assert.notEqual(record.toIdentity, record.fromIdentity);
    assert.ok(['Standby', 'Replacement'].includes(record.winner), record.winner);
    assert.ok(!Object.values(REFUSALS).includes(record.assistReason ?? ''));
  });

  test('it tells no shorter time without a leader than the candidates do', () => {
    const leaderless = leaderlessMs(scene, subject, record);

    const { leaderlessMilliseconds = 0 } = record;
    assert.ok(leaderlessMilliseconds > leaderless - watchDelayMs(), `${leaderless} ms`);
  });

  test('kubectl get pods shows the new leader, and no other', async () => {
    await eventually('the mark has moved', async () => (await podsLeading()) === successor);
  });

  test('the metrics have counted it', async () => {
    const { body } = await operator.page('metrics', '/metrics');
    const { name } = subject.address;

    const lines = body.split('\n').filter((line) => {
      return /^ingressha_(failovers_total|leader|leaderless_seconds_count|assist_seconds_count)\b.* [^0]/.test(
        line,
      );
    });
    const of = `namespace="${namespace}",name="${name}"`;
    assert.deepEqual(lines.toSorted(), [
      `ingressha_assist_seconds_count{${of}} 1`,
      `ingressha_failovers_total{${of},assist="Cleared",cause="PodDeleted"} 1`,
      `ingressha_leaderless_seconds_count{${of}} 1`,
      `ingressha_leader{${of},pod="${successor}"} 1`,
    ]);
  });

  test('events on the resource say what was done, and what came of it', async () => {
    const { name } = subject.address;
    const told = await eventually('both events are there', async () => {
      const text = await e2e.kubectl('events', '-n', namespace, '--for', `icha/${name}`);
      return text.includes('LeaseFreed') && text.includes('Failover') && text;
    });

    assert.ok(told.includes(subject.leader.pod), told);
    assert.ok(told.includes(successor), told);
  });
});

/** Names, as `kubectl get pods` shows them. */
async function podsLeading(): Promise<string> {
  const text = await e2e.kubectl('get', 'pods', '-n', namespace, '-L', ROLE_LABEL);
  return text
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter((columns) => columns.at(-1) === LEADER_ROLE)
    .map(([name]) => name)
    .join(' ');
}
