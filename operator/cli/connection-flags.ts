/** The flags by which commands find a cluster and a namespace: kubectl's, in one place for all of them. */
import { type Command, Option } from 'commander';
import { durationOption, NAMESPACE_GRAMMAR, parsedBy } from './flag-values.ts';

/** The values of the flags that `addConnectionFlags` adds. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whom to impersonate. */
  readonly as?: string;
  /** Deadline of each request, in ms. */
  readonly requestTimeout: number;
}

const HEADING = 'Connection:';
/** Where an object is looked for when neither a flag nor the context names a namespace. */
export const DEFAULT_NAMESPACE = 'default';

/** Adds --kubeconfig, --context, --as and --request-timeout. */
export function addConnectionFlags(command: Command): void {
  command
    .addOption(
      new Option(
        '--kubeconfig <path>',
        'Path of a kubeconfig. Default: the service account inside a cluster, else what kubectl would use.',
      ).helpGroup(HEADING),
    )
    .addOption(
      new Option(
        '--context <name>',
        'Context of the kubeconfig. Default: its current context.',
      ).helpGroup(HEADING),
    )
    .addOption(
      new Option('--as <user>', 'User to act as. Needs the right to impersonate.')
        .argParser(parsedBy(/\S/, 'a name of a user'))
        .helpGroup(HEADING),
    )
    .addOption(
      durationOption('--request-timeout <duration>', 'Deadline of each request.', 30_000).helpGroup(
        HEADING,
      ),
    );
}

/** Adds -n, --namespace. */
export function addNamespaceFlag(command: Command): void {
  command.addOption(
    new Option(
      '-n, --namespace <name>',
      `Namespace. Default: that of the context, inside a cluster that of the pod, else ${DEFAULT_NAMESPACE}.`,
    )
      .argParser(parsedBy(...NAMESPACE_GRAMMAR))
      .helpGroup(HEADING),
  );
}

/** Adds -A, --all-namespaces, which counts before --namespace. */
export function addAllNamespacesFlag(command: Command): void {
  command.addOption(
    new Option('-A, --all-namespaces', 'All namespaces, whatever --namespace says.').helpGroup(
      HEADING,
    ),
  );
}
