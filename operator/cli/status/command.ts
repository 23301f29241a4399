/**
 * `ingress-ha status`: how resources are, for people, scripts and Jobs. It only reads. Lines about
 * resources go to stdout, everything else to stderr.
 */
import type { Command } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addAllNamespacesFlag, addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { durationOption, nameArgument } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';
import { addOutputFlag } from '../view/output.ts';
import { withConnection } from '../with-connection.ts';
import type { ExitCode, StatusFlags, StatusRequest } from './request.ts';

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
    io.finish(await statusOf(name, { flags, io, surroundings }));
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

function statusOf(
  name: string | undefined,
  request: Pick<StatusRequest, 'flags' | 'io' | 'surroundings'>,
): Promise<ExitCode> {
  return withConnection<ExitCode>(
    request,
    async (connected) => {
      const whole = { ...request, ...connected };
      if (name !== undefined && request.flags.wait) {
        const { waitForReady } = await import('./wait.ts');
        return waitForReady(name, whole);
      }
      const { showStatus } = await import('./show.ts');
      return showStatus(name, whole);
    },
    { exitCode: 2 },
  );
}
