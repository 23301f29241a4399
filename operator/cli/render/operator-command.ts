/** `ingress-ha render operator`: every right that the operator and the controllers it runs need, as YAML. */
import { type Command, Option } from 'commander';
import { DNS_SUBDOMAIN } from '../../base/dns.ts';
import { DEFAULT_OPERAND_ACCOUNT } from '../../desired/installer.ts';
import {
  DEFAULT_OPERATOR_ACCOUNT,
  DEFAULT_OPERATOR_NAMESPACE,
  OPERATOR_LEASE,
  operatorRights,
  servedNamespacesProblem,
} from '../../desired/rights.ts';
import { NAMESPACE_GRAMMAR, parsedBy } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';
import { toYaml } from './render.ts';

type RightsIo = Pick<CommandIo, 'stdout' | 'stderr' | 'finish'>;

/** Adds `operator` to `render`. */
export function registerRenderOperator(render: Command, io: RightsIo): void {
  const operator = render
    .command('operator')
    .description('Print the rights that the operator and the controllers it runs need.')
    .addOption(
      new Option('--namespaces <a,b>', 'namespaces to serve')
        .argParser((text) => text.split(',').map((name) => name.trim()))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--operator-namespace <name>', 'where the operator runs')
        .argParser(parsedBy(...NAMESPACE_GRAMMAR))
        .default(DEFAULT_OPERATOR_NAMESPACE),
    )
    .addOption(
      new Option('--operator-service-account <name>', 'account of the operator')
        .argParser(parsedBy(DNS_SUBDOMAIN, 'a name'))
        .default(DEFAULT_OPERATOR_ACCOUNT),
    )
    .addOption(
      new Option('--lease-name <name>', 'Lease by which operators elect their leader')
        .argParser(parsedBy(DNS_SUBDOMAIN, 'a name of a Lease'))
        .default(OPERATOR_LEASE),
    )
    .addOption(
      new Option('--operand-service-account <name>', 'account of the controllers')
        .argParser(parsedBy(DNS_SUBDOMAIN, 'a name'))
        .default(DEFAULT_OPERAND_ACCOUNT),
    )
    .action(() => {
      const stray = strayFlag(render, operator);
      if (stray !== undefined) operator.error(`error: ${stray}`);
      io.finish(renderRights(operator.optsWithGlobals(), io));
    });
  addEnding(operator, { exitCodes: '0 printed, 1 refused, 2 wrong usage' });
}

interface RightsFlags {
  readonly namespaces: readonly string[];
  readonly operatorNamespace: string;
  readonly operatorServiceAccount: string;
  readonly leaseName: string;
  readonly operandServiceAccount: string;
}

function renderRights(flags: RightsFlags, io: RightsIo): 0 | 1 {
  const problem = servedNamespacesProblem(flags.namespaces);
  if (problem !== undefined) {
    io.stderr.write(`${problem}\n`);
    return 1;
  }
  const rights = operatorRights({
    operatorNamespace: flags.operatorNamespace,
    servedNamespaces: flags.namespaces,
    serviceAccountName: flags.operatorServiceAccount,
    leaseName: flags.leaseName,
    operandServiceAccountName: flags.operandServiceAccount,
  });
  io.stdout.write(toYaml(rights));
  return 0;
}

/** A flag of `render` behind `operator`: commander gives it to the parent, so it would be ignored. */
function strayFlag(parent: Command, { options }: Command): string | undefined {
  const own = options.map((option) => option.attributeName());
  const stray = parent.options.find((option) => {
    const name = option.attributeName();
    return parent.getOptionValueSource(name) === 'cli' && !own.includes(name);
  });
  return stray && `${stray.long} is for rendering a resource and changes no right: leave it out`;
}
