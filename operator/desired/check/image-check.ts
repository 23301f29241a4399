/** Which images the resource may name, for containers and as volumes: the catalogue's repositories and those that the installer adds. */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { isObject } from '../../base/read.ts';
import { KNOWN_REPOSITORIES } from '../catalogue.ts';
import type { InstallerPolicy } from '../installer.ts';
import { fullRepository, repositoryOf } from '../pod/image-name.ts';
import { addedContainers, addedVolumes } from './pod-additions.ts';

/** Images outside the allowed repositories, and images without a digest where one is required. */
export function imageErrors(ha: Ha, policy: InstallerPolicy): readonly TerminalError[] {
  return namedImages(ha)
    .flatMap((image) => problemsOf(image, policy))
    .map((message) => ({ reason: 'ImageRefused', message }));
}

interface NamedImage {
  /** Field of the resource. */
  readonly field: string;
  /** Undefined: the catalogue's. */
  readonly repository: string | undefined;
  readonly hasDigest: boolean;
}

function namedImages(ha: Ha): readonly NamedImage[] {
  const { manager, adc } = ha.controller;
  return [
    ...Object.entries({ manager, adc }).map(([container, { image }]) => ({
      field: `spec.controller.${container}.image`,
      repository: image.repository,
      hasDigest: image.digest !== undefined,
    })),
    ...addedContainers(ha).map(({ name, image }) =>
      addedImage(`spec.podTemplatePatch: the image of container "${String(name)}"`, image),
    ),
    ...Object.entries(addedVolumes(ha)).flatMap(([field, volumes]) =>
      volumes.flatMap(({ name, image }) =>
        isObject(image)
          ? [addedImage(`${field}: the image of volume "${String(name)}"`, image.reference)]
          : [],
      ),
    ),
  ];
}

function addedImage(field: string, image: unknown): NamedImage {
  const reference = typeof image === 'string' ? image : '';
  return { field, repository: repositoryOf(reference), hasDigest: reference.includes('@') };
}

function problemsOf(
  { field, repository, hasDigest }: NamedImage,
  policy: InstallerPolicy,
): readonly string[] {
  const problems: string[] = [];
  if (repository !== undefined && !isAllowed(repository, policy)) {
    problems.push(
      `${field} names repository "${repository}", which whoever installed the operator does not allow: name an allowed one, or have it added to the operator's allowed image repositories.`,
    );
  }
  if (policy.imageDigest === 'Required' && !hasDigest) {
    problems.push(
      `${field} has no digest, but whoever installed the operator requires one: pin the image by its digest.`,
    );
  }
  return problems;
}

function isAllowed(repository: string, policy: InstallerPolicy): boolean {
  const allowed = [...KNOWN_REPOSITORIES, ...policy.allowedImageRepositories];
  return allowed.map(fullRepository).includes(fullRepository(repository));
}
