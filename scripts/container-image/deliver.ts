/** Brings a built image to where it will run: into a registry, or into a containerd of this machine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../test/testbed/machine.ts';
import { run } from '../../test/testbed/run.ts';
import { openTestbed } from '../../test/testbed/testbed.ts';

export interface Pusher {
  readonly program: string;
  /** Pushes the archive under the name that it has. */
  readonly push: (file: string, name: string) => Promise<unknown>;
}

/** The first that is installed is used. Only docker gives the image another digest. */
const PUSHERS: readonly Pusher[] = [
  { program: 'crane', push: pushWithCrane },
  {
    program: 'skopeo',
    push: (file, name) => run('skopeo', ['copy', `oci-archive:${file}`, `docker://${name}`]),
  },
  {
    program: 'docker',
    push: async (file, name) => {
      await run('docker', ['load', '--input', file]);
      await run('docker', ['push', name]);
    },
  },
];

/** Who can push the archive under that name; throws one sentence when it cannot be pushed from here. */
export function findPusher(file: string, name: string): Pusher {
  if (!/^([^/]+[.:][^/]*|localhost)\//.test(name)) {
    throw new Error(
      `Cannot push ${name}: it names no registry; give one, such as --name registry.example/team/ingress-controller-ha.`,
    );
  }
  const pusher = PUSHERS.find(({ program }) => findProgram(program) !== undefined);
  if (pusher === undefined) {
    throw new Error(
      `Cannot push ${name}: none of crane, skopeo and docker is on the PATH; install one of them, or build without --push and run where there is one: skopeo copy oci-archive:${file} docker://${name}`,
    );
  }
  return pusher;
}

/** As a folder: of an archive crane reads docker's part only, and makes another manifest from it. */
async function pushWithCrane(file: string, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-push-'));
  try {
    await run('tar', ['-xf', file, '-C', folder]);
    await run('crane', ['push', folder, name]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Imports the archive where the kubelet looks: of the named testbed, else of this machine. */
export async function load(file: string, testbedName?: string): Promise<void> {
  const [program, ...args] = ['ctr', '--namespace', 'k8s.io', 'images', 'import', file] as const;
  if (testbedName === undefined) {
    await run(program, args);
    return;
  }
  const testbed = await openTestbed(testbedName);
  if (testbed === undefined) {
    throw new Error(`Cannot load ${file} into testbed "${testbedName}": it is not up.`);
  }
  await testbed.inside([program, ...args]);
}
