/** Every case in golden/ is a resource (and the installer's policy), and what we would apply for it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { parseResource } from '../../operator/api/parse.ts';
import type { Schema } from '../../operator/api/schema/build.ts';
import { specSchema } from '../../operator/api/schema/spec.ts';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { CHILD_KINDS } from '../../operator/base/resource-kinds.ts';
import { toYaml } from '../../operator/cli/render/render.ts';
import { findTerminalErrors } from '../../operator/desired/check/check.ts';
import { desiredObjects } from '../../operator/desired/desired.ts';
import { aPolicy } from '../support/an-ha.ts';

const folder = fileURLToPath(new URL('./golden', import.meta.url));
const cases = readdirSync(folder).toSorted();
const update = process.env.UPDATE_GOLDEN === '1';

for (const name of cases) {
  test(`renders ${name} as its golden file says`, () => {
    const { resource, policy } = read(name);

    const parsed = parseResource(resource);
    assert.equal(parsed.kind, 'valid', JSON.stringify(parsed));
    assert.deepEqual(findTerminalErrors(parsed.ha, policy), []);
    const objects = desiredObjects(parsed.ha, policy);

    const path = `${folder}/${name}/out.yaml`;
    if (update) writeFileSync(path, toYaml(objects));
    assert.ok(existsSync(path), `${path} is missing: run npm run test:update and read it`);
    assert.equal(toYaml(objects), readFileSync(path, 'utf8'));
    assertFitToApply(objects);
  });
}

test('shows every field of spec in some golden case', () => {
  const specs = cases.map((name) => read(name).resource.spec);

  const missing = leaves(specSchema, []).filter(
    (path) => !specs.some((spec) => valueAt(spec, path) !== undefined),
  );

  assert.deepEqual(
    missing.map((path) => path.join('.')),
    [],
  );
});

/** What holds for whatever we apply: order, no status, no null, no empty map but where it means something. */
function assertFitToApply(objects: readonly KubeObject[]): void {
  const order = objects.map(({ kind }) => CHILD_KINDS.findIndex((child) => child.kind === kind));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  for (const object of objects) {
    assert.equal(object.status, undefined);
    const empty = emptyMembers(object, object.kind).filter((path) => !/\.emptyDir$/.test(path));
    assert.deepEqual(empty, []);
  }
}

function emptyMembers(value: unknown, path: string): readonly string[] {
  if (value === null || value === undefined) return [path];
  if (typeof value !== 'object') return [];
  const members = Object.entries(value);
  if (members.length === 0) return [path];
  return members.flatMap(([key, member]) => emptyMembers(member, `${path}.${key}`));
}

function read(name: string) {
  const text = readFileSync(`${folder}/${name}/in.yaml`, 'utf8');
  const [resource, policy] = parseAllDocuments(text, { version: '1.1' }).map((it) => it.toJS());
  return { resource: resource as KubeObject, policy: aPolicy(policy ?? {}) };
}

function leaves(schema: Schema, path: readonly string[]): readonly (readonly string[])[] {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0 || schema.shape !== undefined) return [path];
  return fields.flatMap(([name, field]) => leaves(field, [...path, name]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name],
    value,
  );
}
