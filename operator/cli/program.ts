/** The commands of `ingress-ha`. Never exits, so tests can call it. */
import { Command, CommanderError } from 'commander';
import { actualSurroundings, type Surroundings } from './connection.ts';
import { registerCrds } from './crds.ts';
import type { CommandIo } from './io.ts';
import { registerRender } from './render.ts';
import { registerRun } from './run.ts';
import { registerStatus } from './status.ts';
import { VERSION } from './version.ts';

/** Wrong usage, as shells and kubectl plugins know it. */
const USAGE_ERROR = 2;

/** Runs the command that `argv` (without node and script) names, and ends with its exit code. */
export async function runProgram(
  argv: readonly string[],
  io: Omit<CommandIo, 'finish'>,
  surroundings: Surroundings = actualSurroundings,
): Promise<number> {
  let exitCode = 0;
  const finish: CommandIo['finish'] = (code) => {
    exitCode = code;
  };
  const program = createProgram({ ...io, finish }, surroundings);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
    throw error;
  }
}

/** The whole command tree, for running it and for documenting it. */
export function createProgram(
  io: CommandIo,
  surroundings: Surroundings = actualSurroundings,
): Command {
  const program = new Command('ingress-ha')
    .description('Runs the Apache APISIX / API7 ingress controller highly available.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  registerRun(program, io);
  registerRender(program, io);
  registerCrds(program, io, surroundings);
  registerStatus(program, io, surroundings);
  for (const command of program.commands) inherit(command, program);
  return program;
}

/** Sub-commands made by `command()` copy these settings only when they were made afterwards. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}
