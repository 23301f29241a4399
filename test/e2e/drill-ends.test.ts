/** Drills that do not begin, that are interrupted, and that run as the account of the chart's CronJob. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { EventKind, PodKind } from '../../operator/base/resource-kinds.ts';
import { CAUSE_ANNOTATION } from '../../operator/decide/observed/pod.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import { only, renderObjects } from '../chart/support/helm.ts';
import { anObject, at, statusOf, uniqueName } from './support/an-object.ts';
import type { AuditEntry } from './support/audit.ts';
import { podsOf } from './support/children.ts';
import { runBundle } from './support/command.ts';
import { startDrill } from './support/drill.ts';
import { eventually } from './support/eventually.ts';
import { aLed, type Subject, startScene } from './support/failover-scene.ts';
import { failoverFrom } from './support/failover-verdict.ts';
import { startHarness } from './support/harness.ts';
import { loadOperatorImage, OPERATOR_IMAGE } from './support/operator-image.ts';

const e2e = await startHarness();
const { admin, testbed } = e2e;
const scene = await startScene(e2e, await e2e.startOperator());
const { kubeconfig } = testbed;
const { namespace } = scene;
/** A rollout that takes longer than the test. */
const SLOW = { rollout: { minReadySeconds: 300 } };

const FORBIDDEN = 403;
/** An image that is pulled by nobody, a pod that starts, and a drill. */
const JOB = { within: 120_000 };

describe('a drill does not begin', { concurrency: true }, () => {
  test('on one replica', async () => {
    const subject = await aLed(scene, { replicas: 1 });

    const end = await runBundle(['drill', ...nameOf(subject), '--yes']);

    assert.match(end.stderr, /It has 1 replica: nobody would lead until that one is back\./);
    await assertUntouched(subject, end);
  });

  test('while something rolls, and --if-healthy is content with that', async () => {
    const subject = await aLed(scene);
    const { address } = subject;
    await e2e.edit(address, { spec: { ...SLOW, restartTrigger: uniqueName('roll') } });
    await e2e.condition(address, 'Ready=False/RollingOut');

    const end = await runBundle(['drill', ...nameOf(subject), '--yes']);
    const content = await runBundle(['drill', ...nameOf(subject), '--yes', '--if-healthy']);

    assert.match(end.stderr, /It is not Ready: Ready=False .*Something is rolling: /);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
    assert.match(content.stdout, /^Skipped: It is not Ready: [^\n]*\n$/);
    assert.deepEqual([content.exitCode, content.stderr], [0, '']);
  });

  test('while the standby is not Ready', async () => {
    const subject = await aLed(scene);
    const pods = await podsOf(admin, subject.address);
    const standby = pods.find(({ metadata }) => metadata.name !== subject.leader.pod);
    await admin.remove(PodKind, { namespace, name: standby?.metadata.name ?? '' });

    const end = await runBundle(['drill', ...nameOf(subject), '--yes']);

    assert.match(end.stderr, /No standby is Ready\./);
    await assertUntouched(subject, end);
  });

  test('on a name that is not there, with the one that is meant', async () => {
    const { metadata } = await e2e.apply(anObject({ namespace, spec: { replicas: 0 } }));
    const wrong = `${metadata.name}x`;

    const end = await runBundle([
      ...['drill', wrong, '-n', namespace, '--kubeconfig', kubeconfig, '--yes'],
    ]);

    assert.match(
      end.stderr,
      new RegExp(`"${wrong}" is not in .* Did you mean .*"${metadata.name}"`),
    );
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });

  test('without rights, and names those that it needs', async () => {
    const name = uniqueName('nobody');
    await e2e.kubectl('create', 'serviceaccount', '-n', namespace, name);
    const powerless = await testbed.kubeconfigFor(namespace, name);

    const end = await runBundle([
      ...['drill', 'edge', '-n', namespace, '--kubeconfig', powerless, '--yes'],
    ]);

    assert.match(end.stderr, /forbidden: User .* In namespace ".*" a drill needs "get" on ingress/);
    assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  });
});

describe('a signal', { concurrency: true }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} after the strike ends it at once, says so, and the failover goes on`, async () => {
      const subject = await aLed(scene);
      const running = startDrill(['drill', ...nameOf(subject), '--yes', '--trials', '5']);
      await running.said('Trial 1 of 5: deleting Pod');

      running.signal(signal);

      const end = await running.ended;
      assert.equal(end.exitCode, 2, end.stderr);
      assert.match(end.stderr, /Interrupted: Pod "\S+" was deleted, and the failover goes on/);
      const record = await failoverFrom(scene, subject);
      assert.equal(record.cause, 'Drill');
      await assertNothingLeft(subject);
    });
  }
});

test('the chart’s CronJob drills in the cluster, with exactly the rights that it uses', async () => {
  const { address } = await aLed(scene);
  await loadOperatorImage(testbed);
  const objects = await cronObjects(address.name);
  for (const object of objects) {
    await testbed.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  }
  const { name } = only(objects, 'CronJob').metadata;
  const user = `system:serviceaccount:${namespace}:${only(objects, 'ServiceAccount').metadata.name}`;
  const mark = e2e.audit.mark();

  await e2e.kubectl('create', 'job', '-n', namespace, name, `--from=cronjob/${name}`);

  const verdict = await eventually(
    'its verdict is told',
    async () => {
      const events = await admin.list(EventKind, namespace);
      return events.find(({ reason, involvedObject }) => {
        const about = at({ involvedObject }, 'involvedObject.name');
        return about === address.name && String(reason).startsWith('Drill');
      });
    },
    JOB,
  );
  const log = await e2e.kubectl('logs', '-n', namespace, `job/${name}`);
  assert.equal(verdict.reason, 'DrillPassed', log);
  assert.match(String(verdict.message), /^evict the leader, limit 30 s: 1 trial within 30 s/);
  await e2e.kubectl('wait', '-n', namespace, `job/${name}`, '--for=condition=complete');
  const { failovers = [] } = statusOf(await e2e.resource(namespace, address.name));
  assert.equal(failovers[0]?.cause, 'Drill');

  const asked = e2e.audit.since(mark, { user });
  assert.deepEqual(asked.filter(({ code }) => code === FORBIDDEN).map(describeUse), []);
  const { rules } = only(objects, 'Role') as KubeObject & { readonly rules: readonly PolicyRule[] };
  assert.deepEqual([...new Set(asked.map(describeUse))].toSorted(), grantsOf(rules));
});

/** For a release in the resource's own namespace. */
function cronObjects(name: string): Promise<readonly KubeObject[]> {
  const values = {
    ...{ 'drill.enabled': true, 'drill.readMetrics': true, 'drill.maxLeaderless': '30s' },
    ...{ 'image.repository': OPERATOR_IMAGE.repository, 'image.tag': OPERATOR_IMAGE.tag },
    'instance.name': name,
    'config.leaderElection.id': `${name}-leader`,
    fullnameOverride: name,
  };
  const sets = Object.entries(values).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  const templates = ['rights', 'cronjob'].flatMap((file) => [
    '--show-only',
    `templates/drill/${file}.yaml`,
  ]);
  return renderObjects(['--namespace', namespace, ...sets, ...templates]);
}

/** `watch leases`, `create pods/eviction`: as the audit log has it. */
function describeUse({ verb, resource, subresource }: AuditEntry): string {
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
}

function grantsOf(rules: readonly PolicyRule[]): readonly string[] {
  return rules
    .flatMap(({ verbs, resources }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    )
    .toSorted();
}

async function assertUntouched(
  subject: Subject,
  end: { readonly exitCode: number; readonly stdout: string },
): Promise<void> {
  assert.deepEqual([end.exitCode, end.stdout], [2, '']);
  const { failovers = [] } = statusOf(await e2e.resource(namespace, subject.address.name));
  assert.deepEqual(failovers, []);
  await assertNothingLeft(subject);
}

/** No pod that stays is announced. */
async function assertNothingLeft({ address }: Subject): Promise<void> {
  const pods = await podsOf(admin, address);
  const announced = pods.filter(({ metadata }) => {
    return metadata.deletionTimestamp === undefined && metadata.annotations?.[CAUSE_ANNOTATION];
  });
  assert.deepEqual(announced, []);
}

function nameOf({ address }: Subject): readonly string[] {
  return [address.name, '-n', address.namespace, '--kubeconfig', kubeconfig];
}
