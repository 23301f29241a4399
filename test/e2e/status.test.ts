/** The status as others read it: kstatus (the real library), kubectl get, and what a failover shows. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { DeploymentKind, LeaseKind } from '../../operator/base/resource-kinds.ts';
import { anObject, at, conditionText, running, statusOf, uniqueName } from './support/an-object.ts';
import { eventually, timeUntil } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';
import { kstatusOf } from './support/kstatus.ts';
import { podsOf, uidsOf } from './support/pods.ts';

const e2e = await startHarness();
const kstatus = (objects: readonly KubeObject[]) => kstatusOf(e2e.testbed, objects);
const { namespace } = await e2e.startOperator();
const name = uniqueName('apisix');

describe('kstatus', () => {
  test('says InProgress as long as no operator serves the namespace', async () => {
    const elsewhere = await e2e.newNamespace();

    const { metadata } = await e2e.apply(anObject({ namespace: elsewhere }));

    const resource = await e2e.resource(elsewhere, metadata.name);
    assert.equal(statusOf(resource).observedGeneration, -1);
    assert.deepEqual(await kstatus([resource]), ['InProgress']);
  });

  test('says InProgress until the controller is up, and Current from then on', async () => {
    const seen: KubeObject[] = [await e2e.apply(anObject({ namespace, name, spec: running() }))];

    await eventually(
      'the controller is up',
      async () => {
        const resource = await e2e.resource(namespace, name);
        const known = seen.at(-1)?.metadata.resourceVersion === resource.metadata.resourceVersion;
        if (!known) seen.push(resource);
        return conditionText(resource, 'Ready') === 'Ready=True/AsSpecified';
      },
      { within: 90_000 },
    );

    const told = await kstatus(seen);
    const last = seen.at(-1) ?? anObject({ namespace });
    assert.ok(told.length > 2, 'the states on the way were seen');
    assert.deepEqual(told.slice(0, -1), told.slice(0, -1).fill('InProgress'));
    assert.equal(told.at(-1), 'Current');
    assert.equal(statusOf(last).readyReplicas, 2);
    assert.ok(statusOf(last).leader?.podName);
  });
});

/** Specs that admission lets pass and only a person can mend, and how they are mended. */
const mistakes: Readonly<Record<string, readonly [broken: PassThrough, mended: PassThrough]>> = {
  VersionUnsupported: [{ controller: { version: '9.9.9' } }, { controller: { version: '2.2.0' } }],
  ImageRefused: [
    { controller: { manager: { image: { repository: 'example.com/mine' } } } },
    { controller: { manager: { image: { repository: 'localhost/candidate' } } } },
  ],
  ConfigRefused: [
    { controller: { configOverrides: { metrics_addr: ':1' } } },
    { controller: { configOverrides: null } },
  ],
  PodTemplatePatchRefused: [
    { podTemplatePatch: { spec: { hostNetwork: true } } },
    { podTemplatePatch: null },
  ],
  AdmissionDenied: [
    { placement: { tolerations: [{ operator: 'Sometimes' }] } },
    { placement: { tolerations: null } },
  ],
};

describe('a spec that only its author can mend is Failed and leaves what runs alone', () => {
  for (const [reason, [broken, mended]] of Object.entries(mistakes)) {
    test(reason, async () => {
      const child = { namespace, name: `${name}-icha` };
      const deployment = await e2e.admin.read(DeploymentKind, child);
      const pods = uidsOf(await podsOf(e2e.admin, namespace, name));

      await e2e.edit({ namespace, name }, { spec: broken });
      const failed = await e2e.condition({ namespace, name }, `Stalled=True/${reason}`);
      const untouched = await e2e.admin.read(DeploymentKind, child);
      await e2e.edit({ namespace, name }, { spec: mended });
      const recovered = await e2e.condition({ namespace, name }, 'Ready=True/AsSpecified');

      assert.deepEqual(await kstatus([failed, recovered]), ['Failed', 'Current']);
      assert.equal(conditionText(failed, 'Ready'), `Ready=False/${reason}`);
      assert.equal(conditionText(recovered, 'Stalled'), undefined);
      assert.deepEqual(untouched.spec, deployment.spec);
      assert.deepEqual(uidsOf(await podsOf(e2e.admin, namespace, name)), pods);
    });
  }
});

test('kubectl get fits 100 columns and names the leader', async (t) => {
  const text = await e2e.kubectl('get', 'icha', '-n', namespace);

  const [header = '', row = ''] = text.split('\n').filter((line) => line.includes(' '));
  const { leader } = statusOf(await e2e.resource(namespace, name));
  t.diagnostic(`kubectl get icha: ${Math.max(header.length, row.length)} columns`);
  assert.deepEqual(header.split(/\s+/).filter(Boolean), [
    'NAME',
    'REPLICAS',
    'READY',
    'LEADER',
    'AGE',
  ]);
  assert.deepEqual(row.split(/\s+/).slice(0, 4), [name, '2', 'True', leader?.podName]);
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line);
});

describe('a failover', () => {
  let resource: KubeObject;
  let lease: KubeObject;

  before(async () => {
    resource = await e2e.condition({ namespace, name }, 'Ready=True/AsSpecified');
    lease = await e2e.admin.read(LeaseKind, { namespace, name: `${name}-leader` });
  });

  test('names the new leader in the status, and flips no condition', async (t) => {
    const { leader } = statusOf(resource);
    const pod = leader?.podName ?? '';

    await e2e.testbed.signalContainer({ namespace, pod, container: 'manager' });
    const tookMs = await timeUntil('the Lease has another holder', async () => {
      const found = await e2e.admin.read(LeaseKind, { namespace, name: `${name}-leader` });
      const holder = at(found, 'spec.holderIdentity');
      return holder !== '' && holder !== at(lease, 'spec.holderIdentity');
    });
    const toldMs = await timeUntil('the status names it', async () => {
      const found = await e2e.resource(namespace, name);
      const next = statusOf(found).leader;
      return next !== undefined && next.identity !== leader?.identity;
    });
    t.diagnostic(
      `leader killed: next after ${tookMs.toFixed(0)} ms, told ${toldMs.toFixed(0)} ms later`,
    );

    const after = statusOf(await e2e.resource(namespace, name));
    const steady = ['Ready', 'LeaderElected'];
    const conditions = ({ conditions: all = [] }: typeof after) =>
      all.filter(({ type }) => steady.includes(type)).map(({ message: _, ...rest }) => rest);
    assert.deepEqual(conditions(after), conditions(statusOf(resource)));
    assert.equal(after.leader?.transitions, (leader?.transitions ?? 0) + 1);
  });

  test('leaves the resource Current', async () => {
    assert.deepEqual(await kstatus([await e2e.resource(namespace, name)]), ['Current']);
  });
});
