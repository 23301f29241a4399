/** The command line as Markdown, from the tree of commands itself. */
import type { Command, Option } from 'commander';
import { createProgram } from '../../operator/cli/program.ts';
import { code, table } from './markdown.ts';

const HEADER = `<!-- Generated from operator/cli/ by \`npm run generate\`. Do not edit. -->

# The command line

\`ingress-ha\` is one program: the operator, and everything that people and pipelines do about it. As
\`kubectl-ingress_ha\` on the PATH it is \`kubectl ingress-ha\`.

- Data goes to stdout, everything else to stderr. A pipe that closes is an end like any other.
- Commands about a cluster take kubectl's flags and its kubeconfig, or inside a pod the pod's account.
- Colour comes with a terminal, and by \`NO_COLOR\` and \`FORCE_COLOR\`. Text is laid out for the columns
  of the terminal, else for 80; lists are never cut in a file or a pipe.
- \`-o json\` and \`-o yaml\` print what has an \`apiVersion\` and a \`kind\`; \`-o jsonpath=\` reads one place,
  such as \`{.leader.podName}\`, \`{.pods[0].name}\` or \`{.items[*].name}\`.
- Exit codes: 0 is good, 2 is wrong usage; what 1 and others mean stands at each command.

`;

/** The flags of `run` have a page of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  run: 'Its flags: [flags.md](flags.md).',
};

/** What an option holds before anything was typed is no default to show. */
const NO_DEFAULT = [undefined, false];

/** The content of docs/reference/cli.md. */
export function cliContent(): string {
  const commands = documented(program());
  const rows = commands.map((command) => [
    `[${code(pathOf(command))}](#${anchorOf(command)})`,
    firstSentence(command.description()),
  ]);
  return `${HEADER}${table(['command', 'what it does'], rows)}\n${commands.map(section).join('\n')}`;
}

function program(): Command {
  return createProgram({
    stdout: { write: () => true },
    stderr: { write: () => true },
    readText: () => Promise.reject(new Error('The reference reads nothing')),
    interrupted: new AbortController().signal,
    finish: () => {},
  });
}

/** Those that do something, in the order of the help. */
function documented(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => {
    const acts = one.commands.length === 0 || one.options.length > 0;
    return [...(acts ? [one] : []), ...documented(one)];
  });
}

function section(command: Command): string {
  const elsewhere = ELSEWHERE[command.name()];
  const parts = [
    `## ${code(pathOf(command))}`,
    command.description(),
    `\`\`\`text\n${pathOf(command)} ${command.usage()}\n\`\`\``,
    argumentsTable(command),
    elsewhere ?? optionsTable(command),
    after(command),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function argumentsTable({ registeredArguments }: Command): string {
  if (registeredArguments.length === 0) return '';
  const rows = registeredArguments.map((argument) => [
    code(argument.name() + (argument.variadic ? '…' : '')),
    argument.required ? 'yes' : 'no',
    meaningOf(argument),
  ]);
  return table(['argument', 'required', 'meaning'], rows).trimEnd();
}

function optionsTable({ options }: Command): string {
  const rows = options
    .filter(({ hidden }) => !hidden)
    .map((option) => [code(option.flags), defaultOf(option), meaningOf(option)]);
  return rows.length === 0 ? '' : table(['flag', 'default', 'meaning'], rows).trimEnd();
}

function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  if (NO_DEFAULT.includes(defaultValue)) return '';
  return code(defaultValueDescription ?? String(defaultValue));
}

function meaningOf({
  argChoices,
  description,
}: Pick<Option, 'argChoices' | 'description'>): string {
  if (argChoices === undefined) return description;
  return `${description.replace(/\.$/, '')}. One of ${list(argChoices)}.`;
}

function list(values: readonly string[]): string {
  return values.map(code).join(', ');
}

/** What the help says below the flags: exit codes, rights, and examples in the words of each command. */
function after(command: Command): string {
  let help = '';
  const before = command.helpInformation();
  command.configureOutput({ ...command.configureOutput(), writeOut: (text) => (help += text) });
  command.outputHelp();
  const paragraphs = help.slice(before.length).trim().split(/\n\n+/);
  return paragraphs.map(paragraph).join('\n\n');
}

/** What is indented has a form to keep. */
function paragraph(text: string): string {
  const hasForm = text.split('\n').some((line) => line.startsWith('  '));
  if (hasForm) return `\`\`\`text\n${text}\n\`\`\``;
  return text.replace(/^(Exit codes|Rights):/, '**$1:**');
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** As GitHub makes it of the heading. */
function anchorOf(command: Command): string {
  return pathOf(command).replaceAll(' ', '-');
}
