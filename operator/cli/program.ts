/** The commands of `ingress-ha`. Never exits, so tests can call it. */
import { Command, CommanderError } from 'commander';
import { registerCompletion } from './completion/command.ts';
import { actualSurroundings } from './connection.ts';
import { registerCrds } from './crds/command.ts';
import { registerDashboard } from './dashboard/command.ts';
import { registerDrill } from './drill/command.ts';
import { registerSwitchover } from './drill/switchover-command.ts';
import { registerEvents } from './events/command.ts';
import { registerExplain } from './explain/command.ts';
import { type CommandIo, NO_TERMINAL } from './io.ts';
import { registerRender } from './render/command.ts';
import { registerReport } from './report/command.ts';
import { registerRun } from './run.ts';
import { registerStatus } from './status/command.ts';
import { guarded } from './terminal-text.ts';
import { registerValidate } from './validate/command.ts';
import { VERSION } from './version.ts';

/** Called by shells, and by kubectl: the words after it are those to complete, and no flags of this program. */
const COMPLETE = '__complete';

/** Wrong usage, as shells and kubectl plugins know it. */
const USAGE_ERROR = 2;

/** Runs the command that `argv` (without node and script) names, and ends with its exit code. */
export async function runProgram(
  argv: readonly string[],
  outside: Omit<CommandIo, 'finish'>,
  surroundings = actualSurroundings(outside.interrupted),
): Promise<number> {
  const io = guarded(outside);
  let exitCode = 0;
  const finish: CommandIo['finish'] = (code) => {
    exitCode = code;
  };
  const program = createProgram({ ...io, finish }, surroundings);
  const [first, ...words] = argv;
  if (first === COMPLETE) {
    const { complete } = await import('./completion/complete.ts');
    io.stdout.write(await complete(program, words, surroundings));
    return 0;
  }
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
  surroundings = actualSurroundings(io.interrupted),
): Command {
  const program = new Command(io.programName ?? 'ingress-ha')
    .description('Runs the Apache APISIX / API7 ingress controller highly available.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.terminal?.columns ?? NO_TERMINAL.columns,
      getErrHelpWidth: () => io.terminal?.columns ?? NO_TERMINAL.columns,
    });
  registerRun(program, io);
  registerRender(program, io);
  registerValidate(program, io);
  registerCrds(program, io, surroundings);
  registerStatus(program, io, surroundings);
  registerEvents(program, io, surroundings);
  registerCompletion(program, io);
  registerExplain(program, io, surroundings);
  registerReport(program, io, surroundings);
  registerDashboard(program, io, surroundings);
  registerDrill(program, io, surroundings);
  registerSwitchover(program, io, surroundings);
  for (const command of program.commands) inherit(command, program);
  return program;
}

/** Sub-commands made by `command()` copy these settings only when they were made afterwards. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}
