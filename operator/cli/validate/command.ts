/**
 * `ingress-ha validate`: resources in files, checked offline as the API server and the operator would.
 * Findings go to stdout, each with its position; a summary and what could not be read go to stderr.
 */

import { type Command, Option } from 'commander';
import type { CommandIo } from '../io.ts';
import { addPolicyFlags } from '../policy-flags.ts';
import { addNotes } from '../usage.ts';
import type { ValidateFlags } from './run.ts';

const AFTER = `
Exit codes: 0 nothing to correct, 1 findings (with --strict, also warnings),
2 wrong usage, or it could not be told: a file that cannot be read, or no
IngressControllerHA and no finding in any of them.

All files together are taken for what one cluster gets: two resources of one
name in one namespace are a finding. What only that cluster knows (neighbours,
immutable fields, quotas) is not checked: kubectl apply --dry-run=server -f FILE`;

/** Adds `validate`. */
export function registerValidate(program: Command, io: CommandIo): void {
  const validate = program
    .command('validate')
    .description(
      'Check the resources in files without a cluster: as the API server would, and as the operator would. Other kinds are skipped.',
    )
    .option(
      '-f, --filename <path...>',
      'files, folders (.yaml .yml .json), or - for standard input',
    )
    .option('-R, --recursive', 'folders with all folders in them')
    .option('-n, --namespace <name>', 'namespace of a resource that names none', 'default')
    .addOption(new Option('-o, --output <format>', 'a ValidationReport').choices(['json']))
    .option('--strict', 'end with 1 for warnings too');
  addNotes(validate, AFTER);
  addPolicyFlags(validate, 'checks');
  validate.action(async (flags: ValidateFlags) => {
    // Loaded only here: parser and rules would slow down every other command.
    const { validateFiles } = await import('./run.ts');
    io.finish(await validateFiles(flags, io));
  });
}
