/**
 * What a user does with the chart over its life, step by step on one release: every step builds on
 * the one before, so the tests run in this order.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { HelmVersion } from '../../chart/support/helm.ts';
import { HELM_WAITS, KUBECTL_WAITS } from '../../support/hang-limits.ts';
import { CANDIDATE_IMAGES, conditionText, statusOf } from '../support/an-object.ts';
import { eventually } from '../support/eventually.ts';
import { EDGE, installationOf, NEW_FIELD } from './installation.ts';
import { operatorGrants, rightsUsed } from './rights-used.ts';

const { release: RELEASE, namespace: NAMESPACE } = EDGE;
const ACCOUNTS = `system:serviceaccount:${NAMESPACE}:${RELEASE}-ingress-controller-ha`;
const LEASE = 'apisix-ingress-controller-leader';
/** With the candidate's start and its election; the steps take 2 to 20 s. */
const PATIENCE = { within: 90_000 };
const KEEP = ['upgrade', RELEASE];

export async function lifecycle(version: HelmVersion): Promise<void> {
  const it = await installationOf(version);
  after(() => it.remove());

  const upgrade = (...args: readonly string[]) =>
    it.helmUntilReady(...KEEP, it.chart, '--reset-then-reuse-values', ...args);
  const replicas = async () => statusOf(await it.resource()).readyReplicas;
  const lease = async () => JSON.parse(await it.kubectl('get', 'lease', LEASE, '-o', 'json'));

  /** The operator and two controllers, Ready as soon as the command returns. */
  async function assertReady(count: number): Promise<void> {
    const resource = await it.resource();
    assert.equal(conditionText(resource, 'Ready'), 'Ready=True/AsSpecified');
    assert.equal(statusOf(resource).observedGeneration, resource.metadata.generation);
    assert.equal(await replicas(), count);
  }

  describe(`the chart over its life, with ${version}`, () => {
    test('installs, and is Ready when the command returns', async () => {
      await it.helmUntilReady('install', RELEASE, it.previousChart, '--values', it.valuesFile);

      await assertReady(2);
      const operators = await it.kubectl(
        'get',
        'deployment',
        `${RELEASE}-ingress-controller-ha`,
        '-o',
        'jsonpath={.status.readyReplicas}',
      );
      assert.equal(operators, '2');
    });

    test('installs the definition, and upgrades it by the Job when asked to', async () => {
      const field = () =>
        it.kubectl(
          'get',
          'crd',
          'ingresscontrollerhas.ingressha.dev',
          '-o',
          `jsonpath={${NEW_FIELD}.type}`,
        );
      assert.equal(await field(), '');

      await upgrade('--set', 'crds.upgradeJob.enabled=true');

      assert.equal(await field(), 'string');
      await assertReady(2);
      const kinds = 'job,serviceaccount,clusterrole,clusterrolebinding';
      const left = await it.kubectl('get', kinds, '-A', '-o', 'name');
      assert.match(left, /\/edge-ingress-controller-ha\.edge-system$/m);
      assert.doesNotMatch(left, /[-.]crds$/m);
    });

    test('helm upgrade --reset-then-reuse-values --set replicas=3 gives three, and forgets nothing', async () => {
      await upgrade('--set', 'replicas=3');

      await assertReady(3);
    });

    test('a second path with another number is refused, and what runs is left running', async () => {
      const { metadata } = await it.resource();

      const message = await it.helmRefusal(
        ...KEEP,
        it.chart,
        '--reset-then-reuse-values',
        '--set',
        'deployment.replicas=2',
      );

      assert.match(
        message,
        /replicas=3 and deployment\.replicas=2.*--set deployment\.replicas=null/,
      );
      assert.equal((await it.resource()).metadata.resourceVersion, metadata.resourceVersion);
    });

    test('the vendor guide’s path takes over when the first one is unset', async () => {
      await upgrade('--set', 'replicas=null', '--set', 'deployment.replicas=2');

      await assertReady(2);
    });

    test('and the parent chart’s path after it', async () => {
      await upgrade(
        '--set',
        'deployment.replicas=null',
        '--set',
        'ingress-controller.deployment.replicas=1',
      );
      await assertReady(1);

      await upgrade('--set', 'ingress-controller.deployment.replicas=3');
      await assertReady(3);
    });

    test('rolls back to what it was', async () => {
      const history = JSON.parse(await it.helm('history', RELEASE, '-o', 'json'));
      const two = history.at(-3).revision; // deployment.replicas=2

      await it.helmUntilReady('rollback', RELEASE, String(two));

      await assertReady(2);
    });

    test('without any path the number is kubectl scale’s, and an upgrade leaves it', async () => {
      await upgrade('--set', 'deployment.replicas=null');
      await it.kubectl('scale', 'icha', RELEASE, '--replicas=3');
      await it.kubectl('wait', '--for=condition=Ready', `icha/${RELEASE}`, KUBECTL_WAITS);
      await assertReady(3);

      await upgrade('--set', 'operator.logLevel=debug');

      await assertReady(3);
    });

    test('a path that is set after a scale wins, with both Helms', async () => {
      await upgrade('--set', 'replicas=2');

      await assertReady(2);
    });

    test('a number that Helm has set and someone scaled is not taken back unasked', async () => {
      await it.kubectl('scale', 'icha', RELEASE, '--replicas=3');
      await it.kubectl('wait', '--for=condition=Ready', `icha/${RELEASE}`, KUBECTL_WAITS);
      const other = ['--set', 'operator.logLevel=info'];

      if (version === 'Helm 4') {
        const args = [...KEEP, it.chart, '--reset-then-reuse-values', ...other];
        assert.match(await it.helmRefusal(...args), /conflict.*\.spec\.replicas/s);
        await assertReady(3);
        await upgrade(...other, '--force-conflicts');
      } else {
        await upgrade(...other);
        await assertReady(3);
        await upgrade('--set', 'replicas=1');
        await upgrade('--set', 'replicas=2');
      }

      await assertReady(2);
    });

    test('helm test waits for Ready with our own image', async () => {
      const told = await it.helm('test', RELEASE, ...HELM_WAITS);

      assert.match(told, /Phase:\s+Succeeded/);
    });

    test('a deleted leader is followed by the next in seconds, and its history says so', async () => {
      const leader = statusOf(await it.resource()).leader?.podName ?? '';

      await it.kubectl('delete', 'pod', leader, '--wait=false');

      await eventually(
        'the failover is told',
        async () => {
          const [newest] = statusOf(await it.resource()).failovers ?? [];
          return newest?.fromIdentity.startsWith(leader) && newest.assist === 'Cleared';
        },
        PATIENCE,
      );
      await it.kubectl('wait', '--for=condition=Ready', `icha/${RELEASE}`, KUBECTL_WAITS);
    });

    test('the operator needs every right it holds, and no other', async () => {
      await everythingElse();

      await eventually(
        'every right is used',
        () => {
          const unused = operatorGrants().filter(
            (right) => !rightsUsed(it.audit.since(0, { user: ACCOUNTS })).includes(right),
          );
          if (unused.length > 0) throw new Error(`never used: ${unused.join(', ')}`);
          return true;
        },
        PATIENCE,
      );
      const entries = it.audit.since(0, { user: ACCOUNTS });
      assert.deepEqual(rightsUsed(entries), operatorGrants());
      assert.deepEqual(
        entries.filter(({ code }) => code === 403),
        [],
      );
    });

    test('the upgrade Job and the test hold what they use', () => {
      const used = (account: string) =>
        rightsUsed(it.audit.since(0, { user: `${ACCOUNTS}-${account}` }));

      assert.deepEqual(used('crds'), [
        'get customresourcedefinitions',
        'patch customresourcedefinitions',
      ]);
      assert.deepEqual(used('test'), ['get ingresscontrollerhas']);
    });

    test('uninstalls by itself, and leaves the definition and the Lease', async () => {
      const before = await lease();

      await it.helm('uninstall', RELEASE, '--wait', ...HELM_WAITS);

      await eventually(
        'all pods are gone',
        async () => (await it.kubectl('get', 'pods', '-o', 'name')) === '',
        PATIENCE,
      );
      const kinds = 'deployment,configmap,service,pdb,role,rolebinding,serviceaccount,icha';
      const left = (await it.kubectl('get', kinds, '-o', 'name')).trim().split('\n');
      assert.deepEqual(left.toSorted(), ['configmap/kube-root-ca.crt', 'serviceaccount/default']);
      assert.equal((await lease()).metadata.uid, before.metadata.uid);
      assert.match(
        await it.kubectl('get', 'crd', '-o', 'name'),
        /ingresscontrollerhas\.ingressha\.dev/,
      );
      const cluster = await it.kubectl(
        'get',
        'clusterrole,clusterrolebinding,ingressclass',
        '-o',
        'name',
      );
      assert.doesNotMatch(cluster, /edge|apisix/);
    });

    test('a reinstall takes the Lease up', async () => {
      const { metadata, spec } = await lease();

      await it.helmUntilReady('install', RELEASE, it.chart, '--values', it.valuesFile);

      await assertReady(2);
      const taken = await lease();
      assert.equal(taken.metadata.uid, metadata.uid);
      assert.notEqual(taken.spec.holderIdentity, spec.holderIdentity);
      assert.ok(taken.spec.leaseTransitions > spec.leaseTransitions);
    });

    test('the namespace can be deleted as it is', async () => {
      await it.testbed.kubectl(['delete', 'namespace', NAMESPACE, KUBECTL_WAITS]);
    });
  });

  /** A resource beside the release's, so that the operator has deleted of each kind what it may. */
  async function everythingElse(): Promise<void> {
    const spec = (extra: object) =>
      JSON.stringify({
        apiVersion: 'ingressha.dev/v1alpha1',
        kind: 'IngressControllerHA',
        metadata: { name: 'extra', namespace: NAMESPACE },
        spec: {
          replicas: 0,
          controller: CANDIDATE_IMAGES,
          leaderElection: { leaseName: 'extra' },
          ...extra,
        },
      });
    await it.testbed.kubectl(['apply', '-f', '-'], spec({}));
    await it.kubectl('wait', '--for=condition=Ready', 'icha/extra', KUBECTL_WAITS);
    const controller = { ...CANDIDATE_IMAGES, config: { execADCTimeout: '10s' } };
    await it.testbed.kubectl(['apply', '-f', '-'], spec({ controller }));
    await it.kubectl('wait', '--for=condition=Ready', 'icha/extra', KUBECTL_WAITS);
    await it.kubectl('delete', 'icha', 'extra');
    await eventually(
      'its Lease is swept',
      async () => {
        const leases = await it.kubectl('get', 'lease', '-o', 'name');
        return !leases.includes('lease.coordination.k8s.io/extra\n');
      },
      PATIENCE,
    );
  }
}
