/**
 * The controller versions we know, as data, and the images that follow from it. A version outside the
 * catalogue runs only with images that the resource names itself (desired/check/check.ts).
 */
import type { Distribution, Ha, ImageSettings } from '../api/ha.ts';
import type { InstallerPolicy } from './installer.ts';
import { inRegistry } from './pod/image-name.ts';

/** One version of the controller. */
export interface CatalogueEntry {
  /** What `spec.controller.version` says. */
  readonly version: string;
  readonly managerTag: string;
  /** Tag of the sidecar that belongs to this version. */
  readonly adcTag: string;
  /** Oldest sidecar with which this version works in full. */
  readonly minimumAdc: string;
  readonly minimumKubernetes: string;
  /** Whether the binary knows `listener_port_match_mode`. */
  readonly listenerPortMatchMode: 'Known' | 'Unknown';
  /**
   * Whether a leader may come back with provider APISIXStandalone: before 2.2.0 its sidecar still
   * holds the old baseline then, and APISIX rejects every push.
   */
  readonly standaloneFailover: 'Safe' | 'Unsafe';
}

/** Oldest first. */
export const CATALOGUE: readonly [CatalogueEntry, ...CatalogueEntry[]] = [
  {
    version: '2.0.1',
    managerTag: '2.0.1',
    adcTag: '0.24.2',
    minimumAdc: '0.23.1',
    minimumKubernetes: '1.26.0',
    listenerPortMatchMode: 'Unknown',
    standaloneFailover: 'Unsafe',
  },
  {
    version: '2.1.0',
    managerTag: '2.1.0',
    adcTag: '0.26.0',
    minimumAdc: '0.26.0',
    minimumKubernetes: '1.26.0',
    listenerPortMatchMode: 'Known',
    standaloneFailover: 'Unsafe',
  },
  {
    version: '2.2.0',
    managerTag: '2.2.0',
    adcTag: '0.27.1',
    minimumAdc: '0.27.0',
    minimumKubernetes: '1.31.0',
    listenerPortMatchMode: 'Known',
    standaloneFailover: 'Safe',
  },
];

/** First sidecar that rebuilds its baseline when APISIX in standalone mode refuses a push. */
const STANDALONE_SAFE_ADC = '0.27.0';

const MANAGER_REPOSITORY: Readonly<Record<Distribution, string>> = {
  APISIX: 'apache/apisix-ingress-controller',
  API7: 'api7/api7-ingress-controller',
};
const ADC_REPOSITORY = 'ghcr.io/api7/adc';

/** The repositories that every resource may name. */
export const KNOWN_REPOSITORIES: readonly string[] = [
  MANAGER_REPOSITORY.APISIX,
  MANAGER_REPOSITORY.API7,
  ADC_REPOSITORY,
];

/** The entry of exactly this version, if the catalogue has it. */
export function catalogueEntry(version: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.version === version);
}

/**
 * The entry that tells how a version behaves: its own, or that of the newest listed version before it.
 * What does not look like a version is taken for newer than all.
 */
export function nearestEntry(version: string): CatalogueEntry {
  const before = CATALOGUE.filter((entry) => !isOlder(version, entry.version));
  return before.at(-1) ?? CATALOGUE[0];
}

/** The two images of the pods, as the kubelet pulls them. */
export interface Images {
  readonly manager: string;
  readonly adc: string;
}

/** What the resource says, else the catalogue; a digest wins over a tag, the mirror over any registry. */
export function resolveImages(ha: Ha, policy: InstallerPolicy): Images {
  const { distribution, version, manager, adc } = ha.controller;
  const entry = catalogueEntry(version);
  const managerDefault = {
    repository: MANAGER_REPOSITORY[distribution],
    tag: entry?.managerTag ?? version,
  };
  const adcDefault = { repository: ADC_REPOSITORY, tag: nearestEntry(version).adcTag };
  return {
    manager: imageReference({ ...managerDefault, ...manager.image }, policy),
    adc: imageReference({ ...adcDefault, ...adc.image }, policy),
  };
}

/** Whether leadership may return to a pod that led before: false is the condition reason VersionUnsafe. */
export function failoverIsSafe(ha: Ha): boolean {
  if (ha.controller.config.provider.type !== 'APISIXStandalone') return true;
  const entry = nearestEntry(ha.controller.version);
  const adcTag = ha.controller.adc.image.tag ?? entry.adcTag;
  return entry.standaloneFailover === 'Safe' && !isOlder(adcTag, STANDALONE_SAFE_ADC);
}

/** True when both look like versions and the first is older. Suffixes such as `-rc1` are not compared. */
export function isOlder(version: string, other: string): boolean {
  const [a, b] = [versionNumbers(version), versionNumbers(other)];
  if (a === undefined || b === undefined) return false;
  for (const [index, number] of a.entries()) {
    const difference = number - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Major, minor and patch; undefined for text that does not begin with them. */
export function versionNumbers(version: string): readonly number[] | undefined {
  const match = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?![\d.])/.exec(version);
  return match?.slice(1).map(Number);
}

function imageReference(
  image: Omit<ImageSettings, 'pullPolicy'> & { readonly repository: string },
  policy: InstallerPolicy,
): string {
  const { imageRegistry } = policy;
  const repository =
    imageRegistry === undefined ? image.repository : inRegistry(image.repository, imageRegistry);
  return image.digest === undefined
    ? `${repository}:${image.tag}`
    : `${repository}@${image.digest}`;
}
