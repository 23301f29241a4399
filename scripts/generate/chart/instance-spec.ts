/** The schema of `instance.spec`: the resource's own, without the fields that have a path. */
import { stringify } from 'yaml';
import { type JsonSchema, jsonSchema } from '../../../operator/api/json-schema.ts';
import { resourceSchema } from '../../../operator/api/schema/resource.ts';

/** Field of the resource -> the path that sets it. The chart refuses these in `instance.spec`. */
export const FIELDS_WITH_A_PATH: Readonly<Record<string, string>> = {
  replicas: 'replicas',
  'leaderElection.mode': 'config.leaderElection.disable',
  'leaderElection.leaseName': 'config.leaderElection.id',
  'leaderElection.leaseDuration': 'config.leaderElection.leaseDuration',
  'leaderElection.renewDeadline': 'config.leaderElection.renewDeadline',
  'leaderElection.retryPeriod': 'config.leaderElection.retryPeriod',
};

/**
 * Unknown fields are refused. The fields with a path may be anything, so that the chart's own check
 * can say in a sentence which path to use. No defaults: those of the resource hold.
 */
export function instanceSpecSchema(): JsonSchema {
  const { spec } = resourceSchema.properties ?? {};
  if (spec === undefined) throw new Error('The schema of the resource has no `spec`');
  return withoutDefaults(opened(jsonSchema(spec, 'Refused'), ''));
}

/** The content of chart/files/paths.yaml, which the chart's check reads. */
export function pathsContent(): string {
  return `# Generated from scripts/generate/chart by \`npm run generate\`. Do not edit.
# Field of the resource -> the value that sets it; instance.spec refuses the field.
${stringify(FIELDS_WITH_A_PATH)}`;
}

function opened(schema: JsonSchema, path: string): JsonSchema {
  if (path in FIELDS_WITH_A_PATH) {
    return { description: `Refused here: set ${FIELDS_WITH_A_PATH[path]} instead.` };
  }
  if (!isNode(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, field]) => [
    name,
    isNode(field) ? opened(field, path === '' ? name : `${path}.${name}`) : field,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function withoutDefaults(schema: JsonSchema): JsonSchema {
  const { default: _, properties, ...rest } = schema;
  if (!isNode(properties)) return rest;
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    isNode(field) ? withoutDefaults(field) : field,
  ]);
  return { ...rest, properties: Object.fromEntries(fields) };
}

function isNode(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
