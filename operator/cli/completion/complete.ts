/**
 * `__complete WORD…`: what could stand in place of the last word, by cobra's protocol, which kubectl
 * speaks to its plugins. It never fails, writes nothing to stderr, and ends within about two seconds.
 */
import type { Argument, Command, Option } from 'commander';
import type { Surroundings } from '../connection.ts';
import { type CommandLine, optionOf, parseCommandLine, visibleCommands } from './command-line.ts';
import { type ClusterQuestion, completeFromCluster } from './names.ts';

/** Summed up in cobra's directive. */
const NO_SPACE = 2;
const NO_FILES = 4;

interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** Where candidates come from. */
type Source =
  | { readonly kind: 'files' }
  | { readonly kind: 'these'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'cluster'; readonly what: ClusterQuestion['what'] };

/** The answer to print: a candidate a line, and cobra's directive. Never rejects. */
export async function complete(
  program: Command,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  const last = words.at(-1) ?? '';
  const line = parseCommandLine(program, words.slice(0, -1));
  const { source, prefix } = sourceOf(line, last);
  if (source.kind === 'files') return ':0\n';
  const candidates: readonly Candidate[] =
    source.kind === 'these'
      ? source.candidates
      : (await completeFromCluster({ what: source.what, values: line.values }, surroundings)).map(
          (value) => ({ value }),
        );
  const fitting = candidates.filter(({ value }) => value.startsWith(prefix));
  const lines = fitting.map(({ value, description }) =>
    description === undefined ? value : `${value}\t${shortOf(description)}`,
  );
  const unfinished = fitting.length > 0 && fitting.every(({ value }) => value.endsWith('='));
  return [...lines, `:${NO_FILES + (unfinished ? NO_SPACE : 0)}`, ''].join('\n');
}

/** Where candidates for the last word come from, and the part of it that they must begin with. */
function sourceOf(
  line: CommandLine,
  last: string,
): { readonly source: Source; readonly prefix: string } {
  const { command, pending } = line;
  if (pending !== undefined) return { source: valuesOf(pending), prefix: last };
  const equals = last.indexOf('=');
  if (last.startsWith('-') && equals > 0) {
    const option = optionOf(command, last.slice(0, equals));
    const source = option === undefined ? nothing() : valuesOf(option);
    return { source, prefix: last.slice(equals + 1) };
  }
  if (last.startsWith('-')) return { source: flagsOf(command), prefix: last };
  return { source: argumentOf(line), prefix: last };
}

function flagsOf(command: Command): Source {
  const candidates = command.options
    .filter((option) => !option.hidden)
    .flatMap(({ short, long, description }) =>
      [long, short]
        .filter((flag) => flag !== undefined && flag !== null)
        .map((value) => ({ value, description })),
    );
  const help = { value: '--help', description: 'display help for command' };
  return { kind: 'these', candidates: [...candidates, help] };
}

function argumentOf({ command, argumentsBefore }: CommandLine): Source {
  const subcommands = visibleCommands(command);
  if (subcommands.length > 0 && argumentsBefore === 0) {
    const candidates = subcommands.map((it) => ({
      value: it.name(),
      description: it.description(),
    }));
    return { kind: 'these', candidates };
  }
  const all: readonly Argument[] = command.registeredArguments;
  const argument = all[argumentsBefore] ?? all.findLast(({ variadic }) => variadic);
  if (argument === undefined) return nothing();
  const { argChoices } = argument;
  if (argChoices !== undefined) return choices(argChoices);
  if (argument.name() === 'name') return { kind: 'cluster', what: 'resources' };
  return isPath(argument.name()) ? { kind: 'files' } : nothing();
}

function valuesOf(option: Option): Source {
  if (option.argChoices !== undefined) return choices(option.argChoices);
  if (option.attributeName() === 'namespace') return { kind: 'cluster', what: 'namespaces' };
  return isPath(option.flags) ? { kind: 'files' } : nothing();
}

/** Up to the first full stop or colon: a shell shows one line. */
function shortOf(description: string): string {
  return /^[^\n]*?(?=[.:;](?:\s|$)|\n|$)/.exec(description)?.[0] ?? '';
}

function choices(values: readonly string[]): Source {
  return { kind: 'these', candidates: values.map((value) => ({ value })) };
}

function nothing(): Source {
  return choices([]);
}

function isPath(name: string): boolean {
  return /file|path|folder|directory|kubeconfig/.test(name);
}
