/**
 * values.schema.json: strict, so that a misspelt key is an error instead of a value without effect.
 * Draft 7, which every Helm since 3.0 reads.
 */
import type { JsonSchema } from '../../../operator/api/json-schema.ts';
import { isInValuesYaml, type Leaf, REGISTRY, type Value } from './value.ts';
import { VALUES } from './values.ts';

const PULL_SECRET: JsonSchema = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
  ],
};

/** What a parent chart adds to our values, and what only it reads. */
export const FROM_PARENT: Readonly<Record<string, JsonSchema>> = {
  global: {
    type: ['object', 'null'],
    description:
      'Values that all charts of a parent share; imageRegistry and imagePullSecrets count here.',
    properties: {
      imageRegistry: {
        ...REGISTRY,
        type: ['string', 'null'],
        description:
          'Registry of all images, the controllers’ too, unless policy.imageRegistry is set.',
      },
      imagePullSecrets: {
        type: ['array', 'null'],
        description:
          'Secrets to pull images with, as names or as `{name: …}`, where no imagePullSecrets of ours are set.',
        items: PULL_SECRET,
      },
    },
  },
  enabled: {
    type: ['boolean', 'null'],
    description: 'For the condition of a parent chart, which reads it; the chart itself does not.',
  },
};

/** The content of chart/values.schema.json. */
export function valuesSchemaContent(): string {
  const { properties, ...rest } = mapOf(VALUES);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: 'Generated from scripts/generate/chart by `npm run generate`. Do not edit.',
    title: 'Values of the chart ingress-controller-ha',
    ...rest,
    properties: { ...(properties as object), ...FROM_PARENT },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/**
 * A key with a default is required: it is only missing when a user nulled it, or kept the values of
 * an older chart with `--reuse-values`, and a sentence about it beats a template that fails.
 */
function mapOf(values: Readonly<Record<string, Value>>): JsonSchema {
  const entries = Object.entries(values);
  const required = entries.filter(([, value]) => isInValuesYaml(value)).map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(entries.map(([name, value]) => [name, schemaOf(value)])),
  };
}

function schemaOf(value: Value): JsonSchema {
  if (value.kind === 'leaf') return leafSchema(value);
  const { type, ...shape } = mapOf(value.values);
  const types = isInValuesYaml(value) ? type : [type, 'null'];
  return { type: types, description: value.description, ...shape };
}

/** Null unsets a value that has no default; with `--set x=null` Helm hands it on as it is. */
function leafSchema({ schema, description, default: byDefault }: Leaf): JsonSchema {
  if (byDefault !== undefined) return { ...schema, description, default: byDefault };
  return { ...schema, type: [schema.type, 'null'], description };
}
