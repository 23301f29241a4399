/** The reference of the resource as Markdown: fields, rules, conditions and reasons. */
import { CONDITIONS, type Reasons } from '../../operator/api/conditions.ts';
import type { Rule } from '../../operator/api/rules/rule.ts';
import type { Schema } from '../../operator/api/schema/build.ts';
import { resourceSchema } from '../../operator/api/schema/resource.ts';
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { code, table } from './markdown.ts';

const HEADER = `<!-- Generated from operator/api by \`npm run generate\`. Do not edit. -->

# ${RESOURCE_KIND}

API version \`${API_VERSION}\`, namespaced, short name \`icha\`. ${resourceSchema.description}

Every field of \`spec\` may be left out. \`kubectl explain icha.spec\` shows the same descriptions.
Durations are whole hours, minutes and seconds, such as \`30s\` or \`1m30s\`, up to \`24h\`.
\`null\` means the same as leaving the field out.
`;

interface Field {
  readonly path: string;
  readonly schema: Schema;
}

/** The content of docs/reference/ingresscontrollerha.md. */
export function referenceContent(): string {
  const { spec, status } = resourceSchema.properties ?? {};
  if (spec === undefined || status === undefined) throw new Error('No spec or status');
  return [
    HEADER,
    `## Spec\n\n${specTable(fieldsOf('spec', spec))}`,
    `## Rules\n\nThe API server refuses a resource that breaks one of these, beyond the limits above.\n\n${rulesTable(fieldsOf('', resourceSchema))}`,
    `## Status\n\n${statusTable(fieldsOf('status', status))}`,
    `## Conditions\n\nReconciling and Stalled are present only while they are true.\n\n${conditionSections()}`,
  ].join('\n');
}

/** The field at `path` and those below it, parents first. Kubernetes describes its own itself. */
function fieldsOf(path: string, schema: Schema): readonly Field[] {
  if (schema.description === '' && path.includes('.')) return [];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldsOf(path === '' ? name : `${path}.${name}`, child),
  );
  const { items, additionalProperties } = schema;
  const inList = items === undefined ? [] : fieldsOf(`${path}[]`, items).slice(1);
  const inMap =
    additionalProperties === undefined ? [] : fieldsOf(`${path}.*`, additionalProperties);
  return [{ path, schema }, ...below, ...inList, ...inMap];
}

/** Both containers have the same fields: the second one's are left out. */
function isRepeated({ path }: Field): boolean {
  return /^spec\.controller\.adc\./.test(path);
}

function specTable(fields: readonly Field[]): string {
  const rows = fields
    .filter((field) => field.path !== 'spec' && !isRepeated(field))
    .map(({ path, schema }) => [
      code(path.replace(/^spec\./, '')),
      typeText(schema),
      defaultText(schema),
      boundsText(schema),
      schema.description,
    ]);
  return table(['field', 'type', 'default', 'limits', 'meaning'], rows);
}

function statusTable(fields: readonly Field[]): string {
  const rows = fields
    .slice(1)
    .map(({ path, schema }) => [
      code(path.replace(/^status\./, '')),
      typeText(schema),
      schema.description,
    ]);
  return table(['field', 'type', 'meaning'], rows);
}

function rulesTable(fields: readonly Field[]): string {
  const shown = fields.filter((field) => !isRepeated(field));
  const rows = shown.flatMap(({ path, schema }) =>
    (schema.rules ?? [])
      .filter(isSpecial)
      .map((rule) => [code(rule.blames ?? `${path}${rule.fieldPath ?? ''}`), rule.message]),
  );
  return table(['field', 'rule'], rows);
}

/** What holds for every duration is said once, at the top. */
function isSpecial({ name }: Rule): boolean {
  return !/-(grammar|maximum)$/.test(name);
}

function conditionSections(): string {
  return Object.entries(CONDITIONS)
    .map(([type, { meaning, whenTrue, otherwise }]) => {
      const rows = [...reasonRows('True', whenTrue), ...reasonRows('otherwise', otherwise)];
      return `### ${type}\n\n${meaning}\n\n${table(['status', 'reason', 'meaning'], rows)}`;
    })
    .join('\n');
}

function reasonRows(status: string, reasons: Reasons): readonly (readonly string[])[] {
  return Object.entries(reasons).map(([reason, meaning]) => [status, code(reason), meaning]);
}

function typeText(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}s`;
  if (schema.additionalProperties !== undefined) return 'map of strings';
  return schema.type ?? 'any';
}

function defaultText(schema: Schema): string {
  // An object's default is the sum of its fields' defaults, which have rows of their own.
  if (schema.default === undefined || schema.type === 'object') return '';
  return code(
    typeof schema.default === 'string'
      ? `${schema.default}` || '""'
      : JSON.stringify(schema.default),
  );
}

function boundsText(schema: Schema): string {
  const { minimum, maximum, maxLength, maxItems, maxProperties } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return '1 to 20, or 1% to 100%';
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (maxLength !== undefined) return `${maxLength} characters`;
  if (maxItems !== undefined) return `${maxItems} entries`;
  return maxProperties === undefined ? '' : `${maxProperties} keys`;
}
