/**
 * `ingress-ha drill`: takes the leader down on purpose, and measures how long nobody leads. Only its flags
 * are here: what it does is loaded when it runs, so that all other commands start fast.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { durationOption, nameArgument } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding, addNotes } from '../usage.ts';
import { isTimeZone, parseWindow, type Window } from './decide/window.ts';
import type { DrillFlags } from './drill-flags.ts';

interface Typed extends DrillFlags {
  readonly allowEphemeralContainer?: true;
}

const MOST_TRIALS = 100;
/** The operator helps after no more crashes of one resource within ten minutes. */
const MOST_CRASHES = 3;

const ZONE_ALONE = '--time-zone is that of --window: give --window too';

const NOTES = `
It begins only when the resource is Ready, a standby is Ready, nothing rolls and
its PodDisruptionBudget allows a disruption; each trial looks anew. Ctrl-C ends
it at any moment and says what was done, and what stays.

LEADERLESS is an interval that holds the true value. A trial passes when its
upper end is within the limit.`;

/** Adds `drill`. */
export function registerDrill(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const drill = program
    .command('drill')
    .description('Take the leader down on purpose, and measure how long nobody leads.')
    .addArgument(nameArgument('<name>'))
    .addOption(
      new Option('--method <how>', 'how its pod ends')
        .choices(['delete', 'evict', 'crash'])
        .default('delete'),
    )
    .addOption(
      new Option('--trials <number>', 'how often').default(1).argParser(wholeUpTo(MOST_TRIALS)),
    )
    .addOption(durationOption('--max-leaderless <duration>', 'Longest time that passes.', 5_000))
    .addOption(
      new Option('-o, --output <format>', 'how to print the report')
        .choices(['table', 'json', 'junit'])
        .default('table'),
    )
    .option('--yes', 'do not ask')
    .option('--no-metrics', 'do not look in the metrics for when the new leader works')
    .addOption(
      durationOption('--work-timeout <duration>', 'How long to look for its first push.', 60_000),
    )
    .addOption(
      durationOption('--settle-timeout <duration>', 'Longest wait between trials.', 300_000),
    );
  addCrashFlags(drill);
  addScheduleFlags(drill);
  addNamespaceFlag(drill);
  addConnectionFlags(drill);
  addNotes(drill, NOTES);
  addEnding(drill, {
    exitCodes:
      '0 within the limit in all trials, or skipped (--if-healthy), 1 too slow or not recovered, 2 wrong usage, refused, interrupted, or it could not be told',
    rights:
      'get on ingresscontrollerhas, deployments, leases and poddisruptionbudgets, get, list, watch and patch on pods, watch on leases; delete on pods, create on pods/eviction or patch on pods/ephemeralcontainers, by the method; get on pods/proxy for the metrics, and create on events for --record-event',
  });
  drill.action(async (name: string, flags: Typed) => {
    const zoneGiven = drill.getOptionValueSource('timeZone') === 'cli';
    const problem = zoneGiven && flags.window === undefined ? ZONE_ALONE : problemOf(flags, io);
    if (problem !== undefined) drill.error(`error: ${problem}`);
    io.outliveReader?.();
    const { runDrill } = await import('./run.ts');
    io.finish(await runDrill({ name, flags, io, surroundings }));
  });
}

function addCrashFlags(drill: Command): void {
  drill
    .option(
      '--allow-ephemeral-container',
      'let --method crash add one, which stays in the pod until the pod goes',
    )
    .option('--image <image>', 'image with node for it; default: that of the pod’s sidecar');
}

/** For CronJobs. */
function addScheduleFlags(drill: Command): void {
  drill
    .option('--if-healthy', 'end with 0 and one line where it is not safe to begin')
    .option('--record-event', 'write the verdict as an event on the resource')
    .addOption(
      new Option('--window <hours>', 'begin no trial outside, such as 02:00-04:00').argParser(
        windowOf,
      ),
    )
    .addOption(
      new Option('--time-zone <name>', 'of the window').default('UTC').argParser(timeZoneOf),
    );
}

function problemOf(flags: Typed, io: CommandIo): string | undefined {
  if (flags.method === 'crash' && !flags.allowEphemeralContainer) {
    return '--method crash needs --allow-ephemeral-container: it adds a container to the leader’s pod, which stays in its spec until the pod goes';
  }
  if (flags.method === 'crash' && flags.trials > MOST_CRASHES) {
    return `--method crash takes at most --trials ${MOST_CRASHES}: the operator leaves a resource that crashes more often alone`;
  }
  if (flags.method !== 'crash' && flags.image !== undefined) {
    return '--image is for the container of --method crash: give that too, or leave it out';
  }
  if (!flags.yes && io.ask === undefined) {
    return 'this is no terminal, so nobody can be asked: give --yes if it is meant';
  }
  return undefined;
}

function wholeUpTo(limit: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,4}$/.test(text) && number >= 1 && number <= limit) return number;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${limit}.`);
  };
}

function windowOf(text: string): Window {
  const window = parseWindow(text);
  if (window !== undefined) return window;
  throw new InvalidArgumentError('It must be two times of the day, such as 02:00-04:00.');
}

function timeZoneOf(name: string): string {
  if (isTimeZone(name)) return name;
  throw new InvalidArgumentError('It must be a time zone, such as Europe/Berlin or UTC.');
}
