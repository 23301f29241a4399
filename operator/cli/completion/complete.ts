/**
 * `__complete WORD…`: what could stand in place of the last word, by cobra's protocol, which kubectl
 * speaks to its plugins. It never fails, says nothing on stderr, and ends within about two seconds.
 */
import type { Argument, Command, Option } from 'commander';
import type { Surroundings } from '../connection.ts';
import { type ClusterQuestion, completeFromCluster } from './names.ts';

/** Summed up in cobra's directive. */
const NO_SPACE = 2;
const NO_FILES = 4;

interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** What the words before the last one say. */
interface Place {
  readonly command: Command;
  /** How many arguments stand before. */
  readonly argumentsBefore: number;
  /** Values of flags, by the names that commander gives them. */
  readonly values: Readonly<Record<string, string>>;
  /** The flag whose value the last word is. */
  readonly pending?: Option;
}

type Asked =
  | { readonly kind: 'files' }
  | { readonly kind: 'these'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'cluster'; readonly what: ClusterQuestion['what'] };

/** The answer to print. */
export async function complete(
  program: Command,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  const last = words.at(-1) ?? '';
  const place = placeOf(program, words.slice(0, -1));
  const { asked, prefix } = askedBy(place, last);
  if (asked.kind === 'files') return ':0\n';
  const candidates: readonly Candidate[] =
    asked.kind === 'these'
      ? asked.candidates
      : (await completeFromCluster({ what: asked.what, values: place.values }, surroundings)).map(
          (value) => ({ value }),
        );
  const fitting = candidates.filter(({ value }) => value.startsWith(prefix));
  const lines = fitting.map(({ value, description }) =>
    description === undefined ? value : `${value}\t${shortOf(description)}`,
  );
  const unfinished = fitting.length > 0 && fitting.every(({ value }) => value.endsWith('='));
  return [...lines, `:${NO_FILES + (unfinished ? NO_SPACE : 0)}`, ''].join('\n');
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let argumentsBefore = 0;
  let pending: Option | undefined;
  const values: Record<string, string> = {};
  for (const word of words) {
    if (pending !== undefined) {
      values[pending.attributeName()] = word;
      pending = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      const [flag = '', ...rest] = word.split('=');
      const option = optionOf(command, flag);
      if (option === undefined || !takesValue(option)) continue;
      if (rest.length > 0) values[option.attributeName()] = rest.join('=');
      else pending = option;
    } else {
      const sub = visibleCommands(command).find((it) => it.name() === word);
      if (sub === undefined || argumentsBefore > 0) argumentsBefore += 1;
      else command = sub;
    }
  }
  return { command, argumentsBefore, values, ...(pending !== undefined && { pending }) };
}

/** What is asked for, and the part of the last word that an answer must begin with. */
function askedBy(place: Place, last: string): { readonly asked: Asked; readonly prefix: string } {
  const { command, pending } = place;
  if (pending !== undefined) return { asked: valuesOf(pending), prefix: last };
  const equals = last.indexOf('=');
  if (last.startsWith('-') && equals > 0) {
    const option = optionOf(command, last.slice(0, equals));
    const asked = option === undefined ? nothing() : valuesOf(option);
    return { asked, prefix: last.slice(equals + 1) };
  }
  if (last.startsWith('-')) return { asked: flagsOf(command), prefix: last };
  return { asked: argumentOf(place), prefix: last };
}

function flagsOf(command: Command): Asked {
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

function argumentOf({ command, argumentsBefore }: Place): Asked {
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

function valuesOf(option: Option): Asked {
  if (option.argChoices !== undefined) return choices(option.argChoices);
  if (option.attributeName() === 'namespace') return { kind: 'cluster', what: 'namespaces' };
  return isPath(option.flags) ? { kind: 'files' } : nothing();
}

/** Up to the first full stop or colon: a shell shows one line. */
function shortOf(description: string): string {
  return /^[^\n]*?(?=[.:;](?:\s|$)|\n|$)/.exec(description)?.[0] ?? '';
}

function choices(values: readonly string[]): Asked {
  return { kind: 'these', candidates: values.map((value) => ({ value })) };
}

function nothing(): Asked {
  return choices([]);
}

function isPath(name: string): boolean {
  return /file|path|folder|directory|kubeconfig/.test(name);
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function visibleCommands(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((it) => it.name() !== 'help');
}
