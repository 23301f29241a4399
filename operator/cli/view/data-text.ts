/** Data as text, for programs: what would steer a terminal is escaped in it, so the value stays the same. */
import { stringify } from 'yaml';
import { unreachable } from '../../base/failure.ts';
import { escapedJson, escapedJsonAsYaml, hasSteering } from '../terminal-text.ts';
import { readJsonPath } from './json-path.ts';
import type { DataOutput } from './output.ts';

/** With a line feed at its end but for jsonpath, as kubectl prints it. */
export function dataText(data: unknown, output: DataOutput): string {
  switch (output.kind) {
    case 'json':
      return jsonText(data, 4);
    case 'yaml':
      return yamlText(data);
    case 'jsonpath':
      return readJsonPath(data, output.path);
    default:
      return unreachable(output);
  }
}

/** With a line feed at its end. `indent` in blanks. */
export function jsonText(data: unknown, indent: number): string {
  return `${escapedJson(JSON.stringify(data, null, indent))}\n`;
}

/** One document of YAML 1.1, with a line feed at its end. */
export function yamlText(data: unknown): string {
  // Aliases are beyond many readers of YAML.
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  const text = stringify(data, options);
  if (!hasSteering(text)) return text;
  // The writer of YAML escapes less than it has to; JSON is YAML, and every letter in it can be escaped.
  return `${escapedJsonAsYaml(JSON.stringify(data, null, 2))}\n`;
}
