/** What the chart renders: the same everywhere, and sound whatever the values are. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { COMBINATIONS } from './support/combinations.ts';
import { CHART, HELM_VERSIONS, helm, render, renderObjects } from './support/helm.ts';

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

    test(`${name}: no Lease, no null field, no key or object twice`, async () => {
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

  test('use every value of the chart, by its full path', async () => {
    const files = await Promise.all(
      Object.values(COMBINATIONS).map((file) => readFile(file, 'utf8')),
    );
    const used = new Set(files.flatMap((file) => pathsIn(parse(file))));
    const schema = JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8'));

    const unused = leavesOf(schema).filter((path) => !used.has(path));
    assert.deepEqual(unused, ['image.repository']); // which every rendering here needs
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

/** The paths of all values in the schema; what is below instance.spec is the resource's. */
function leavesOf({ properties }: Node, parent = ''): readonly string[] {
  return Object.entries(properties ?? {}).flatMap(([name, field]) => {
    const path = `${parent}${name}`;
    const isLeaf = field.properties === undefined || path === 'instance.spec';
    return isLeaf ? [path] : leavesOf(field, `${path}.`);
  });
}

/** Every path that a file of values sets. */
function pathsIn(values: unknown, parent = ''): readonly string[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => {
    const path = `${parent}${name}`;
    return [path, ...pathsIn(value, `${path}.`)];
  });
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}
