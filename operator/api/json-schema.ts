/**
 * The structural part of the schema as plain JSON Schema, for ajv and for the chart's values.
 * Rules are not in it: they need values of several fields, and messages a person understands. Nor are the
 * shapes of Kubernetes: api/shape-problems.ts knows them, in a hundredth of the code that ajv would make of them.
 */
import { defined } from '../base/defined.ts';
import { API_VERSION, RESOURCE_KIND } from '../base/resource-kinds.ts';
import type { Schema } from './schema/build.ts';
import { resourceSchema } from './schema/resource.ts';

/** A JSON Schema, as ajv and Helm read it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What becomes of fields that the schema does not know. */
export type UnknownFields = 'Allowed' | 'Refused';

/** One node and all below it. */
export function jsonSchema(schema: Schema, unknownFields: UnknownFields): JsonSchema {
  const { items, required } = schema;
  const { properties, additionalProperties } = ownParts(schema);
  return {
    ...typeOf(schema),
    ...pick(schema, ['description', 'default', 'enum', 'minimum', 'maximum']),
    ...pick(schema, ['minLength', 'maxLength', 'maxItems', 'maxProperties']),
    ...defined({
      required,
      properties: properties && fields(properties, unknownFields),
      items: items && jsonSchema(items, unknownFields),
    }),
    ...(additionalProperties === undefined
      ? closed(schema, unknownFields)
      : { additionalProperties: jsonSchema(additionalProperties, unknownFields) }),
  };
}

/** The resource as parseResource takes it: only what it reads of `metadata`, and no status. */
export function resourceJsonSchema(): JsonSchema {
  const { spec } = resourceSchema.properties ?? {};
  if (spec === undefined) throw new Error('The schema of the resource has no `spec`');
  return {
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: {
      apiVersion: { type: 'string', enum: [API_VERSION] },
      kind: { type: 'string', enum: [RESOURCE_KIND] },
      metadata: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1 },
          namespace: { type: 'string' },
          uid: { type: 'string' },
          generation: { type: 'integer' },
          deletionTimestamp: { type: 'string' },
        },
      },
      spec: jsonSchema(spec, 'Allowed'),
    },
  };
}

function typeOf(schema: Schema): JsonSchema {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  const { type } = schema;
  if (type === undefined) return {};
  return { type: schema.nullable === true ? [type, 'null'] : type };
}

/** What is below a node, without that which has no description and so is not ours to check here. */
function ownParts(schema: Schema): Pick<Schema, 'properties' | 'additionalProperties'> {
  const { properties, shape } = schema;
  if (shape === undefined) return schema;
  const own = Object.entries(properties ?? {}).filter(([, field]) => field.description !== '');
  return own.length === 0 ? {} : { properties: Object.fromEntries(own) };
}

function closed(schema: Schema, unknownFields: UnknownFields): JsonSchema {
  if (unknownFields === 'Allowed' || schema.properties === undefined) return {};
  return schema.shape !== undefined ? {} : { additionalProperties: false };
}

function pick(schema: Schema, names: readonly (keyof Schema)[]): JsonSchema {
  return Object.fromEntries(
    names.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]] as const])),
  );
}

function fields(
  properties: Readonly<Record<string, Schema>>,
  unknownFields: UnknownFields,
): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, jsonSchema(field, unknownFields)]),
  );
}
