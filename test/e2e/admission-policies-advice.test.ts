/**
 * The chart's advice: kubectl prints a warning for what will hurt one day, and nothing for what is
 * sound. Nothing is refused.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PassThrough } from '../../operator/api/ha.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { IngressControllerHAKind } from '../../operator/base/resource-kinds.ts';
import { assertWellTyped, installPolicies, kubectlOf } from './support/admission.ts';
import { anObject } from './support/an-object.ts';
import { eventually } from './support/eventually.ts';
import { startHarness } from './support/harness.ts';

const OPERATOR = 'the-operator';
const NAMED = { 'ingressha.dev/name': 'edge' };
const CONTROLLERS = { 'app.kubernetes.io/name': 'icha-ingress-controller' };

const e2e = await startHarness();
const [namespace, lonely] = await Promise.all([1, 2].map(() => e2e.newNamespace()));
assert.ok(namespace && lonely);
const policies = await installPolicies(e2e, {
  group: 'advice',
  namespace: lonely,
  served: namespace,
  operatorAccount: OPERATOR,
});
/** Three that exist: two replicas, none, and no election. */
await create('edge', { replicas: 2 });
await create('asleep', { replicas: 0 });
await create('alone', { replicas: 1, leaderElection: { mode: 'Disabled' } });
await inEffect();

const SINGLE =
  'IngressControllerHA "new" has one replica and so no standby: when it fails, nobody leads until a new pod has started; set spec.replicas to 2 or more';

describe('one replica', () => {
  test('is warned of when a resource is created and when it is scaled', async () => {
    assert.deepEqual(await warnings(resource({ replicas: 1 })), [SINGLE]);
    const scale = ['scale', 'icha/edge', '--replicas=1', '--dry-run=server'];
    assert.deepEqual(await warningsOf(scale), [SINGLE.replace('new', 'edge')]);
  });

  test('is not warned of where no election is wanted', async () => {
    const leaderElection = { mode: 'Disabled' };
    assert.deepEqual(await warnings(resource({ replicas: 1, leaderElection })), []);
  });

  test('is another thing than two or none', async () => {
    for (const replicas of [undefined, 2, 0]) {
      assert.deepEqual(await warnings(resource({ replicas })), []);
    }
    const scale = ['scale', 'icha/edge', '--replicas=0', '--dry-run=server'];
    assert.deepEqual(await warningsOf(scale), []);
  });
});

describe('a Lease that others use', () => {
  const sharing = (name: string) =>
    `IngressControllerHA "new" and "${name}" both use Lease "edge-leader", so only one pod of both leads; create one of them again with another spec.leaderElection.leaseName`;
  const leaderElection = { leaseName: 'edge-leader' };

  test('is warned of once for each other resource', async () => {
    assert.deepEqual(await warnings(resource({ replicas: 2, leaderElection })), [sharing('edge')]);

    await create('edge-too', { replicas: 2, leaderElection });

    await eventually('both others are named', async () => {
      const said = await warnings(resource({ replicas: 2, leaderElection }));
      assert.deepEqual(said.toSorted(), [sharing('edge'), sharing('edge-too')]);
      return true;
    });
    await e2e.admin.remove(IngressControllerHAKind, { namespace, name: 'edge-too' });
    await eventually('one other is left', async () => {
      const said = await warnings(resource({ replicas: 2, leaderElection }));
      assert.deepEqual(said, [sharing('edge')]);
      return true;
    });
  });

  test('is not warned of for the resource itself, another namespace, or without an election', async () => {
    const label = ['label', 'icha/edge', 'team=a', '--dry-run=server'];
    assert.deepEqual(await warningsOf(label), []);
    const elsewhere = resource({ replicas: 2, leaderElection });
    assert.deepEqual(
      await warnings({ ...elsewhere, metadata: { name: 'new', namespace: lonely } }),
      [],
    );
    const disabled = { ...leaderElection, mode: 'Disabled' };
    assert.deepEqual(await warnings(resource({ replicas: 1, leaderElection: disabled })), []);
    const other = { leaseName: 'alone-leader' };
    assert.deepEqual(await warnings(resource({ replicas: 2, leaderElection: other })), []);
  });
});

describe('a PodDisruptionBudget', () => {
  const blocking = (name: string) =>
    `PodDisruptionBudget "new" lets no pod of IngressControllerHA "${name}" be evicted, so a drain of its node never ends; delete the budget, since the operator makes one from two replicas on`;
  const EDGE = [blocking('edge')];
  const BOTH = [blocking('alone'), blocking('edge')];
  const exists = { matchExpressions: [{ key: 'ingressha.dev/name', operator: 'Exists' }] };

  const cases: readonly (readonly [what: string, spec: PassThrough, said: readonly string[]])[] = [
    ['no eviction', { maxUnavailable: 0, selector: { matchLabels: NAMED } }, EDGE],
    ['0%', { maxUnavailable: '0%', selector: { matchLabels: NAMED } }, EDGE],
    ['100%', { minAvailable: '100%', selector: { matchLabels: NAMED } }, EDGE],
    ['2 of 2', { minAvailable: 2, selector: { matchLabels: NAMED } }, EDGE],
    ['90% of 2', { minAvailable: '90%', selector: { matchLabels: NAMED } }, EDGE],
    ['all controllers', { maxUnavailable: 0, selector: { matchLabels: CONTROLLERS } }, BOTH],
    ['all that are ours', { maxUnavailable: 0, selector: exists }, BOTH],
    ['everything', { maxUnavailable: 0, selector: {} }, BOTH],
    ['1 of 2', { minAvailable: 1, selector: { matchLabels: NAMED } }, []],
    ['50% of 2', { minAvailable: '50%', selector: { matchLabels: NAMED } }, []],
    ['one at a time', { maxUnavailable: 1, selector: { matchLabels: NAMED } }, []],
    ['1%, which is one', { maxUnavailable: '1%', selector: { matchLabels: NAMED } }, []],
    ['2 of who knows how many', { minAvailable: 2, selector: {} }, []],
    ['another app', { maxUnavailable: 0, selector: { matchLabels: { app: 'shop' } } }, []],
    ['nobody', { maxUnavailable: 0 }, []],
    ['a part at most', { maxUnavailable: 0, selector: { matchLabels: NAMED, ...exists } }, EDGE],
  ];
  for (const [what, spec, said] of cases) {
    test(`for ${what} is ${said.length > 0 ? 'warned of' : 'fine'}`, async () => {
      assert.deepEqual((await warnings(budget(spec))).toSorted(), said);
    });
  }

  test('that blocks nothing which exists is fine', async () => {
    const spec = { maxUnavailable: 0, selector: {} };
    const metadata = { name: 'new', namespace: lonely };
    assert.deepEqual(await warnings({ ...budget(spec), metadata }), []);
    const asleep = { matchLabels: { 'ingressha.dev/name': 'asleep' } };
    assert.deepEqual(await warnings(budget({ maxUnavailable: 0, selector: asleep })), []);
  });

  test('of the operator is its own affair', async () => {
    const spec = { maxUnavailable: 0, selector: { matchLabels: NAMED } };
    const operator = `--as=system:serviceaccount:${lonely}:${OPERATOR}`;
    assert.deepEqual(await warnings(budget(spec), operator, '--as-group=system:masters'), []);
  });
});

test('the API server finds no mistake in the types of the expressions', () =>
  assertWellTyped(e2e, policies));

/** Policies are compiled one by one, and what they are held against comes by watches of its own. */
async function inEffect(): Promise<void> {
  const all = resource({ replicas: 1, leaderElection: { leaseName: 'edge-leader' } });
  await eventually('resources are warned of', async () => (await warnings(all)).length === 2);
  const blocking = budget({ maxUnavailable: 0, selector: {} });
  await eventually('budgets are warned of', async () => (await warnings(blocking)).length === 2);
}

function create(name: string, spec: PassThrough): Promise<KubeObject> {
  return e2e.apply(anObject({ namespace: namespace ?? '', name, spec }));
}

function resource(spec: PassThrough): KubeObject {
  return anObject({ namespace: namespace ?? '', name: 'new', spec });
}

function budget(spec: PassThrough): KubeObject {
  const metadata = { name: 'new', namespace: namespace ?? '' };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec };
}

/** What kubectl warns of when the object is created, which must be allowed. */
function warnings(object: KubeObject, ...flags: readonly string[]): Promise<readonly string[]> {
  const args = ['create', '--dry-run=server', '-f', '-', ...flags];
  return warningsOf(args, JSON.stringify(object));
}

async function warningsOf(args: readonly string[], input?: string): Promise<readonly string[]> {
  const inNamespace = args.includes('create') ? args : ['-n', namespace ?? '', ...args];
  const { kubeconfig } = e2e.testbed;
  const said = await kubectlOf(e2e, kubeconfig, { args: inNamespace, ...(input && { input }) });
  assert.equal(said.code, 0, said.stderr);
  return said.stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^Warning: Validation failed for [^:]*: /, ''));
}
