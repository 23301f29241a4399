/** `ingress-ha run`: the operator itself. Its flags come from the one table in app/flags.ts. */
import { type Command, Option } from 'commander';
import { FLAGS, type Flag } from '../app/flags.ts';
import type { FlagValues } from '../app/input.ts';
import type { CommandIo } from './io.ts';
import { addEnding } from './usage.ts';
import { VERSION } from './version.ts';

/** Adds `run`. */
export function registerRun(program: Command, io: CommandIo): void {
  const run = program
    .command('run')
    .description('Run the operator: reconcile the resources of the namespaces it serves.');
  for (const flag of FLAGS) addFlag(run, flag);
  addEnding(run, {
    exitCodes:
      '0 ended as asked, by SIGTERM, SIGINT or SIGHUP, 1 it could not run, or another replica leads now, 2 wrong usage',
    rights: 'those that ingress-ha render operator prints',
  });
  run.action(async (values: FlagValues) => io.finish(await runWith(values, io)));
}

function addFlag(run: Command, flag: Flag): void {
  const described =
    flag.default === undefined ? flag.help : `${flag.help} Default: ${flag.default}.`;
  const help = `${described} (${flag.env})`;
  switch (flag.type) {
    case 'switch':
      run.addOption(new Option(`--${flag.name}`, help));
      run.addOption(new Option(`--no-${flag.name}`).hideHelp());
      return;
    case 'list':
      run.addOption(new Option(`--${flag.name} <names>`, help).argParser(collect));
      return;
    default:
      run.addOption(new Option(`--${flag.name} <${flag.type}>`, help));
  }
}

/** A list may be repeated: its parts are joined as if they had been separated by commas. */
function collect(value: string, before: string | undefined): string {
  return before === undefined ? value : `${before},${value}`;
}

async function runWith(values: FlagValues, io: CommandIo): Promise<0 | 1 | 2> {
  // Loaded only here: the client library would slow down every other command.
  const { loadConfig } = await import('../app/config.ts');
  const parsed = loadConfig(values);
  if (parsed.kind === 'invalid') {
    for (const problem of parsed.problems) io.stderr.write(`${problem}\n`);
    return 2;
  }
  const { runOperator } = await import('../app/operator.ts');
  const { systemClock } = await import('../base/time.ts');
  const { createLog } = await import('../telemetry/log.ts');
  const { config } = parsed;
  const log = createLog({
    write: (line) => io.stdout.write(line),
    clock: systemClock,
    level: config.logLevel,
  });
  const { random } = Math;
  const options = { config, clock: systemClock, random, log, version: VERSION };
  try {
    return (await runOperator(options, io.interrupted)) === 'stopped' ? 0 : 1;
  } catch (error) {
    log.error('Cannot run', { error });
    return 1;
  }
}
