/**
 * `ingress-ha crds`: our one CustomResourceDefinition, as YAML or applied. Only its flags are here: the
 * schema is loaded when a command runs, so that all others start fast.
 */

import { type Command, Option } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addConnectionFlags } from '../connection-flags.ts';
import { durationOption } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';
import type { ApplyFlags } from './task.ts';

/** Adds `crds print` and `crds apply`. */
export function registerCrds(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const crds = program
    .command('crds')
    .description('Print or apply the CustomResourceDefinition of this version.');
  const print = crds.command('print').description('Print it as YAML.');
  addEnding(print, { exitCodes: '0 printed, 2 wrong usage' });
  print.action(async () => {
    const { crdYaml } = await import('./crd-yaml.ts');
    io.stdout.write(crdYaml());
    io.finish(0);
  });
  registerApply(crds, io, surroundings);
}

function registerApply(crds: Command, io: CommandIo, surroundings: Surroundings): void {
  const apply = crds
    .command('apply')
    .description(
      'Apply it by server-side apply, and wait until it is served. Needs the rights to get and patch it, and to create it where it is missing.',
    )
    .addOption(
      durationOption('--timeout <duration>', 'How long to wait until it is served.', 60_000),
    )
    .addOption(
      new Option('--dry-run <where>', 'server: say what would happen, and write nothing')
        .choices(['none', 'server'])
        .default('none'),
    )
    .option('--allow-downgrade', 'replace a newer one, whose further fields resources then lose');
  addEnding(apply, {
    exitCodes: '0 done, 1 refused or failed, 2 wrong usage',
    rights:
      'get and patch on the one customresourcedefinitions.apiextensions.k8s.io, and create where it is missing',
  });
  addConnectionFlags(apply);
  apply.action(async (flags: ApplyFlags) => {
    const { applyCrd } = await import('./apply.ts');
    io.finish(await applyCrd({ flags, io, surroundings }));
  });
}
