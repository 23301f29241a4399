/** The operator's image as scripts/image builds it, made of the bundle that is tested, once a run. */
import { statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildImage } from '../../../scripts/container-image/build.ts';
import { withLock } from '../../testbed/run.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { bundle } from './operator.ts';

export const OPERATOR_IMAGE = { repository: 'localhost/ingress-controller-ha', tag: '0.1.0' };

/** Brings the image to the testbed's node. Test files that run at the same time share one archive. */
export async function loadOperatorImage(testbed: Testbed): Promise<void> {
  const archive = await operatorImage();
  await testbed.inside(['ctr', '--namespace', 'k8s.io', 'images', 'import', archive]);
}

async function operatorImage(): Promise<string> {
  const bundleFolder = dirname(bundle());
  const archive = `${bundleFolder}.image.tar`;
  return withLock(
    `${archive}.lock`,
    () => {},
    async () => {
      if (isNewer(archive, bundle())) return archive;
      const outputFolder = await mkdtemp(`${bundleFolder}.image-`);
      const { repository: name, tag } = OPERATOR_IMAGE;
      const built = await buildImage({ bundleFolder, outputFolder, name, tag });
      await rename(built.file, archive);
      await rm(outputFolder, { recursive: true });
      return archive;
    },
  );
}

function isNewer(file: string, than: string): boolean {
  const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && made > statSync(than).mtimeMs;
}
