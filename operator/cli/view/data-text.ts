/** Data as text, for programs. */
import { stringify } from 'yaml';
import { unreachable } from '../../base/failure.ts';
import { readJsonPath } from './json-path.ts';
import type { DataOutput } from './output.ts';

/** With a line feed at its end but for jsonpath, as kubectl prints it. */
export function dataText(data: unknown, output: DataOutput): string {
  switch (output.kind) {
    case 'json':
      return `${JSON.stringify(data, null, 4)}\n`;
    case 'yaml':
      // Aliases are beyond many readers of YAML.
      return stringify(data, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
    case 'jsonpath':
      return readJsonPath(data, output.path);
    default:
      return unreachable(output);
  }
}
