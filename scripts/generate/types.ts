/** TypeScript interfaces of the resource as the API server stores it: with every default filled in. */
import type { Schema } from '../../operator/api/schema/build.ts';
import { resourceSchema } from '../../operator/api/schema/resource.ts';

const HEADER = `// Generated from operator/api/schema by \`npm run generate\`. Do not edit.
/**
 * The resource as the API server stores it: a field with a default is always there.
 */

import type { ObjectMeta } from '../base/kube-object.ts';

type PassThrough = Readonly<Record<string, unknown>>;
`;

/** The content of operator/api/types.generated.ts. */
export function typesContent(): string {
  const interfaces = new Map<string, string>();
  collect(resourceSchema, interfaces);
  return [HEADER, ...interfaces.values()].join('\n');
}

function collect(schema: Schema, interfaces: Map<string, string>): void {
  const { typeName, properties } = schema;
  if (typeName !== undefined && properties !== undefined) {
    const text = printInterface(typeName, schema);
    const known = interfaces.get(typeName);
    if (known !== undefined && bodyOf(known) !== bodyOf(text)) {
      throw new Error(`Two different objects in the schema have the typeName ${typeName}`);
    }
    if (known === undefined) interfaces.set(typeName, text);
  }
  for (const part of [...Object.values(properties ?? {}), schema.items]) {
    if (part !== undefined) collect(part, interfaces);
  }
}

/** Containers share an interface and differ in their description. */
function bodyOf(text: string): string {
  return text.slice(text.indexOf('export interface'));
}

function printInterface(name: string, schema: Schema): string {
  const lines = Object.entries(schema.properties ?? {}).map(([field, part]) => {
    const always = part.default !== undefined || schema.required?.includes(field);
    const type = field === 'metadata' ? 'ObjectMeta' : typeText(part);
    return `${comment(part.description, '  ')}  readonly ${field}${always ? '' : '?'}: ${type};\n`;
  });
  return `${comment(schema.description, '')}export interface ${name} {\n${lines.join('')}}\n`;
}

function comment(description: string, indent: string): string {
  return description === '' ? '' : `${indent}/** ${description} */\n`;
}

function typeText(schema: Schema): string {
  const { type, items } = schema;
  if (schema['x-kubernetes-int-or-string'] === true) return 'number | string';
  if (type === 'string') return schema.enum?.map((word) => `'${word}'`).join(' | ') ?? 'string';
  if (type === 'integer') return 'number';
  if (type === 'boolean') return 'boolean';
  if (type === 'array') return `readonly ${items === undefined ? 'unknown' : typeText(items)}[]`;
  return objectText(schema);
}

function objectText(schema: Schema): string {
  if (schema.typeName !== undefined) return schema.typeName;
  const { additionalProperties } = schema;
  if (additionalProperties === undefined) return 'PassThrough';
  return `Readonly<Record<string, ${typeText(additionalProperties)}>>`;
}
