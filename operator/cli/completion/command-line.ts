/** The words of an unfinished command line, before the last one. */
import type { Command, Option } from 'commander';
import { defined } from '../../base/defined.ts';

/** What they mean. */
export interface CommandLine {
  readonly command: Command;
  /** How many arguments stand before. */
  readonly argumentsBefore: number;
  /** Values of flags, by the names that commander gives them. */
  readonly values: Readonly<Record<string, string>>;
  /** The flag whose value the last word is. */
  readonly pending?: Option;
}

/** Flags that are not known are skipped. */
export function parseCommandLine(program: Command, words: readonly string[]): CommandLine {
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
  return defined({ command, argumentsBefore, values, pending });
}

/** The flag of that long or short name. */
export function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** Sub-commands that the help lists, without `help` itself. */
export function visibleCommands(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((it) => it.name() !== 'help');
}
