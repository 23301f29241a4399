/** What whoever installs the operator decides for everyone who may create a resource. */
export interface InstallerPolicy {
  /** Account of the controller's pods; it exists in every served namespace. */
  readonly serviceAccountName: string;
  /** Mirror that replaces the registry of every image, for example "registry.example:5000". */
  readonly imageRegistry?: string;
  /** Repositories that the resource may name; the catalogue's own are always allowed. */
  readonly allowedImageRepositories: readonly string[];
  readonly imageDigest: 'Required' | 'Optional';
  readonly podTemplatePatch: 'Allowed' | 'Refused';
  /** Both `env` and `volumes`/`volumeMounts`. */
  readonly envAndVolumes: 'Allowed' | 'Refused';
}
