/** What whoever installed the operator allows, as flags of the commands that check a resource offline. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ObjectKey } from '../base/kube-object.ts';
import { DEFAULT_POLICY, type InstallerPolicy } from '../desired/installer.ts';
import { DEFAULT_OPERATOR_NAMESPACE, OPERATOR_LEASE } from '../desired/rights.ts';

/** The values of the flags that `addPolicyFlags` adds. */
export interface PolicyFlags {
  readonly operandServiceAccount?: string;
  readonly imageRegistry?: string;
  readonly allowedImageRepository?: readonly string[];
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

const FLAGS: readonly (readonly [flag: string, help: string])[] = [
  ['--operand-service-account <name>', 'account of the pods'],
  ['--image-registry <host>', 'mirror that replaces the registry of every image'],
  ['--allowed-image-repository <name...>', 'repositories allowed beside the known ones'],
  ['--require-image-digest', 'refuse images that are not pinned by digest'],
  ['--allow-pod-template-patch', 'allow spec.podTemplatePatch'],
  ['--allow-env-and-volumes', 'allow env, volumes and volumeMounts'],
  ['--allow-shared-lease', 'allow leaderElection.existingLease: Share'],
];

/** Adds them as a group of their own. */
export function addPolicyFlags(command: Command): void {
  for (const [flag, help] of FLAGS) command.addOption(new Option(flag, help).helpGroup(HEADING));
  const { namespace, name } = DEFAULT_OWN_LEASE;
  command.addOption(
    new Option('--own-lease <namespace/name>', 'Lease by which the operator elects its own leader')
      .argParser(parseOwnLease)
      .default(DEFAULT_OWN_LEASE, `${namespace}/${name}`)
      .helpGroup(HEADING),
  );
}

/** The policy that the flags say; that of an installer who says nothing where they say nothing. */
export function policyFrom(flags: PolicyFlags): InstallerPolicy {
  const { imageRegistry, operandServiceAccount } = flags;
  return {
    serviceAccountName: operandServiceAccount ?? DEFAULT_POLICY.serviceAccountName,
    ...(imageRegistry === undefined ? {} : { imageRegistry }),
    allowedImageRepositories: flags.allowedImageRepository ?? [],
    imageDigest: flags.requireImageDigest ? 'Required' : 'Optional',
    podTemplatePatch: flags.allowPodTemplatePatch ? 'Allowed' : 'Refused',
    envAndVolumes: flags.allowEnvAndVolumes ? 'Allowed' : 'Refused',
    sharedLease: flags.allowSharedLease ? 'Allowed' : 'Refused',
    ownLease: flags.ownLease ?? DEFAULT_OWN_LEASE,
  };
}

function parseOwnLease(text: string): ObjectKey {
  const [namespace, name, ...more] = text.split('/');
  if (!namespace || !name || more.length > 0) {
    throw new InvalidArgumentError('Write it as NAMESPACE/NAME.');
  }
  return { namespace, name };
}
