/**
 * What is wrong with the parts of a resource that have Kubernetes' own shape, or none: types and limits, as
 * the API server checks them. The walk goes no deeper than the schema does, however deep the value is.
 */
import { isObject } from '../base/read.ts';
import type { Problem } from './problem.ts';
import type { Schema } from './schema/build.ts';
import { type FieldValue, fieldValues } from './walk.ts';

/** One problem for each value that is not as the schema wants it. */
export function shapeProblems(schema: Schema, value: unknown): readonly Problem[] {
  return [...fieldValues({ schema, value, path: '' })]
    .filter((found) => found.schema.description === '' || found.schema.shape !== undefined)
    .flatMap((found) => {
      const message = problemOf(found);
      return message === undefined ? [] : [{ path: found.path, message }];
    });
}

function problemOf({ schema, value }: FieldValue): string | undefined {
  if (value === null) return schema.nullable === true ? undefined : 'Must not be null';
  if (!isOfType(schema, value)) return `Must be ${describeType(schema)}`;
  if (typeof value === 'string') return tooLong(schema, value);
  if (Array.isArray(value)) return tooMany(schema.maxItems, value.length, 'entries');
  if (isObject(value)) return tooMany(schema.maxProperties, Object.keys(value).length, 'keys');
  return undefined;
}

function isOfType(schema: Schema, value: unknown): boolean {
  const { type } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) {
    return typeof value === 'string' || Number.isInteger(value);
  }
  if (type === undefined) return true;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function describeType({ type }: Schema): string {
  if (type === undefined) return 'an integer or a string';
  if (type === 'array') return 'a list';
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Characters are what the API server counts; a text that is short enough in UTF-16 is so in them too. */
function tooLong({ maxLength = Infinity }: Schema, text: string): string | undefined {
  if (text.length <= maxLength || [...text].length <= maxLength) return undefined;
  return `Must be at most ${maxLength} characters long: shorten it`;
}

function tooMany(limit: number | undefined, count: number, of: string): string | undefined {
  if (limit === undefined || count <= limit) return undefined;
  if (limit === 0) return 'Must be a single value: this is as deep as it may be nested';
  return `Must have at most ${limit} ${of}: leave some out`;
}
