/** The rights that the operator and its controllers get, and above all those that they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import { desiredObjects } from '../../operator/desired/desired.ts';
import { operatorRights, servedNamespacesProblem } from '../../operator/desired/rights.ts';
import { anHa, aPolicy } from '../support/an-ha.ts';

const rights = operatorRights({
  operatorNamespace: 'ingress-ha-system',
  servedNamespaces: ['prod', 'edge', 'prod'],
  serviceAccountName: 'ingress-controller-ha',
});

test('gives the operator no bind, no escalate, no impersonate and no wildcard', () => {
  for (const rule of allRules(rights)) {
    const words = [rule.verbs, rule.resources, rule.apiGroups].flat();
    for (const word of ['*', 'bind', 'escalate', 'impersonate']) assert.ok(!words.includes(word));
  }
});

test('gives the operator no Secrets, and no pods to create', () => {
  for (const { resources, verbs } of operatorRules()) {
    assert.ok(!resources.includes('secrets'));
    if (resources.includes('pods')) assert.ok(!verbs.includes('create'));
  }
});

test('lets the operator read beyond its namespaces only its own CRD, and one node by name', () => {
  assert.deepEqual(rulesOf('ClusterRole', 'ingress-controller-ha'), [
    {
      apiGroups: ['apiextensions.k8s.io'],
      resources: ['customresourcedefinitions'],
      verbs: ['get'],
      resourceNames: ['ingresscontrollerhas.ingressha.dev'],
    },
    { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
  ]);
});

test('gives the controller no Leases beyond its own', () => {
  for (const { resources } of rulesOf('ClusterRole', 'ingress-controller-ha-controller')) {
    assert.ok(!resources.includes('leases'));
  }
});

test('holds every rule that the operator writes into a Role, or the API server would refuse it', () => {
  const held = rulesOf('Role', 'ingress-controller-ha');
  const roles = desiredObjects(anHa(), aPolicy()).filter(({ kind }) => kind === 'Role');

  for (const wanted of allRules(roles)) {
    for (const verb of wanted.verbs) {
      assert.ok(
        held.some(
          ({ apiGroups, resources, verbs }) =>
            apiGroups.includes(wanted.apiGroups[0] ?? '?') &&
            resources.includes(wanted.resources[0] ?? '?') &&
            verbs.includes(verb),
        ),
        `${verb} ${wanted.resources.join()}`,
      );
    }
  }
});

test('serves each namespace once, with an account and a binding of its own', () => {
  const bindings = rights.filter(({ kind }) => kind === 'ClusterRoleBinding');
  const accounts = rights.filter(({ kind }) => kind === 'ServiceAccount');

  assert.deepEqual(
    bindings.map(({ metadata }) => metadata.name),
    [
      'ingress-controller-ha',
      'ingress-controller-ha-controller-edge',
      'ingress-controller-ha-controller-prod',
    ],
  );
  assert.deepEqual(
    accounts.map(({ metadata }) => metadata.namespace),
    ['ingress-ha-system', 'edge', 'prod'],
  );
  assert.equal(new Set(rights.map(address)).size, rights.length);
});

test('adds the rules that a newer controller needs', () => {
  const extra = { apiGroups: ['example.com'], resources: ['things'], verbs: ['get'] };
  const extended = operatorRights({
    operatorNamespace: 'a',
    servedNamespaces: ['b'],
    serviceAccountName: 'c',
    operandServiceAccountName: 'd',
    extraControllerRules: [extra],
  });

  const role = extended.filter(
    ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'd',
  );
  assert.deepEqual(allRules(role).at(-1), extra);
});

const refused: Readonly<Record<string, { namespaces: readonly string[]; expected: RegExp }>> = {
  'no namespace': { namespaces: [], expected: /at least one namespace/ },
  'the default namespace': { namespaces: ['a', 'default'], expected: /serve namespace "default"/ },
  "a namespace of Kubernetes' own": { namespaces: ['kube-system'], expected: /"kube-system"/ },
  'a name that is none': { namespaces: ['A b'], expected: /"A b": it is not the name/ },
};

for (const [what, { namespaces, expected }] of Object.entries(refused)) {
  test(`refuses to serve ${what}, in one sentence`, () => {
    assert.match(servedNamespacesProblem(namespaces) ?? '', expected);
  });
}

test('serves other namespaces', () => {
  assert.equal(servedNamespacesProblem(['default-apps', 'my-kube-system']), undefined);
});

function allRules(objects: readonly KubeObject[]): readonly PolicyRule[] {
  return objects.flatMap((object) => (object.rules ?? []) as readonly PolicyRule[]);
}

function operatorRules(): readonly PolicyRule[] {
  return allRules(rights.filter(({ metadata }) => !metadata.name.endsWith('-controller')));
}

function rulesOf(kind: string, name: string): readonly PolicyRule[] {
  return allRules(rights.filter((it) => it.kind === kind && it.metadata.name === name).slice(0, 1));
}

function address({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}
