/** Where the operator is, for commands that read its Lease too. */
import { type Command, Option } from 'commander';
import { DNS_SUBDOMAIN } from '../base/dns.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../desired/rights.ts';
import { NAMESPACE_GRAMMAR, parsedBy } from './flag-values.ts';

/** The values of the flags that `addOperatorFlags` adds. Absent: searched for, see live/operator-lease.ts. */
export interface OperatorFlags {
  readonly operatorNamespace?: string;
  readonly operatorLease?: string;
}

const HEADING = 'Operator:';

/** Adds --operator-namespace and --operator-lease. */
export function addOperatorFlags(command: Command): void {
  command
    .addOption(
      new Option(
        '--operator-namespace <name>',
        `Namespace of the operator. Default: ${DEFAULT_OPERATOR_NAMESPACE} if one is there, else that of the resource.`,
      )
        .argParser(parsedBy(...NAMESPACE_GRAMMAR))
        .helpGroup(HEADING),
    )
    .addOption(
      new Option(
        '--operator-lease <name>',
        `Name of its own Lease. Default: the one there that ends in ${OPERATOR_LEASE}, as Helm names it.`,
      )
        .argParser(parsedBy(DNS_SUBDOMAIN, 'a name of a Lease'))
        .helpGroup(HEADING),
    );
}
