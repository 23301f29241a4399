/**
 * A kubelet that has fallen silent, in a cluster of its own: what others write about its pods, or do
 * not, proves no death. Only a report of an end is believed, as if it were the kubelet's own.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { record, records } from '../../operator/base/read.ts';
import { LeaseKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { systemClock, toTime } from '../../operator/base/time.ts';
import { monotonicNs, signalProcess } from '../bench/support/container-process.ts';
import { startTestbed } from '../testbed/testbed.ts';
import { at, uniqueName } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { killLeader } from './support/failover-blows.ts';
import {
  aLed,
  EXPIRING,
  led,
  type Subject,
  sightsOf,
  startScene,
} from './support/failover-scene.ts';
import {
  assertExpired,
  assertFreed,
  assertSound,
  assertUntouched,
} from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';

/** Four retry periods of 1 s. */
const LATE_NS = 4e9;

const name = uniqueName('silent');
const testbed = await startTestbed({ name, log: () => {} });
process.env.TESTBED_NAME = name;
const e2e = await startHarness();
after(() => testbed.stop());
const scene = await startScene(e2e, await e2e.startOperator());
let subjects: readonly Subject[];
/** Goes on living. */
let survivor: Subject;

before(async () => {
  const specs = [EXPIRING, EXPIRING, EXPIRING, {}];
  const [alive, ...others] = await Promise.all([{}, ...specs].map((spec) => aLed(scene, spec)));
  assert.ok(alive);
  survivor = alive;
  subjects = others;
  await signalKubelet('STOP');
  for (const subject of subjects) killLeader(scene, subject);
});

describe('while a kubelet is silent, a leader that died', { concurrency: true }, () => {
  test('unseen is left to expire', async () => {
    await assertExpired(scene, subjectAt(0));
  });

  test('in a container that nobody can find is left to expire', async () => {
    const subject = subjectAt(1);

    await rewrite(subject, (pod) =>
      ended(pod, subject, { reason: 'ContainerStatusUnknown', finishedAt: null }),
    );

    await assertExpired(scene, subject, { assist: 'Refused' });
  });

  test('in a pod that the garbage collector has called Failed is left to expire', async () => {
    const subject = subjectAt(2);
    const target = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' };

    await rewrite(subject, ({ status }) => ({
      phase: 'Failed',
      conditions: [...records(record(status).conditions), target],
    }));

    await assertExpired(scene, subject);
  });

  test('with a report of its end is believed dead, whoever has written the report', async () => {
    const subject = subjectAt(3);
    const finishedAt = toTime(systemClock.wallClock());

    await rewrite(subject, (pod) => ended(pod, subject, { reason: 'Error', finishedAt }));

    await assertFreed(scene, subject, 'Crash');
  });
});

test('a living leader that is reported dead, and renews on, keeps its Lease however late a renewal is', async () => {
  const { leader, address } = survivor;
  const finishedAt = toTime(systemClock.wallClock());
  const sightsBefore = leaseSights();

  await rewrite(survivor, (pod) => ended(pod, survivor, { reason: 'Error', finishedAt }));
  await scene.e2e.condition(address, 'FailoverAssistReady=False/DeathContradicted');
  const renewals = leaseSights() - sightsBefore;
  // Stopped for longer than a Lease has to rest after a crash, and shorter than anything expires in.
  signalProcess(leader.process, leader.containerId, 'SIGSTOP');
  const stoppedAtNs = monotonicNs();
  await eventually('the Lease has rested', () => monotonicNs() - stoppedAtNs > LATE_NS);
  signalProcess(leader.process, leader.containerId, 'SIGCONT');
  const rested = leaseSights();
  await eventually('the leader renews again', () => leaseSights() > rested);

  assert.ok(renewals > 0, 'it has renewed after the report');
  assertUntouched(scene, survivor);
  await assertSound(scene, survivor, 0);
});

test('what the kubelet reports too late does not touch the next leader', async () => {
  const subject = subjectAt(0);

  await signalKubelet('CONT');
  await eventually('the kubelet reports what it has missed', async () => {
    const pod = await e2e.admin.read(PodKind, podOf(subject));
    return at(pod, 'status.containerStatuses[manager].restartCount') === 1;
  });

  await led(scene, subject.address);
  assertUntouched(scene, subject);
  await assertSound(scene, subject);
});

function leaseSights(): number {
  return sightsOf(scene, survivor.address, LeaseKind.kind).length;
}

function subjectAt(index: number): Subject {
  const subject = subjects[index];
  assert.ok(subject);
  return subject;
}

/** Writes into the status of the leader's pod, as whoever may. */
async function rewrite(subject: Subject, change: (pod: KubeObject) => PassThrough): Promise<void> {
  const pod = await e2e.admin.read(PodKind, podOf(subject));
  await e2e.admin.patch(PodKind, podOf(subject), { status: change(pod) }, 'status');
}

/** The leader's container, and no other, has ended so. */
function ended(pod: KubeObject, { leader }: Subject, how: PassThrough): PassThrough {
  const containerID = `containerd://${leader.containerId}`;
  const state = { running: null, terminated: { containerID, exitCode: 137, ...how } };
  return {
    containerStatuses: records(record(pod.status).containerStatuses).map((status) => {
      return status.containerID === containerID ? { ...status, ready: false, state } : status;
    }),
  };
}

function podOf({ address: { namespace }, leader }: Subject) {
  return { namespace, name: leader.pod };
}

/** To the one program of the testbed that is called so, by the number that it has in there. */
async function signalKubelet(signal: 'STOP' | 'CONT'): Promise<void> {
  const log = readFileSync(join(testbed.folder, 'logs', 'testbed.log'), 'utf8');
  const pid = /started kubelet \((\d+)\)/.exec(log)?.[1];
  assert.ok(pid, log);
  await testbed.inside(['kill', '-s', signal, pid]);
}
