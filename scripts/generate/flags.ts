/** The flags of `ingress-ha run` as Markdown. */
import { FLAGS, type Flag } from '../../operator/app/flags.ts';
import { code, table } from './markdown.ts';

const HEADER = `<!-- Generated from operator/app/flags.ts by \`npm run generate\`. Do not edit. -->

# Flags of \`ingress-ha run\`

A flag counts before its environment variable, and the variable before the default. An empty
variable counts as not set. Every value that cannot be used is named at the start, all of them at
once, and the process ends with exit code 2.

`;

const TYPES = `
| type | form |
| --- | --- |
| text | as it stands |
| list | separated by commas, or the flag repeated |
| switch | \`--x\` or \`--no-x\`; \`true\` or \`false\` in the environment |
| number | a whole number |
| duration | whole seconds from \`1s\` to \`1h\`, such as \`15s\` or \`1m30s\` |
| address | \`:8080\`, \`127.0.0.1:8080\`, \`[::1]:8080\`, or \`0\` for off |
| level | \`debug\`, \`info\`, \`warn\` or \`error\` |
`;

/** The content of docs/reference/flags.md. */
export function flagsContent(): string {
  const flags: readonly Flag[] = FLAGS;
  const rows = flags.map((flag) => [
    code(`--${flag.name}`),
    flag.type,
    flag.default === undefined ? '' : code(flag.default),
    code(flag.env),
    flag.help,
  ]);
  return `${HEADER}${table(['flag', 'type', 'default', 'variable', 'meaning'], rows)}${TYPES}`;
}
