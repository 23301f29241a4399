/**
 * Makes the status fit the schema by which it is stored, whatever was found. A text is cut, a list keeps what
 * matters most, a number is moved to the nearest that is allowed, and what cannot be made to fit is left out. No other
 * code shortens a status for the schema's sake.
 *
 * The live CRD may be of another version than this program. Fields that it lacks are left out, since an
 * apply that names one of them is refused as a whole; fields that it requires and that we do not know get a
 * neutral value. The result is also how it will be read back: same input, same bytes.
 */
import { isObject } from '../base/read.ts';
import {
  fitNumber,
  fitText,
  neutralText,
  numberOf,
  type SchemaNode,
  texts,
  UNKNOWN,
} from './fit-value.ts';
import { statusSchema } from './schema/status.ts';
import { ConditionType, type HaStatus } from './status.ts';

/** What becomes of an object that lacks a required member: it is left out too, or gets a neutral one. */
type Missing = 'drop' | 'fill';

interface At {
  readonly path: string;
  readonly missing: Missing;
}

/** The status as our own schema allows it and, where `live` is given, as the live CRD stores it. */
export function fitStatus(status: HaStatus, live?: SchemaNode): HaStatus {
  const schema: SchemaNode = { ...statusSchema };
  const members = fitMembers(schema, { ...status }, { path: '', missing: 'drop' });
  const own = { observedGeneration: -1, ...members };
  const fitted = live === undefined ? own : fit(live, own, { path: '', missing: 'fill' });
  return (isObject(fitted) ? fitted : own) as HaStatus;
}

/** Conditions that are kept first when there are too many. Types of others come last. */
const CONDITION_ORDER: readonly string[] = [
  ConditionType.Ready,
  ConditionType.Stalled,
  ConditionType.LeaderElected,
  ConditionType.Reconciling,
  ConditionType.HighlyAvailable,
  ConditionType.FailoverAssistReady,
  ConditionType.ElectionSettingsEffective,
  ConditionType.SettingsSound,
];

/** By path of the list: the smaller the rank, the later an entry is left out. Default: its place. */
const RANKS: Readonly<Record<string, (item: SchemaNode) => number>> = {
  conditions: ({ type }) => {
    const place = CONDITION_ORDER.indexOf(String(type));
    return place < 0 ? CONDITION_ORDER.length : place;
  },
  standbys: ({ ready }) => (ready === true ? 0 : 1),
};

function fit(schema: SchemaNode, value: unknown, at: At): unknown {
  if (value === undefined || value === null) return undefined;
  if (schema['x-kubernetes-int-or-string'] === true && typeof value === 'string') {
    return fitText(schema, value);
  }
  switch (schema.type) {
    case 'object':
      return isObject(value) ? fitObject(schema, value, at) : undefined;
    case 'array':
      return Array.isArray(value) ? fitList(schema, value, at) : undefined;
    case 'string':
      return typeof value === 'string' ? fitText(schema, value) : undefined;
    case 'integer':
    case 'number':
      return typeof value === 'number' ? fitNumber(schema, value) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return value;
  }
}

function fitObject(schema: SchemaNode, value: SchemaNode, at: At): SchemaNode | undefined {
  const members: Record<string, unknown> = fitMembers(schema, value, at);
  for (const name of texts(schema.required)) {
    if (Object.hasOwn(members, name)) continue;
    const filling =
      at.missing === 'fill' ? neutral(fieldOf(schema, name) ?? {}, below(at, name)) : undefined;
    if (filling === undefined) return undefined;
    members[name] = filling;
  }
  return members;
}

/** Without unknown members, and with defaults: the server would add them, and the next comparison would differ. */
function fitMembers(schema: SchemaNode, value: SchemaNode, at: At): Record<string, unknown> {
  const keepsUnknown =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.properties === undefined;
  const given = Object.entries(value).flatMap(([name, member]) => {
    const field = fieldOf(schema, name);
    const fitted = field === undefined ? member : fit(field, member, below(at, name));
    if (field === undefined && !keepsUnknown) return [];
    return fitted === undefined ? [] : [[name, fitted] as const];
  });
  const kept = given.slice(0, numberOf(schema.maxProperties));
  const names = new Set(kept.map(([name]) => name));
  const defaults = Object.entries(objectOf(schema.properties)).flatMap(([name, field]) => {
    if (names.has(name) || objectOf(field).default === undefined) return [];
    const fallback = fit(objectOf(field), objectOf(field).default, below(at, name));
    return fallback === undefined ? [] : [[name, fallback] as const];
  });
  return Object.fromEntries([...kept, ...defaults]);
}

function fitList(schema: SchemaNode, value: readonly unknown[], at: At): unknown {
  const items = objectOf(schema.items);
  const fitted = value.flatMap((item) => fit(items, item, at) ?? []);
  const distinct = withoutRepetitions(schema, fitted);
  const list = mostImportant(distinct, numberOf(schema.maxItems), RANKS[at.path]);
  return list.length < (numberOf(schema.minItems) ?? 0) ? undefined : list;
}

/** Entries of a map, or of a set, that the server would call duplicates: the first one stays. */
function withoutRepetitions(schema: SchemaNode, items: readonly unknown[]): readonly unknown[] {
  const keys = texts(schema['x-kubernetes-list-map-keys']);
  if (keys.length === 0 && schema['x-kubernetes-list-type'] !== 'set') return items;
  const seen = new Set<string>();
  return items.filter((item) => {
    const identity = JSON.stringify(
      keys.length === 0 ? item : keys.map((key) => objectOf(item)[key]),
    );
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Those of the lowest ranks, in the order in which they stood. */
function mostImportant(
  items: readonly unknown[],
  limit: number | undefined,
  rank: (item: SchemaNode) => number = () => 0,
): readonly unknown[] {
  if (limit === undefined || items.length <= limit) return items;
  return items
    .map((item, place) => ({ item, place, rank: rank(objectOf(item)) }))
    .toSorted((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, limit)
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** For a field that a newer CRD requires and that we do not know: its default, Unknown, 1970, 0, false, or empty. */
function neutral(schema: SchemaNode, at: At): unknown {
  if (schema.default !== undefined) return schema.default;
  const words = texts(schema.enum);
  if (words.length > 0) return words.includes(UNKNOWN) ? UNKNOWN : words[0];
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? '1970-01-01T00:00:00Z' : neutralText(schema);
    case 'integer':
    case 'number':
      return fitNumber(schema, 0);
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return fitObject(schema, {}, at);
    default:
      return undefined;
  }
}

function fieldOf(schema: SchemaNode, name: string): SchemaNode | undefined {
  const properties = objectOf(schema.properties);
  if (Object.hasOwn(properties, name)) return objectOf(properties[name]);
  return isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

function below({ path, missing }: At, name: string): At {
  return { path: path === '' ? name : `${path}.${name}`, missing };
}

function objectOf(value: unknown): SchemaNode {
  return isObject(value) ? value : {};
}
