/**
 * What the sidecar's preStop hook is for: the kubelet reports the end of a stopped leader only when all
 * its containers have stopped, and the sidecar does not stop by itself. It must not stop too early
 * either, while the manager still pushes through it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import { mergeMaps } from '../../operator/desired/merge.ts';
import { ADC_CONTAINER } from '../../operator/desired/pod/containers.ts';
import { monotonicNs } from '../bench/support/container-process.ts';
import { eventually } from './support/eventually.ts';
import { deleteLeader } from './support/failover-blows.ts';
import { aLed, type Subject, startScene } from './support/failover-scene.ts';
import { assertFreed, leaderlessMs } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** The default, after which the kubelet kills what has not stopped. */
const GRACE_PERIOD_MS = 10_000;

const e2e = await startHarness();
const operator = await e2e.startOperator({ flags: ['--allow-pod-template-patch'] });
const scene = await startScene(e2e, operator);

describe('a leader whose pod is deleted is succeeded', { concurrency: true }, () => {
  test('within the grace period, since the hook ends the sidecar', async () => {
    const subject = await aLed(scene, { rollout: { terminationGracePeriodSeconds: 300 } });

    await deleteLeader(scene, subject);

    const record = await assertFreed(scene, subject, 'PodDeleted');
    assert.ok(leaderlessMs(scene, subject, record) < 300_000);
  });

  test('only after the grace period when no hook ends the sidecar', async () => {
    const subject = await aLed(scene, withHook(':'));

    await deleteLeader(scene, subject);

    const record = await assertFreed(scene, subject, 'PodDeleted');
    // The kubelet counts from a little before the manager has told that it stops.
    assert.ok(leaderlessMs(scene, subject, record) > 0.9 * GRACE_PERIOD_MS);
  });
});

describe('the push that a stopping leader has in flight', { concurrency: true }, () => {
  test('succeeds, since the hook lets the manager end first', async () => {
    const subject = await aLed(scene, pushing('1500ms'));

    const deletedAtNs = monotonicNs();
    await deleteLeader(scene, subject);

    await assertFreed(scene, subject, 'PodDeleted');
    const last = lastPush(subject);
    assert.equal(last?.result, 'success');
    assert.ok(last.mono_ns > deletedAtNs, 'it was in flight');
  });

  test('fails when a hook ends the sidecar at once', async () => {
    const subject = await aLed(scene, withHook('kill -INT 1', pushing('10s')));
    const before = pushesOf(subject, 'push-begin').length;
    // A kubelet that gets little CPU runs the hook late, and a push that has ended by then cannot fail.
    await eventually('a push has begun', () => pushesOf(subject, 'push-begin').length > before);

    await deleteLeader(scene, subject);

    await assertFreed(scene, subject, 'PodDeleted');
    assert.equal(lastPush(subject)?.result, 'failure');
  });
});

/** Pushes that take so long, with hardly a moment between them. */
function pushing(duration: string): PassThrough {
  const candidate = { push_interval: '1ms', push_duration: duration };
  return { controller: { configOverrides: { candidate } } };
}

/** The same with another hook in the sidecar. */
function withHook(script: string, spec: PassThrough = {}): PassThrough {
  const preStop = { exec: { command: ['sh', '-c', script] } };
  const container = { name: ADC_CONTAINER, lifecycle: { preStop } };
  return mergeMaps(spec, { podTemplatePatch: { spec: { containers: [container] } } });
}

/** How the leader's last push ended, as it tells itself. */
function lastPush(subject: Subject) {
  return pushesOf(subject, 'push-end').at(-1);
}

function pushesOf({ leader }: Subject, event: 'push-begin' | 'push-end') {
  scene.journals.read();
  const lines = scene.journals.by(leader.identity)?.lines ?? [];
  return lines.filter((line) => line.event === event);
}
