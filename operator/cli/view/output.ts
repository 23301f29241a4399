/** `-o`: how data leaves a command. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withoutEquals } from '../flag-values.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';

/** A value of `-o`. */
export type Output =
  | { readonly kind: 'json' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'name' }
  | { readonly kind: 'wide' }
  | { readonly kind: 'jsonpath'; readonly path: JsonPath };

/** What is written of data, whatever the command. */
export type DataOutput = Exclude<Output, { readonly kind: 'wide' | 'name' }>;

const JSONPATH = 'jsonpath=';

/** Adds -o, --output with those of `json`, `yaml`, `wide`, `name` and `jsonpath=` that are listed. */
export function addOutputFlag(command: Command, kinds: readonly string[]): void {
  const option = new Option('-o, --output <format>', 'How to print it.');
  // The choices first: they bring a parser of their own.
  command.addOption(
    option.choices(kinds).argParser((typed) => parseOutput(withoutEquals(typed), kinds)),
  );
}

function parseOutput(text: string, kinds: readonly string[]): Output {
  if (text.startsWith(JSONPATH) && kinds.includes(JSONPATH)) {
    const path = parseJsonPath(text.slice(JSONPATH.length));
    if (path !== undefined) return { kind: 'jsonpath', path };
    throw new InvalidArgumentError(
      'A path must read one place, such as {.leader.podName}, {.pods[0].name} or {.items[*].name}: take -o json and jq for more.',
    );
  }
  const found = (['json', 'yaml', 'wide', 'name'] as const).find((kind) => kind === text);
  if (found !== undefined && kinds.includes(found)) return { kind: found };
  throw new InvalidArgumentError(`It must be one of ${kinds.join(', ')}.`);
}
