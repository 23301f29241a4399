/** Rights: those that the code needs, whatever the values say, and no more. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import { operatorRights } from '../../operator/desired/rights.ts';
import { COMBINATIONS } from './support/combinations.ts';
import { renderObjects } from './support/helm.ts';

describe('rights', () => {
  test('are those that `ingress-ha render operator` prints', async () => {
    const rendered = await renderObjects(['--set', 'servedNamespaces={one,two}']);
    const printed = operatorRights({
      operatorNamespace: 'edge-system',
      servedNamespaces: ['one', 'two'],
      serviceAccountName: 'edge-ingress-controller-ha',
      leaseName: 'edge-ingress-controller-ha',
      operandServiceAccountName: 'edge-ingress-controller-ha-controller',
    });

    const [ours, theirs] = [grantsOf(rendered), grantsOf(printed)];
    assert.deepEqual(
      ours.filter((grant) => !theirs.includes(grant)),
      [],
    );
    assert.deepEqual(
      theirs.filter((grant) => !ours.includes(grant)),
      [],
    );
    assert.ok(ours.length > 100);
  });

  test('are without wildcard, bind, escalate and impersonate', async () => {
    for (const file of Object.values(COMBINATIONS)) {
      for (const rule of (await renderObjects(['--values', file])).flatMap(rulesOf)) {
        const words = [rule.verbs, rule.resources, rule.apiGroups].flat();
        for (const word of ['*', 'bind', 'escalate', 'impersonate'])
          assert.ok(!words.includes(word));
      }
    }
  });

  test('to write resources are not everyone’s who may edit', async () => {
    const roles = (await renderObjects()).filter(({ metadata }) =>
      /\.(view|edit)$/.test(metadata.name),
    );
    const labels = roles.map(({ metadata }) => Object.keys(metadata.labels ?? {}));

    assert.equal(roles.length, 2);
    assert.equal(labels.flat().filter((label) => label.endsWith('aggregate-to-view')).length, 1);
    assert.equal(labels.flat().filter((label) => label.endsWith('aggregate-to-edit')).length, 0);
  });
});

function rulesOf(object: KubeObject): readonly PolicyRule[] {
  return (object.rules as readonly PolicyRule[] | undefined) ?? [];
}

/** Who may do what where, whatever the roles are called: `account in scope: verb group/resource[name]`. */
function grantsOf(objects: readonly KubeObject[]): readonly string[] {
  const bindings = objects.filter(
    ({ kind, metadata }) => /Binding$/.test(kind) && !isHook(metadata),
  );
  return bindings
    .flatMap((binding) => {
      const { roleRef, subjects } = binding as unknown as Binding;
      const { namespace } = binding.metadata;
      const role = objects.find(
        ({ kind, metadata }) =>
          kind === roleRef.kind &&
          metadata.name === roleRef.name &&
          (kind === 'ClusterRole' || metadata.namespace === namespace),
      );
      assert.ok(role, `${roleRef.kind} ${roleRef.name} is not there`);
      const who = subjects.map((subject) => `${subject.namespace}/${subject.name}`).join();
      return rulesOf(role).flatMap((rule) =>
        rule.verbs.flatMap((verb) =>
          rule.resources.map(
            (resource) =>
              `${who} in ${namespace ?? 'cluster'}: ${verb} ${rule.apiGroups}/${resource}[${rule.resourceNames ?? ''}]`,
          ),
        ),
      );
    })
    .toSorted();
}

function isHook({ annotations }: KubeObject['metadata']): boolean {
  return annotations?.['helm.sh/hook'] !== undefined;
}

interface Binding {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly namespace: string; readonly name: string }[];
}
