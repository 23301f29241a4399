/** The customization in docs/argocd as Argo CD uses it: health, the list of actions, one action. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isList, type Json, type JsonMap, runLua } from './lua.ts';

/** In the layout of Argo CD's own `resource_customizations`. */
export const CUSTOMIZATION =
  'docs/argocd/resource_customizations/ingressha.dev/IngressControllerHA';
export const ACTIONS = ['scale', 'restart', 'pause', 'resume'] as const;

/** The time at which tests run an action. */
export const NOW = new Date('2026-11-26T12:00:00Z');

export interface Health {
  readonly status: 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';
  readonly message: string;
}

export interface Action {
  readonly name: string;
  readonly displayName?: string;
  readonly iconClass?: string;
  readonly disabled: boolean;
  readonly params?: readonly { readonly name: string; readonly default?: string }[];
}

/** A file of the customization as text. */
export function source(path: string): string {
  return readFileSync(join(CUSTOMIZATION, path), 'utf8');
}

/** A YAML file of the customization. */
export function yaml<T>(path: string): T {
  return parse(source(path)) as T;
}

export function healthOf(obj: object): Health {
  const { status, message } = mapOf(runLua(source('health.lua'), { obj: asJson(obj) }, NOW));
  return { status, message: message ?? '' } as unknown as Health;
}

/** What the menu of the resource offers, sorted by name. */
export function actionsOf(obj: object): readonly Action[] {
  const found = mapOf(runLua(source('actions/discovery.lua'), { obj: asJson(obj) }, NOW));
  return Object.entries(found)
    .map(([name, action]) => ({ name, disabled: false, ...mapOf(action) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The object after an action, which Argo CD would send as a patch. */
export function runAction(name: string, obj: object, params: Readonly<Record<string, string>>) {
  const before = asJson(obj);
  const script = source(`actions/${name}/action.lua`);
  return withEmptyMaps(runLua(script, { obj: before, actionParams: params }, NOW), before);
}

/** Lua gives an empty map back as an empty list; what was a map before is one again. */
function withEmptyMaps(after: Json, before: Json | undefined): Json {
  if (isList(after)) {
    if (after.length === 0 && isMap(before)) return before;
    const old = before !== undefined && isList(before) ? before : [];
    return after.map((item, index) => withEmptyMaps(item, old[index]));
  }
  if (typeof after !== 'object' || after === null) return after;
  const old = isMap(before) ? before : {};
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, withEmptyMaps(value, old[key])]),
  );
}

function mapOf(value: Json): JsonMap {
  if (isMap(value)) return value;
  throw new Error(
    `The script must return a table with named fields, and gave ${JSON.stringify(value)}`,
  );
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !isList(value);
}

function asJson(obj: object): Json {
  return JSON.parse(JSON.stringify(obj));
}
