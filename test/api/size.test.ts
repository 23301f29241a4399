/** What a resource may hold is bounded by its schema, so that none costs the API server much. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../operator/api/schema/build.ts';
import { specSchema } from '../../operator/api/schema/spec.ts';

/** With 54,000 in a patch a request took an API server on two busy cores 0.7 s to create, 1.8 s at worst. */
const MAX_LISTS_AND_MAPS = 46_000;

test('a resource that fills every list and map has no more values than the API server can bear', () => {
  const most = mostValues(specSchema);

  assert.ok(most <= MAX_LISTS_AND_MAPS, `${most} values`);
});

test('no value is nested deeper than a pod template is', () => {
  assert.ok(levels(specSchema) <= 13, `${levels(specSchema)} levels`);
});

/** Entries of lists and of maps with free keys, and the lists and maps themselves. */
function mostValues({ items, additionalProperties, properties, ...schema }: Schema): number {
  const entries = (schema.maxItems ?? 0) * atLeastOne(items);
  if (properties === undefined) {
    const members = (schema.maxProperties ?? 0) * atLeastOne(additionalProperties);
    return Math.max(entries, members) + (schema.type === undefined || isHolder(schema) ? 1 : 0);
  }
  const { required = [], maxProperties = Infinity } = schema;
  const fields = Object.entries(properties).map(([name, field]) =>
    required.includes(name) ? 0 : mostValues(field),
  );
  const fullest = fields.toSorted((a, b) => b - a).slice(0, maxProperties - required.length);
  return 1 + fullest.reduce((sum, count) => sum + count, 0);
}

function atLeastOne(schema: Schema | undefined): number {
  return schema === undefined ? 0 : Math.max(1, mostValues(schema));
}

function isHolder({ type }: Pick<Schema, 'type'>): boolean {
  return type === 'object' || type === 'array';
}

function levels({ items, additionalProperties, properties }: Schema): number {
  const below = [items, additionalProperties, ...Object.values(properties ?? {})];
  return Math.max(0, ...below.map((part) => (part === undefined ? 0 : 1 + levels(part))));
}
