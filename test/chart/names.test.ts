/** Names and labels: no two releases share one, and none becomes a number. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { at } from '../e2e/support/an-object.ts';
import { COMBINATIONS } from './support/combinations.ts';
import { only, renderObjects } from './support/helm.ts';
import { ALL_ON } from './support/monitoring.ts';

/** Whatever carries the name of a release: policies, the Job for the definition, and monitoring. */
const EVERYTHING = [
  ...ALL_ON,
  ...['--set', 'crds.upgradeJob.enabled=true,drill.enabled=true,instance.name=edge'],
  ...['--set', 'admissionPolicies.advice.enabled=true'],
  ...['--set', 'admissionPolicies.lockServiceAccount.enabled=true'],
];

describe('cluster-scoped names', () => {
  /** Of releases whose names and namespaces are easily taken for each other. */
  const PAIRS: readonly (readonly [what: string, a: Release, b: Release])[] = [
    ['a namespace that ends in a purpose', ['apisix', 'ingress'], ['apisix', 'ingress-controller']],
    ['one that ends in a policy', ['a', 'b'], ['a', 'b-lock-pods']],
    ['a dash in the other part', ['a', 'b-c'], ['a-b', 'c']],
    ['a name that ends in the other namespace', ['edge-a', 'b'], ['edge', 'a-b']],
    ['a served namespace', ['a', 'b', 'c'], ['a', 'b-controller', 'c']],
    ['two served namespaces', ['a', 'b', 'c-d'], ['a', 'b-c', 'd']],
  ];

  for (const [what, a, b] of PAIRS) {
    test(`never meet by ${what}`, async () => {
      const [ours, theirs] = [await clusterNames(a), await clusterNames(b)];

      assert.ok(ours.length >= 20, `only ${ours.length}`);
      assert.deepEqual(
        ours.filter((name) => theirs.includes(name)),
        [],
      );
    });
  }

  test('have no dot but those between their parts', async () => {
    const args = [...EVERYTHING, '--namespace', 'edge-system'];
    const objects = await renderObjects(args, { release: 'edge.v2' });

    for (const { kind, metadata } of objects.filter(isOfCluster)) {
      const [fullname, namespace, ...purpose] = metadata.name.split('.');
      assert.deepEqual([fullname, namespace], ['edge-v2-ingress-controller-ha', 'edge-system']);
      assert.ok(purpose.length <= 2, `${kind} ${metadata.name}`);
    }
    assert.equal(only(objects, 'Deployment').metadata.name, 'edge-v2-ingress-controller-ha');
  });
});

test('names, namespaces, labels and arguments that look like numbers stay words', async () => {
  const values = ['--set-string', 'servedNamespaces={123,1e3},commonLabels.team=0x1f'];
  values.push('--set-string', 'ingressClass.name=12e4,operator.priorityClassName=7');
  for (const release of ['1234', '12e4']) {
    const args = [...EVERYTHING, ...values, '--namespace', '123'];
    const objects = await renderObjects(args, { release });

    for (const object of objects) assertWords(object, object.kind);
    assert.equal(objects.find(({ kind }) => kind === 'IngressClass')?.metadata.name, '12e4');
  }
});

test('of labels that overlap the narrower ones count, and ours before all', async () => {
  const objects = await renderObjects(['--values', COMBINATIONS['labels that overlap'] ?? '']);
  const template = at(only(objects, 'Deployment'), 'spec.template.metadata') as Metadata;

  assert.equal(only(objects, 'IngressControllerHA').metadata.labels?.team, 'gateway');
  assert.equal(only(objects, 'Deployment').metadata.labels?.team, 'edge');
  assert.deepEqual([template.labels?.team, template.labels?.tier], ['operators', 'all']);
  assert.equal(only(objects, 'PrometheusRule').metadata.labels?.team, 'monitoring');
  assert.equal(template.annotations?.['kubectl.kubernetes.io/default-container'], 'operator');
});

test('the lock knows the operator’s pods whatever the length of their name leaves of the hash', async () => {
  for (const length of [4, 46, 47, 52]) {
    const fullname = 'a'.repeat(length);
    const objects = await renderObjects([...EVERYTHING, '--set', `fullnameOverride=${fullname}`]);
    const policy = objects.find(
      ({ kind, metadata }) =>
        kind === 'ValidatingAdmissionPolicy' && metadata.name.endsWith('.lock-sessions'),
    );
    const [, pattern = ''] = /matches\('(\^a[^']+)'\)/.exec(JSON.stringify(policy?.spec)) ?? [];

    assert.match(podName(fullname), new RegExp(pattern));
    assert.doesNotMatch(`${fullname}-gateway-5d9c7b9d4-x2v8k`, new RegExp(pattern));
    assert.doesNotMatch(`b${podName(fullname)}`, new RegExp(pattern));
  }
});

type Metadata = KubeObject['metadata'];
type Release = readonly [fullname: string, namespace: string, served?: string];

async function clusterNames([fullname, namespace, served]: Release): Promise<readonly string[]> {
  const names = ['--namespace', namespace, '--set', `fullnameOverride=${fullname}`];
  const others = served === undefined ? [] : ['--set', `servedNamespaces={${served}}`];
  const objects = await renderObjects([...EVERYTHING, ...names, ...others]);
  return objects.filter(isOfCluster).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** What the installer names is left to the installer. */
function isOfCluster({ kind, metadata }: KubeObject): boolean {
  return metadata.namespace === undefined && kind !== 'IngressClass' && kind !== 'GatewayClass';
}

/** As the API server names a ReplicaSet's pods: it cuts what goes before the last five at 58 characters. */
function podName(fullname: string): string {
  return `${`${fullname}-5d9c7b9d4f-`.slice(0, 58)}x2v8k`;
}

const WORDS = new Set([
  'name',
  'namespace',
  'serviceAccountName',
  'policyName',
  'priorityClassName',
]);
const MAPS = new Set(['labels', 'annotations', 'matchLabels']);
const LISTS = new Set(['args', 'resourceNames', 'matchNames', 'values']);

function assertWords(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const at = `${path}.${key}`;
    if (WORDS.has(key)) assert.equal(typeof member, 'string', at);
    if (MAPS.has(key) || LISTS.has(key)) {
      for (const word of Object.values(member ?? {})) assert.equal(typeof word, 'string', at);
    }
    assertWords(member, at);
  }
}
