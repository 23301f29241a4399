/**
 * Walks a value along the schema as the API server does: prunes what it would prune, and finds the
 * fields it does not know, the rules that do not hold and the list entries that repeat a key.
 */
import { isObject } from '../base/read.ts';
import { type Problem, pathTo } from './problem.ts';
import { explain } from './rules/rule.ts';
import type { Schema } from './schema/build.ts';

/** A value in a resource, its path, and the schema of that field. */
export interface FieldValue {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: string;
}

/** A copy without unknown fields and without nulls: null and unset mean the same. */
export function asStored(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => asStored(items, item));
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, member]) => {
    const field = fieldOf(schema, name);
    if (field === undefined) return keeps(schema, member) ? [[name, member] as const] : [];
    const dropped = member === null && field.nullable !== true;
    return dropped ? [] : [[name, asStored(field, member)] as const];
  });
  return Object.fromEntries(entries);
}

/** Fields that the API server would drop silently, one problem each. */
export function unknownIn(schema: Schema, value: unknown): readonly Problem[] {
  return [...fieldValues({ schema, value, path: '' })].flatMap((found) => {
    if (!isObject(found.value) || keepsUnknown(found.schema)) return [];
    return Object.keys(found.value)
      .filter((name) => fieldOf(found.schema, name) === undefined)
      .map((name) => ({
        path: pathTo(found.path, name),
        message: `\`${name}\` must not be set: there is no such field`,
      }));
  });
}

/** The rules that do not hold, for a value whose structure is known to be right. */
export function brokenRules(schema: Schema, value: unknown): readonly Problem[] {
  return [...fieldValues({ schema, value, path: '' })].flatMap((found) => [
    ...(found.schema.rules ?? [])
      .filter((rule) => !rule.holds(found.value))
      .map((rule) => ({
        path: rule.blames ?? `${found.path}${rule.fieldPath ?? ''}`,
        message: explain(rule, found.value),
      })),
    ...repeatedKeys(found),
  ]);
}

/** Entries of a list-map that have the same keys as an earlier one. */
function repeatedKeys({ schema, value, path }: FieldValue): readonly Problem[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (keys === undefined || !Array.isArray(value)) return [];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const identity = keys.map((key) => (isObject(item) ? item[key] : undefined));
    const known = JSON.stringify(identity);
    if (!seen.has(known)) {
      seen.add(known);
      return [];
    }
    const message = `Duplicate entry: ${keys.map((key, at) => `\`${key}\` ${JSON.stringify(identity[at])}`).join(' with ')} must appear only once`;
    return [{ path: pathTo(path, index), message }];
  });
}

/** The value itself and all below it that the schema knows, parents first. */
export function* fieldValues(root: FieldValue): Generator<FieldValue> {
  yield root;
  const { schema, value, path } = root;
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries()) {
      yield* fieldValues({ schema: schema.items, value: item, path: pathTo(path, index) });
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const field = fieldOf(schema, name);
      if (field !== undefined) {
        yield* fieldValues({ schema: field, value: member, path: pathTo(path, name) });
      }
    }
  }
}

function fieldOf({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return additionalProperties;
}

/** Whether an undeclared member survives; in a pass-through object even a null does. */
function keeps(schema: Schema, member: unknown): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return true;
  return member !== null && keepsUnknown(schema);
}

/** An object without declared fields, such as metadata, belongs to Kubernetes and is kept too. */
function keepsUnknown(schema: Schema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return true;
  return schema.properties === undefined && schema.additionalProperties === undefined;
}
