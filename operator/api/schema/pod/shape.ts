/**
 * Builders for schemas of Kubernetes' own types. Every string, list and map has a limit, so that what a resource can
 * hold is bounded by its schema. Whether a value makes sense is checked by Kubernetes when it gets the pod template.
 */
import { defined } from '../../../base/defined.ts';
import type { Schema } from '../build.ts';

/** Longest value of a field for which nothing else is said; Kubernetes' own names are far shorter. */
const TEXT_MAX_LENGTH = 1024;
/** Longest quantity, such as `1.5Gi`. */
const QUANTITY_MAX_LENGTH = 64;

type Fields = Readonly<Record<string, Schema>>;

/** A string; 1024 characters at most unless another limit is given. */
export function words(maxLength: number = TEXT_MAX_LENGTH): Schema {
  return { type: 'string', description: '', maxLength };
}

/** A list. The API server replaces it as a whole, as it does any list of which nothing else is said. */
export function listOf(maxItems: number, items: Schema = words()): Schema {
  return { type: 'array', description: '', maxItems, items };
}

/** A map from any key to values of one kind. */
export function mapOf(maxProperties: number, additionalProperties: Schema): Schema {
  return { type: 'object', description: '', maxProperties, additionalProperties };
}

/** A string, a number or a boolean. No schema can say "not a list", but that it must be empty. */
export function scalar(maxLength: number): Schema {
  return {
    description: '',
    'x-kubernetes-preserve-unknown-fields': true,
    maxLength,
    maxItems: 0,
    maxProperties: 0,
  };
}

/** An amount. Kubernetes takes 0.5 as well as "500m", so it cannot be an integer or a string only. */
export const quantity: Schema = scalar(QUANTITY_MAX_LENGTH);

const KINDS: Readonly<Record<string, Schema>> = {
  '': words(),
  '?': { type: 'boolean', description: '' },
  '#': { type: 'integer', description: '', format: 'int64' },
  '=': quantity,
  '~': { description: '', 'x-kubernetes-int-or-string': true, maxLength: TEXT_MAX_LENGTH },
};

/**
 * An object. `plain` names the fields that are no objects, parted by blanks: `path` is a string,
 * `readOnly?` a boolean, `port#` an integer, `sizeLimit=` an amount, `port~` an integer or a string.
 */
export function shape(plain: string, others: Fields = {}): Schema {
  const fields = plain
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [, name = '', kind = ''] = /^(\w+)(\W?)$/.exec(word) ?? [];
      const schema = KINDS[kind];
      if (name === '' || schema === undefined) throw new Error(`No field is written '${word}'`);
      return [name, schema] as const;
    });
  return {
    type: 'object',
    description: '',
    properties: { ...Object.fromEntries(fields), ...others },
  };
}

/** The same object with at most that many fields: of a union Kubernetes takes one member only. */
export function atMost(maxProperties: number, schema: Schema): Schema {
  return { ...schema, maxProperties };
}

/** The outermost node of a shape, with a description for users. */
export function described(description: string, schema: Schema): Schema {
  return { ...schema, description, shape: 'Kubernetes' };
}

/** The same shape, whose nulls are kept, so that a check can say that a null removes nothing. */
export function keepingNulls(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  const kept =
    properties && Object.entries(properties).map(([k, v]) => [k, keepingNulls(v)] as const);
  return {
    ...schema,
    nullable: true,
    ...defined({
      properties: kept && Object.fromEntries(kept),
      items: items && keepingNulls(items),
      additionalProperties: additionalProperties && keepingNulls(additionalProperties),
    }),
  };
}
