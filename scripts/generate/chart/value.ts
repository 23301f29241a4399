/**
 * The language in which the chart's values are described once: values.yaml, values.schema.json and
 * the table in the chart's README are made from it.
 */
import type { JsonSchema } from '../../../operator/api/json-schema.ts';
import type { Json } from '../../../operator/api/schema/build.ts';

export type Value = Leaf | Group;

/** A value that a user sets as a whole. */
export interface Leaf {
  readonly kind: 'leaf';
  /** For values.yaml, the schema and the README; one or two sentences. */
  readonly description: string;
  /** What the value must be, without description and default. */
  readonly schema: JsonSchema;
  /** What values.yaml says. Absent: the key is not there, and null means the same as not set. */
  readonly default?: Json;
  /** Shown as a comment where there is no default. */
  readonly example?: Json;
}

/** A map of values with fixed keys. */
export interface Group {
  readonly kind: 'group';
  readonly description: string;
  readonly values: Readonly<Record<string, Value>>;
}

export function group(description: string, values: Readonly<Record<string, Value>>): Group {
  return { kind: 'group', description, values };
}

/** With a default: in values.yaml, and always there when templates read it. */
export function leaf(description: string, schema: JsonSchema, byDefault: Json): Leaf {
  return { kind: 'leaf', description, schema, default: byDefault };
}

/** Without a default: absent unless a user sets it. */
export function unset(description: string, schema: JsonSchema, example: Json): Leaf {
  return { kind: 'leaf', description, schema, example };
}

/** Whether values.yaml has the key: a group without any default is shown as a comment. */
export function isInValuesYaml(value: Value): boolean {
  return value.kind === 'leaf'
    ? value.default !== undefined
    : Object.values(value.values).some(isInValuesYaml);
}

export const SWITCH: JsonSchema = { type: 'boolean' };
export const ANY_OBJECT: JsonSchema = { type: 'object' };
export const STRINGS: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };
export const OBJECTS: JsonSchema = { type: 'array', items: { type: 'object' } };

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;

/** As Kubernetes takes it for most objects. */
export const NAME: JsonSchema = { type: 'string', maxLength: 253, pattern: `^${SUBDOMAIN}$` };
export const OPTIONAL_NAME: JsonSchema = { ...NAME, pattern: `^(${SUBDOMAIN})?$` };

/** Empty, or a name without dots: a namespace, and what other names are made of. */
export const OPTIONAL_LABEL: JsonSchema = {
  type: 'string',
  maxLength: 63,
  pattern: `^(${LABEL})?$`,
};

/**
 * What the operator takes for a registry and for a repository (app/config.ts), but for the lengths of
 * their parts: Helm's regular expressions do not count that far.
 */
const HOST = '[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?';
export const REGISTRY: JsonSchema = {
  type: 'string',
  maxLength: 253,
  pattern: `^(${HOST}(/[a-z0-9._-]+){0,8}/?)?$`,
};
export const REPOSITORY: JsonSchema = {
  type: 'string',
  maxLength: 253,
  pattern: `^(${HOST}/)?[a-z0-9._-]+(/[a-z0-9._-]+){0,8}$`,
};

export const TEXT: JsonSchema = { type: 'string' };

/** Whole hours, minutes and seconds, as the resource takes them. */
export const DURATION: JsonSchema = {
  type: 'string',
  maxLength: 18,
  pattern: '^([0-9]{1,5}(h|m|s)){1,3}$',
};

/** As a Prometheus resource takes it. */
export const INTERVAL: JsonSchema = { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' };

export function whole(minimum: number, maximum: number): JsonSchema {
  return { type: 'integer', minimum, maximum };
}

export function choice(...words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}
