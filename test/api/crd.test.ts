import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse as parseYaml } from 'yaml';
import { CONDITIONS } from '../../operator/api/conditions.ts';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { jsonSchema } from '../../operator/api/json-schema.ts';
import { fieldsMissingFrom } from '../../operator/api/live-crd.ts';
import type { Schema } from '../../operator/api/schema/build.ts';
import { resourceSchema } from '../../operator/api/schema/resource.ts';
import { specSchema } from '../../operator/api/schema/spec.ts';
import { ConditionType } from '../../operator/api/status.ts';

const root = join(import.meta.dirname, '../..');

describe('the CustomResourceDefinition', () => {
  const yaml = readFileSync(join(root, 'crds/ingresscontrollerhas.yaml'), 'utf8');

  test('reads the same under YAML 1.1 and 1.2', () => {
    assert.deepEqual(parseYaml(yaml, { version: '1.1' }), parseYaml(yaml));
    assert.deepEqual(parseYaml(yaml), JSON.parse(JSON.stringify(customResourceDefinition())));
  });

  test('stays far below what kubectl apply can annotate', () => {
    assert.ok(Buffer.byteLength(yaml) <= 200 * 1024);
  });

  test('describes every field', () => {
    assert.deepEqual(
      pathsWhere(resourceSchema, ({ description }) => description === '', ours),
      [
        '.metadata', // Kubernetes' own: a CRD may not describe it
      ],
    );
  });

  test('bounds every string, list, map and number of the spec', () => {
    const unbounded = pathsWhere(specSchema, (node) => {
      if (node.type === 'string') return node.maxLength === undefined && node.enum === undefined;
      if (node.type === 'array') return node.maxItems === undefined;
      if (node.type === 'integer' && node.description !== '') {
        return node.minimum === undefined || node.maximum === undefined;
      }
      if (node['x-kubernetes-preserve-unknown-fields'] === true) {
        const { maxItems = 0, items, maxProperties, additionalProperties } = node;
        const free = maxProperties !== 0 && additionalProperties === undefined;
        return maxProperties === undefined || free || (maxItems > 0 && items === undefined);
      }
      return node.additionalProperties !== undefined && node.maxProperties === undefined;
    });

    assert.deepEqual(unbounded, []);
  });

  test('has no value that YAML 1.1 takes for a boolean', () => {
    const boolean = /^(y|n|yes|no|on|off|true|false)$/i;

    assert.deepEqual(
      pathsWhere(resourceSchema, (node) => node.enum?.some((word) => boolean.test(word)) ?? false),
      ['.status.conditions[].status'], // metav1.Condition has it so
    );
  });
});

describe('fieldsMissingFrom', () => {
  test('finds nothing in the CRD of this checkout', () => {
    assert.deepEqual(fieldsMissingFrom(customResourceDefinition()), []);
  });

  test('names the fields that an older CRD drops, and not what is below them', () => {
    const live = structuredClone(customResourceDefinition());
    const text = JSON.stringify(live)
      .replace('"clearDelay":{', '"x":{')
      .replace('"standbys":{', '"y":{');

    assert.deepEqual(fieldsMissingFrom(JSON.parse(text)), [
      'spec.failover.clearDelay',
      'status.standbys',
    ]);
  });

  test('names the top fields where the CRD is another one altogether', () => {
    const other = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } };

    assert.deepEqual(fieldsMissingFrom(other), [
      'apiVersion',
      'kind',
      'metadata',
      'spec',
      'status',
    ]);
  });
});

describe('the schema for the values of the chart', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(jsonSchema(specSchema, 'Refused'));

  test('refuses unknown fields but those of pod-shaped objects', () => {
    assert.equal(validate({ replica: 2 }), false);
    assert.equal(validate({ placement: { affinity: { any: 1 } } }), true);
    assert.equal(validate({ controller: { volumes: [{ name: 'a', any: 1 }] } }), true);
  });
});

describe('the status', () => {
  test('has a meaning for every condition type', () => {
    assert.deepEqual(Object.keys(CONDITIONS), Object.keys(ConditionType));
  });
});

/** Not what Kubernetes describes, or nobody. */
function ours(node: Schema): boolean {
  return node.shape === undefined;
}

/** Paths of the nodes for which `predicate` holds, but those below a node that is not `entered`. */
function pathsWhere(
  schema: Schema,
  predicate: (node: Schema) => boolean,
  entered: (node: Schema) => boolean = () => true,
  path = '',
): readonly string[] {
  const children = !entered(schema)
    ? []
    : [
        ...Object.entries(schema.properties ?? {}).map(
          ([name, node]) => [`.${name}`, node] as const,
        ),
        ...(schema.items === undefined ? [] : [['[]', schema.items] as const]),
        ...(schema.additionalProperties === undefined
          ? []
          : [['.*', schema.additionalProperties] as const]),
      ];
  return [
    ...(predicate(schema) ? [path] : []),
    ...children.flatMap(([step, node]) => pathsWhere(node, predicate, entered, `${path}${step}`)),
  ];
}
