/** The installer's policy, as flags of the commands that check a resource offline. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Grammar,
  IMAGE_REGISTRY,
  IMAGE_REPOSITORY,
  POD_METADATA,
  partsOf,
  SERVICE_ACCOUNT,
} from '../app/policy-grammar.ts';
import { defined } from '../base/defined.ts';
import type { ObjectKey } from '../base/kube-object.ts';
import { DEFAULT_POLICY, type InstallerPolicy } from '../desired/installer.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../desired/rights.ts';
import { parsedBy } from './flag-values.ts';

/** The values of the flags that `addPolicyFlags` adds. */
export interface PolicyFlags {
  readonly operandServiceAccount?: string;
  readonly imageRegistry?: string;
  readonly allowedImageRepository?: readonly string[];
  readonly allowedPodMetadata?: readonly string[];
  readonly requireImageDigest?: true;
  readonly allowPodTemplatePatch?: true;
  readonly allowEnvAndVolumes?: true;
  readonly allowSharedLease?: true;
  readonly ownLease?: ObjectKey;
}

const DEFAULT_OWN_LEASE: ObjectKey = {
  namespace: DEFAULT_OPERATOR_NAMESPACE,
  name: OPERATOR_LEASE,
};
const HEADING = "The operator's policy:";

/** Gives a flag the parser of its values. */
type Reader = (option: Option) => Option;

/** A flag without a reader is a switch. */
const FLAGS: readonly (readonly [flag: string, help: string, read?: Reader])[] = [
  ['--operand-service-account <name>', 'account of the pods', textOf(SERVICE_ACCOUNT)],
  [
    '--image-registry <host>',
    'mirror that replaces the registry of the controller’s images',
    textOf(IMAGE_REGISTRY),
  ],
  [
    '--allowed-image-repository <name...>',
    'repositories allowed beside the known ones',
    listOf(IMAGE_REPOSITORY),
  ],
  [
    '--allowed-pod-metadata <key...>',
    'keys of inheritedMetadata that may reach pods',
    listOf(POD_METADATA),
  ],
  ['--require-image-digest', 'refuse images that are not pinned by digest'],
  ['--allow-pod-template-patch', 'allow spec.podTemplatePatch'],
  ['--allow-env-and-volumes', 'allow env, volumes and volumeMounts'],
  ['--allow-shared-lease', 'allow leaderElection.existingLease: Share'],
];

/** They change how an object is rendered, and allow or refuse nothing. */
const ONLY_RENDERING: ReadonlySet<string> = new Set([
  '--operand-service-account',
  '--image-registry',
]);

/**
 * Adds them as a group of their own. A command that only checks takes all of them, so that one list
 * serves it and `render`, and the help names those that change nothing there.
 */
export function addPolicyFlags(command: Command, purpose: 'renders' | 'checks'): void {
  for (const [flags, help, read] of FLAGS) {
    const option = new Option(flags, help).helpGroup(HEADING);
    read?.(option);
    const idle = purpose === 'checks' && ONLY_RENDERING.has(option.long ?? '');
    if (idle) option.description = `${help}; as render takes it: it changes no finding`;
    command.addOption(option);
  }
  const { namespace, name } = DEFAULT_OWN_LEASE;
  command.addOption(
    new Option('--own-lease <namespace/name>', 'Lease by which the operator elects its own leader')
      .argParser(parseOwnLease)
      .default(DEFAULT_OWN_LEASE, `${namespace}/${name}`)
      .helpGroup(HEADING),
  );
}

/** The policy by the flags; where one is missing, that of an installer who sets nothing. */
export function policyFrom(flags: PolicyFlags): InstallerPolicy {
  const { imageRegistry, operandServiceAccount } = flags;
  return defined({
    serviceAccountName: operandServiceAccount ?? DEFAULT_POLICY.serviceAccountName,
    imageRegistry,
    allowedImageRepositories: flags.allowedImageRepository ?? [],
    allowedPodMetadata: flags.allowedPodMetadata ?? [],
    imageDigest: flags.requireImageDigest ? 'Required' : 'Optional',
    podTemplatePatch: flags.allowPodTemplatePatch ? 'Allowed' : 'Refused',
    envAndVolumes: flags.allowEnvAndVolumes ? 'Allowed' : 'Refused',
    sharedLease: flags.allowSharedLease ? 'Allowed' : 'Refused',
    ownLease: flags.ownLease ?? DEFAULT_OWN_LEASE,
  });
}

function textOf(grammar: Grammar): Reader {
  return (option) => option.argParser(parsedBy(...grammar));
}

/** As `run` reads a list: parts between commas or from repeated flags. */
function listOf([grammar, what]: Grammar): Reader {
  return (option) =>
    option.argParser((text, before: readonly string[] = []) => {
      const parts = partsOf([...before, text].join(','));
      const wrong = parts.find((part) => !grammar.test(part));
      if (wrong === undefined) return parts;
      throw new InvalidArgumentError(`"${wrong}" is not ${what}.`);
    });
}

function parseOwnLease(text: string): ObjectKey {
  const [namespace, name, ...more] = text.split('/');
  if (!namespace || !name || more.length > 0) {
    throw new InvalidArgumentError('Write it as NAMESPACE/NAME.');
  }
  return { namespace, name };
}
