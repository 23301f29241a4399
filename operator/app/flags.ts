/**
 * Every flag of `ingress-ha run`, with its default and its environment variable: the one table that
 * the command line, the configuration and the documentation are made from.
 */
import { DEFAULT_OPERAND_ACCOUNT } from '../desired/installer.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../desired/rights.ts';
import { LogLevel } from '../telemetry/log.ts';

/** One flag, as every reader of the table sees it. */
export interface Flag {
  /** Without dashes: `lease-duration`. */
  readonly name: string;
  readonly type: FlagType;
  /** As a user would type it; absent where there is none, or where it depends on the surroundings. */
  readonly default?: string;
  /** Read when the flag is not given; an empty variable counts as not set. */
  readonly env: string;
  /** One sentence for `--help` and the documentation. */
  readonly help: string;
}

/**
 * `list`: repeatable, or separated by commas. `switch`: `--x` and `--no-x`, in the environment
 * `true` or `false`. `duration`: whole seconds, as in `15s` or `1m30s`.
 */
export type FlagType = 'text' | 'list' | 'switch' | 'number' | 'duration' | 'address' | 'level';

/** In the order in which `--help` and docs/reference/flags.md show them. */
export const FLAGS = [
  flag(
    'namespaces',
    'list',
    'Namespaces to serve: the only ones in which anything is watched or written. Required.',
  ),
  flag(
    'operator-namespace',
    'text',
    `Namespace of the operator and its Lease. Default: POD_NAMESPACE, else that of the pod, else ${DEFAULT_OPERATOR_NAMESPACE}.`,
  ),
  flag(
    'kubeconfig',
    'text',
    'Path of a kubeconfig. Default: the service account inside a cluster, else what kubectl would use.',
  ),
  flag('context', 'text', 'Context of the kubeconfig. Default: its current context.'),
  flag(
    'operand-service-account',
    'text',
    'Account of the controllers’ pods; it must exist in every served namespace.',
    DEFAULT_OPERAND_ACCOUNT,
  ),
  flag(
    'image-registry',
    'text',
    'Mirror that replaces the registry of the controller’s images, such as registry.example:5000.',
  ),
  flag(
    'allowed-image-repository',
    'list',
    'Repositories that a resource may name beside the known ones.',
  ),
  flag(
    'allowed-pod-metadata',
    'list',
    'Keys of spec.inheritedMetadata that may reach pods, and the annotations of the Deployment: whole keys, or all of a domain as example.com/*.',
  ),
  flag('require-image-digest', 'switch', 'Refuse images that are not named by digest.', 'false'),
  flag('allow-pod-template-patch', 'switch', 'Let a resource patch the pod template.', 'false'),
  flag(
    'allow-env-and-volumes',
    'switch',
    'Let a resource set env, volumes and volumeMounts.',
    'false',
  ),
  flag(
    'allow-shared-lease',
    'switch',
    'Let a resource take part in the election of an earlier installation (existingLease: Share).',
    'false',
  ),
  flag('workers', 'number', 'Resources that are reconciled at the same time, 1 to 64.', '4'),
  flag(
    'max-concurrent-rollouts',
    'number',
    'Rollouts that the operator itself causes at the same time, 1 to 1000.',
    '1',
  ),
  flag('metrics-address', 'address', 'Where /metrics listens; 0 turns it off.', ':8080'),
  flag('probe-address', 'address', 'Where /healthz and /readyz listen; 0 turns them off.', ':8081'),
  flag(
    'leader-elect',
    'switch',
    'Elect one leader among the replicas. Turn it off only for development.',
    'true',
  ),
  flag('lease-name', 'text', 'Name of the operator’s own Lease.', OPERATOR_LEASE),
  flag(
    'lease-duration',
    'duration',
    'How long another replica waits before it takes over from a leader that is silent.',
    '15s',
  ),
  flag(
    'renew-deadline',
    'duration',
    'How long the leader acts without a successful renewal.',
    '10s',
  ),
  flag('retry-period', 'duration', 'Pause between two renewals.', '2s'),
  flag(
    'log-level',
    'level',
    `Lines below it are not written: ${Object.values(LogLevel).join(', ')}.`,
    'info',
  ),
] as const satisfies readonly Flag[];

/** The name of a flag of the table, and no other text. */
export type FlagName = (typeof FLAGS)[number]['name'];

/** The property under which commander gives a flag's value: `leaseDuration` for `lease-duration`. */
export function optionKey(name: FlagName): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function flag<const Name extends string, const Type extends FlagType>(
  name: Name,
  type: Type,
  help: string,
  byDefault?: string,
): Flag & { readonly name: Name; readonly type: Type } {
  const env = `INGRESS_HA_${name.replaceAll('-', '_').toUpperCase()}`;
  return { name, type, env, help, ...(byDefault !== undefined && { default: byDefault }) };
}
