/** What the chart renders: the same everywhere, no more rights than the code needs, and hardened. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import type { PolicyRule } from '../../operator/desired/controller-rules.ts';
import { operatorRights } from '../../operator/desired/rights.ts';
import { COMBINATIONS } from './support/combinations.ts';
import { CHART, HELM_VERSIONS, helm, only, render, renderObjects } from './support/helm.ts';

const GOLDEN = join(import.meta.dirname, 'golden', 'defaults.yaml');

describe('every combination of values', () => {
  for (const [name, file] of Object.entries(COMBINATIONS)) {
    test(`${name}: both Helms render the same, twice`, async () => {
      const args = ['--values', file];
      const [four, again, three] = await Promise.all([
        render(args),
        render(args),
        render(args, { version: 'Helm 3' }),
      ]);

      assert.equal(four, again);
      assert.equal(withoutBlankLines(three), withoutBlankLines(four));
    });

    for (const version of HELM_VERSIONS) {
      test(`${name}: ${version} has nothing to complain of`, async () => {
        const args = ['lint', '--strict', CHART, '--values', file, '--namespace', 'edge-system'];
        const answer = await helm(args, { version });

        assert.equal(answer.kind, 'done', answer.kind === 'refused' ? answer.message : '');
      });
    }

    test(`${name}: no Lease, no empty or null field, no duplicate object`, async () => {
      const objects = await renderObjects(['--values', file]);

      assert.ok(objects.length > 0);
      assert.ok(objects.every(({ kind }) => kind !== 'Lease'));
      for (const object of objects) assertNoNull(object, object.kind);
      const names = objects.map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
      );
      assert.deepEqual(names, [...new Set(names)]);
    });
  }

  test('are twenty at least', () => {
    assert.ok(Object.keys(COMBINATIONS).length >= 20);
  });

  test('use every value of the chart', async () => {
    const files = await Promise.all(
      Object.values(COMBINATIONS).map((file) => readFile(file, 'utf8')),
    );
    const all = files.join('\n');
    const schema = JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8'));

    const unused = keysOf(schema, []).filter((key) => !new RegExp(`^ *${key}:`, 'm').test(all));
    assert.deepEqual(unused, ['repository']); // which every rendering here needs
  });
});

test('without image.repository lint passes, so that an unset value does not hide other findings', async () => {
  for (const version of HELM_VERSIONS) {
    const answer = await helm(['lint', '--strict', CHART, '--namespace', 'edge-system'], {
      version,
    });

    assert.equal(answer.kind, 'done');
  }
});

test('the default rendering is the one in golden/defaults.yaml', async () => {
  const text = await render();

  if (process.env.UPDATE_GOLDEN) await writeFile(GOLDEN, text);
  assert.equal(text, await readFile(GOLDEN, 'utf8'));
});

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
      /-(view|edit)$/.test(metadata.name),
    );
    const labels = roles.map(({ metadata }) => Object.keys(metadata.labels ?? {}));

    assert.equal(roles.length, 2);
    assert.equal(labels.flat().filter((label) => label.endsWith('aggregate-to-view')).length, 1);
    assert.equal(labels.flat().filter((label) => label.endsWith('aggregate-to-edit')).length, 0);
  });
});

describe('pods', () => {
  test('of every kind meet the restricted profile, with a read-only root file system', async () => {
    const objects = await renderObjects(['--set', 'crds.upgradeJob.enabled=true']);
    const specs = objects.flatMap(podSpecsOf);

    assert.equal(specs.length, 3); // operator, upgrade Job, test
    for (const { securityContext, containers } of specs) {
      assert.deepEqual(securityContext, {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of containers) {
        assert.deepEqual(container.securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        assert.ok(container.resources);
      }
    }
  });

  test('of the operator are spread, and a drain takes one at a time', async () => {
    const objects = await renderObjects();
    const [operator] = podSpecsOf(only(objects, 'Deployment'));

    assert.deepEqual(
      operator?.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey),
      ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'],
    );
    assert.equal(specOf(only(objects, 'PodDisruptionBudget')).maxUnavailable, 1);
  });
});

test('hooks never carry a resource or its definition, which Helm would delete before it makes a new one', async () => {
  const objects = await renderObjects(['--set', 'crds.upgradeJob.enabled=true']);
  const hooks = objects.filter(
    ({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined,
  );

  assert.deepEqual([...new Set(hooks.map(({ kind }) => kind))].toSorted(), [
    'ClusterRole',
    'ClusterRoleBinding',
    'Job',
    'Pod',
    'Role',
    'RoleBinding',
    'ServiceAccount',
  ]);
});

test('the definition in the chart is the one in crds/', async () => {
  const root = join(CHART, '..');
  const file = 'crds/ingresscontrollerhas.yaml';

  assert.equal(await readFile(join(CHART, file), 'utf8'), await readFile(join(root, file), 'utf8'));
});

test('chart, application and package have one version', async () => {
  const chart = await readFile(join(CHART, 'Chart.yaml'), 'utf8');
  const { version } = JSON.parse(await readFile(join(CHART, '..', 'package.json'), 'utf8'));

  assert.match(chart, new RegExp(`^version: ${version}$`, 'm'));
  assert.match(chart, new RegExp(`^appVersion: ${version}$`, 'm'));
});

/** The two separate documents differently. */
function withoutBlankLines(text: string): string {
  return text.replaceAll(/\n{2,}/g, '\n');
}

function assertNoNull(value: unknown, path: string): void {
  assert.notEqual(value, null, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) assertNoNull(member, `${path}.${key}`);
}

/** The keys that values have, without those below instance.spec, which are the resource's. */
function keysOf(node: Node, path: readonly string[]): readonly string[] {
  if (path.join('.') === 'instance.spec') return ['spec'];
  const fields = Object.entries(node.properties ?? {});
  return fields.flatMap(([name, field]) => [name, ...keysOf(field, [...path, name])]);
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}

function rulesOf(object: KubeObject): readonly PolicyRule[] {
  return (object.rules as readonly PolicyRule[] | undefined) ?? [];
}

interface PodSpec {
  readonly securityContext?: unknown;
  readonly containers: readonly {
    readonly securityContext?: unknown;
    readonly resources?: unknown;
  }[];
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string }[];
}

function podSpecsOf(object: KubeObject): readonly PodSpec[] {
  if (object.kind === 'Pod') return [object.spec as PodSpec];
  const { template } = specOf(object);
  return template === undefined ? [] : [template.spec];
}

/** What is read of any `spec` here. */
function specOf({ spec }: KubeObject) {
  return (spec ?? {}) as {
    readonly maxUnavailable?: number;
    readonly template?: { readonly spec: PodSpec };
  };
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
