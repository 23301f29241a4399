/** `ingress-ha switchover`: hands leadership on in an orderly way. Its work is loaded when it runs. */

import type { Command } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { nameArgument } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding, addNotes } from '../usage.ts';
import type { SwitchoverFlags } from './switch-over.ts';

const NOTES = `
The leader's pod is deleted, as a drain would, and its Deployment replaces it.
Which of the others leads next is their own election's business.`;

/** Adds `switchover`. */
export function registerSwitchover(
  program: Command,
  io: CommandIo,
  surroundings: Surroundings,
): void {
  const switchover = program
    .command('switchover')
    .description('Take the leader down gracefully, if a standby is Ready and nothing rolls.')
    .addArgument(nameArgument('<name>'))
    .option('--yes', 'do not ask');
  addNamespaceFlag(switchover);
  addConnectionFlags(switchover);
  addNotes(switchover, NOTES);
  addEnding(switchover, {
    exitCodes:
      '0 another one leads, 1 nobody does in time, 2 wrong usage, refused, interrupted, or it could not be told',
    rights:
      'get on ingresscontrollerhas, deployments, leases and poddisruptionbudgets, get, list, watch, patch and delete on pods, watch on leases',
  });
  switchover.action(async (name: string, flags: SwitchoverFlags) => {
    if (!flags.yes && io.ask === undefined) {
      switchover.error(
        'error: this is no terminal, so nobody can be asked: give --yes if it is meant',
      );
    }
    io.outliveReader?.();
    const { runSwitchover } = await import('./switch-over.ts');
    io.finish(await runSwitchover({ name, flags, io, surroundings }));
  });
}
