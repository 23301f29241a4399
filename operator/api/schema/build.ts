/**
 * The language in which the resource's schema is written: a structural OpenAPI v3 schema, whose
 * nodes also carry the rules that hold there. CRD, validator, types and reference derive from it.
 */
import { defined } from '../../base/defined.ts';
import type { Rule } from '../rules/rule.ts';

/** Any JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One node of the schema. What a Kubernetes structural schema knows, and nothing else. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  /** Name of the TypeScript interface that is generated for an object with properties. */
  readonly typeName?: string;
  readonly description: string;
  readonly default?: Json;
  readonly enum?: readonly string[];
  readonly format?: 'int32' | 'int64' | 'date-time';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-type'?: 'map' | 'atomic' | 'set';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  /** A null is kept, and not read as a field that is left out. */
  readonly nullable?: true;
  /** What is below has no descriptions of ours: Kubernetes' own fields, or any at all. */
  readonly shape?: 'Kubernetes' | 'Free';
  /** Rules on the value at this node; the CRD carries them as x-kubernetes-validations. */
  readonly rules?: readonly Rule[];
}

/** What a node may add to the minimum that its builder asks for. */
type Extra = Partial<Omit<Schema, 'type' | 'description'>>;

/** An object with known fields. `typeName` names its TypeScript interface. */
export function object(
  typeName: string,
  description: string,
  shape: Pick<Schema, 'required' | 'rules'> & {
    readonly properties: Readonly<Record<string, Schema>>;
  },
): Schema {
  return { type: 'object', typeName, description, ...shape };
}

/** The same object, which exists with all its fields' defaults when the user leaves it out. */
export function defaulted(schema: Schema): Schema {
  const defaults = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default] as const],
  );
  return { ...schema, default: Object.fromEntries(defaults) };
}

/** A string; `maxLength` is demanded because the API server prices rules by it. */
export function text(description: string, extra: Extra & { readonly maxLength: number }): Schema {
  return { type: 'string', description, ...extra };
}

/** An enum of words, with a default if `fallback` is given. */
export function choice(description: string, values: readonly string[], fallback?: string): Schema {
  return { type: 'string', description, enum: values, ...defined({ default: fallback }) };
}

/** A 32-bit integer within bounds. */
export function integer(
  description: string,
  extra: Extra & { readonly minimum: number; readonly maximum: number },
): Schema {
  return { type: 'integer', format: 'int32', description, ...extra };
}

/** A boolean. Rare, by the API conventions: two named values (`choice`) say more. */
export function boolean(description: string, extra: Extra = {}): Schema {
  return { type: 'boolean', description, ...extra };
}

/** A map from strings to strings. */
export function stringMap(
  description: string,
  limits: {
    readonly maxProperties: number;
    readonly value: Schema;
    readonly rules?: readonly Rule[];
  },
): Schema {
  const { maxProperties, value: additionalProperties, rules } = limits;
  return {
    type: 'object',
    description,
    maxProperties,
    additionalProperties,
    ...defined({ rules }),
  };
}

/** A list of Kubernetes' own objects that an update replaces as a whole. */
export function atomicList(description: string, maxItems: number, items: Schema): Schema {
  return { type: 'array', description, maxItems, items, 'x-kubernetes-list-type': 'atomic' };
}

/** A list whose items are told apart by `keys`, all of them required fields of the item. */
export function mapList(
  description: string,
  list: {
    readonly keys: readonly string[];
    readonly maxItems: number;
    readonly items: Schema;
    readonly rules?: readonly Rule[];
  },
): Schema {
  return {
    type: 'array',
    description,
    maxItems: list.maxItems,
    items: list.items,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': list.keys,
    ...defined({ rules: list.rules }),
  };
}
