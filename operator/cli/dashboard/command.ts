/**
 * `ingress-ha dashboard`: a page for this machine's browser that shows who leads, since when, and what a
 * failure costs. It reads with the user's own credentials, writes nothing, and listens on loopback only.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../../base/defined.ts';
import type { Surroundings } from '../connection.ts';
import {
  addAllNamespacesFlag,
  addConnectionFlags,
  addNamespaceFlag,
  type ConnectionFlags,
} from '../connection-flags.ts';
import type { CommandIo } from '../io.ts';
import { addNotes } from '../usage.ts';
import { withConnection } from '../with-connection.ts';

interface DashboardFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly address: string;
  readonly port: number;
  readonly open?: true;
}

const LOOPBACK = ['127.0.0.1', '::1'];
const DEFAULT_PORT = 3100;

const HELP = `
It prints the address of the page on standard output. The token in it is new
each time; whoever has it can read what you can read, until the command ends.

Rights: "list" and "watch" on ingresscontrollerhas.ingressha.dev, and for
leaders and replicas on leases.coordination.k8s.io and pods.

Exit codes: 0 it was ended by Ctrl-C, 1 it could not begin: no cluster, no CRD,
no right to list, the port is taken; 2 wrong usage.`;

/** Adds `dashboard`. */
export function registerDashboard(
  program: Command,
  io: CommandIo,
  surroundings: Surroundings,
): void {
  const dashboard = program
    .command('dashboard')
    .description('Serve a page on this machine: leaders, Leases and failovers, live. Read-only.')
    .addOption(
      new Option('--port <number>', 'Port of the page; 0: any that is free.')
        .default(DEFAULT_PORT)
        .argParser(portOf),
    )
    .addOption(
      new Option('--address <address>', 'Loopback address of the page.')
        .choices(LOOPBACK)
        .default(LOOPBACK[0]),
    )
    .option('--open', 'open the page in a browser');
  addNotes(dashboard, HELP);
  addNamespaceFlag(dashboard);
  addAllNamespacesFlag(dashboard);
  addConnectionFlags(dashboard);
  dashboard.action(async (flags: DashboardFlags) => {
    io.finish(await serve({ flags, io, surroundings }));
  });
}

function serve(request: {
  readonly flags: DashboardFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
}): Promise<0 | 1> {
  const { flags, io, surroundings } = request;
  const { clock } = surroundings;
  return withConnection<0 | 1>(
    request,
    async ({ connection, namespace }) => {
      // Loaded only here: the page would slow down every other command.
      const { serveDashboard } = await import('./serve.ts');
      const { address, port, open = false, requestTimeout: timeoutMs } = flags;
      return serveDashboard(
        defined({
          ...{ io, clock, connection, address, port, open, timeoutMs },
          namespace: flags.allNamespaces ? undefined : namespace,
        }),
      );
    },
    { exitCode: 1 },
  );
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
