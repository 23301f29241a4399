/** values.yaml: every default, each under its description; what has no default stands as a comment. */
import { stringify } from 'yaml';
import type { Json } from '../../../operator/api/schema/build.ts';
import { isInValuesYaml, type Value } from './value.ts';
import { VALUES } from './values.ts';

const HEADER = `# Generated from scripts/generate/chart by \`npm run generate\`. Do not edit.
#
# What stands here as a comment has no default: the resource's own holds while it is not set.
`;
const WIDTH = 100;

/** The content of chart/values.yaml. */
export function valuesYamlContent(): string {
  const blocks = Object.entries(VALUES).map(([name, value]) => textOf(linesOf(name, value)));
  return [HEADER, ...blocks].join('\n');
}

function linesOf(name: string, value: Value): readonly string[] {
  const meaning = wrapped(value.description).map((line) => `# ${line}`);
  if (!isInValuesYaml(value)) {
    return [...meaning, ...yamlLines(name, exampleOf(value)).map((line) => `# ${line}`)];
  }
  if (value.kind === 'leaf') return [...meaning, ...yamlLines(name, value.default ?? null)];
  const below = Object.entries(value.values).flatMap(([child, its]) => linesOf(child, its));
  return [...meaning, `${name}:`, ...below.map((line) => `  ${line}`)];
}

/** What one might write: values that have no default, as an example. */
function exampleOf(value: Value): Json {
  if (value.kind === 'leaf') return value.default ?? value.example ?? null;
  const entries = Object.entries(value.values).map(([name, its]) => [name, exampleOf(its)]);
  return Object.fromEntries(entries);
}

function yamlLines(name: string, value: Json): readonly string[] {
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return stringify({ [name]: value }, options)
    .trimEnd()
    .split('\n');
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
