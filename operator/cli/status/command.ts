/**
 * `ingress-ha status`: how resources are, for people, scripts and Jobs. It only reads. Lines about
 * resources go to stdout, everything else to stderr.
 */
import type { Command } from 'commander';
import { failureOf } from '../../base/failure.ts';
import {
  addAllNamespacesFlag,
  addConnectionFlags,
  addNamespaceFlag,
  type Connection,
  durationOption,
  nameArgument,
  type Surroundings,
} from '../connection.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';
import { addOutputFlag } from '../view/output.ts';
import { couldNotTell, type ExitCode, type StatusFlags, type StatusRequest } from './request.ts';

/** Adds `status`. */
export function registerStatus(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const status = program
    .command('status')
    .description(
      'Show how a resource is: who leads, since when, what a failure would cost, and what is not as it should be. Without a name: all of a namespace.',
    )
    .addArgument(nameArgument('[name]'));
  addOutputFlag(status, ['json', 'yaml', 'wide', 'name', 'jsonpath=']);
  status
    .option('-v, --verbose', 'every condition and every failover in full, as -o wide does')
    .option(
      '-w, --watch',
      'go on and show each change: drawn anew on a terminal, else a line each; ends by Ctrl-C',
    )
    .option('--wait', 'wait until it is Ready, and print a line a change')
    .addOption(durationOption('--timeout <duration>', 'How long --wait waits.', 120_000));
  addAllNamespacesFlag(status);
  addNamespaceFlag(status);
  addConnectionFlags(status);
  addEnding(status, {
    exitCodes:
      '0 it is Ready, 1 it is not (without a name: one of them is not; with --wait: not in time, or only a person can help), 2 wrong usage, or it could not be told: no cluster, no such resource, no right to get it',
    rights:
      '--wait needs get on the one ingresscontrollerhas.ingressha.dev and nothing else. A name alone also gets its deployment, lease and poddisruptionbudget and lists its pods; without a name all of these are listed. What may not be read is left out, and told',
  });
  status.action(async (name: string | undefined, flags: StatusFlags) => {
    const timeoutGiven = status.getOptionValueSource('timeout') === 'cli';
    const problem = usageProblem(
      name,
      flags,
      timeoutGiven ? 'timeout given' : 'timeout by default',
    );
    if (problem !== undefined) status.error(`error: ${problem}`);
    io.finish(await tellStatus(name, { flags, io, surroundings }));
  });
}

function usageProblem(
  name: string | undefined,
  { wait, watch, output, verbose, allNamespaces }: StatusFlags,
  timeout: 'timeout given' | 'timeout by default',
): string | undefined {
  if (wait === undefined && timeout === 'timeout given') {
    return '--timeout is how long --wait waits: give --wait too';
  }
  if (name !== undefined && allNamespaces) {
    return 'a resource is looked for in one namespace: leave out its name or -A';
  }
  if (wait === undefined) return undefined;
  if (name === undefined) return '--wait waits for one resource: give its name';
  const others = watch ?? output ?? verbose;
  return others === undefined ? undefined : '--wait prints lines: leave out -w, -o and -v';
}

async function tellStatus(
  name: string | undefined,
  request: Pick<StatusRequest, 'flags' | 'io' | 'surroundings'>,
): Promise<ExitCode> {
  const { flags, io, surroundings } = request;
  let connection: Connection;
  try {
    connection = await surroundings.connect(flags, surroundings.clock);
  } catch (error) {
    const nothingAsked = { ifForbidden: '', ifMissing: '' };
    return couldNotTell(io, failureText(failureOf(error), nothingAsked));
  }
  const namespace = flags.allNamespaces ? '' : (flags.namespace ?? connection.namespace);
  const whole = { ...request, connection, namespace };
  try {
    if (name !== undefined && flags.wait) {
      const { waitForReady } = await import('./wait.ts');
      return await waitForReady(name, whole);
    }
    const { showStatus } = await import('./show.ts');
    return await showStatus(name, whole);
  } finally {
    connection.close();
  }
}
