/**
 * `ingress-ha report`: one text file about resources, what belongs to them, and the operator, for whoever
 * helps to find an error. Only its flags are here: everything else is loaded when it runs.
 */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../../api/duration.ts';
import { defined } from '../../base/defined.ts';
import type { Surroundings } from '../connection.ts';
import { addAllNamespacesFlag, addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { nameArgument, withoutEquals } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addOperatorFlags } from '../operator-flags.ts';
import { addEnding } from '../usage.ts';
import type { ReportFlags } from './run.ts';

/** Adds `report`. */
export function registerReport(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const report = program
    .command('report')
    .description(
      'Write a report for support: resources, their objects, events, the operator’s logs.',
    )
    .addArgument(nameArgument('[name]'))
    .option(
      '--output <file>',
      'where to write it, - for standard output (default: ingress-ha-report-<time>.txt here)',
    )
    .addOption(
      new Option('--since <duration>', 'leave out older events and log lines, as in 2h').argParser(
        sinceMs,
      ),
    );
  addAllNamespacesFlag(report);
  addOperatorFlags(report);
  addNamespaceFlag(report);
  addConnectionFlags(report);
  addEnding(report, {
    exitCodes:
      '0 written, 1 written with gaps, which its README lists, 2 nothing written: wrong usage, no cluster, no such resource, no right, no file',
    rights:
      'get or list on the resources; what else may not be read becomes a gap. It never writes, never asks for a secret, and hides values that may be secret: look through the file before you send it',
  });
  report.action(async (name: string | undefined, flags: ReportFlags) => {
    if (name !== undefined && flags.allNamespaces) {
      report.error('error: one resource is in one namespace: give either a name or -A');
    }
    const { report: run } = await import('./run.ts');
    io.finish(await run(defined({ name, flags, io, surroundings })));
  });
}

function sinceMs(typed: string): number {
  const ms = parseDurationMs(withoutEquals(typed));
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('It must be a duration such as 30m or 2h.');
}
