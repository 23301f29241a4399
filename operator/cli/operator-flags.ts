/** Where the operator is, for commands that look at it too. */
import { type Command, Option } from 'commander';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../desired/rights.ts';
import { parsedBy } from './connection.ts';

export interface OperatorFlags {
  readonly operatorNamespace: string;
  readonly operatorLease: string;
}

const HEADING = 'Operator:';

/** Adds --operator-namespace and --operator-lease. */
export function addOperatorFlags(command: Command): void {
  command
    .addOption(
      new Option('--operator-namespace <name>', 'Namespace of the operator.')
        .argParser(parsedBy(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace (a DNS label)'))
        .default(DEFAULT_OPERATOR_NAMESPACE)
        .helpGroup(HEADING),
    )
    .addOption(
      new Option(
        '--operator-lease <name>',
        'Name of its own Lease; Helm names it like the operator.',
      )
        .argParser(parsedBy(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'a name of a Lease'))
        .default(OPERATOR_LEASE)
        .helpGroup(HEADING),
    );
}
