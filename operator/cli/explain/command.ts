/**
 * `ingress-ha explain`: whether the operator would free the Lease if the leader died now, and why, rule
 * by rule. Only its flags are here: everything else is loaded when it runs.
 */

import { type Command, Option } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { nameArgument } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addOperatorFlags } from '../operator-flags.ts';
import { addEnding } from '../usage.ts';
import type { ExplainFlags } from './run.ts';

/** Adds `explain`. */
export function registerExplain(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const explain = program
    .command('explain')
    .description('Say, rule by rule, whether the Lease would be freed if the leader died now.')
    .addArgument(nameArgument('<name>'))
    .addOption(
      new Option('-o, --output <format>', 'text, or json: a FailoverExplanation')
        .choices(['text', 'json'])
        .default('text'),
    );
  addOperatorFlags(explain);
  addNamespaceFlag(explain);
  addConnectionFlags(explain);
  addEnding(explain, {
    exitCodes:
      '0 the Lease would be freed, 1 it would not, or nobody leads, 2 wrong usage, or it could not be told: no cluster, no such resource, a right is missing, or a failover is under way',
    rights:
      'get on the resource, its deployment, lease and poddisruptionbudget, list on pods; and, for a certain answer, get on the node of the leader and on the lease of the operator, and list on leases where the operator is not named',
  });
  explain.action(async (name: string, flags: ExplainFlags) => {
    const { explain: run } = await import('./run.ts');
    io.finish(await run({ name, flags, io, surroundings }));
  });
}
