import type { ObjectKey } from '../base/kube-object.ts';

/** What whoever installs the operator decides for everyone who may create a resource. */
export interface InstallerPolicy {
  /** Account of the controller's pods; it exists in every served namespace. */
  readonly serviceAccountName: string;
  /** Mirror that replaces the registry of the controller's images, not of added ones, for example "registry.example:5000". */
  readonly imageRegistry?: string;
  /** Repositories that the resource may name; the catalogue's own are always allowed. */
  readonly allowedImageRepositories: readonly string[];
  readonly imageDigest: 'Required' | 'Optional';
  /** Inherited keys that may reach pods: whole ones, or those of a domain as `example.com/*`. */
  readonly allowedPodMetadata: readonly string[];
  readonly podTemplatePatch: 'Allowed' | 'Refused';
  /** Both `env` and `volumes`/`volumeMounts`. */
  readonly envAndVolumes: 'Allowed' | 'Refused';
  /** `leaderElection.existingLease: Share`: to take part in an election that is not ours. */
  readonly sharedLease: 'Allowed' | 'Refused';
  /** The Lease by which the operator elects its own leader: no resource may use it. Missing: not known. */
  readonly ownLease?: ObjectKey;
}

/** Account that the controller's pods use unless the installer names another one. */
export const DEFAULT_OPERAND_ACCOUNT = 'ingress-controller-ha-controller';

/** The policy without any setting: known images only, and no way to run code of one's own. */
export const DEFAULT_POLICY: InstallerPolicy = {
  serviceAccountName: DEFAULT_OPERAND_ACCOUNT,
  allowedImageRepositories: [],
  imageDigest: 'Optional',
  allowedPodMetadata: [],
  podTemplatePatch: 'Refused',
  envAndVolumes: 'Refused',
  sharedLease: 'Refused',
};
