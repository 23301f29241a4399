// A testbed's cgroup, in every hierarchy of the machine: the kubelet needs it to exist, and leaves it full of folders.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const mountPoint = '/sys/fs/cgroup';

/** Makes the cgroup; under version 1 also copies what a cpuset may not be without. */
export async function makeCgroup(id: string): Promise<void> {
  for (const hierarchy of hierarchies()) {
    const folder = join(hierarchy, id);
    await mkdir(folder, { recursive: true });
    for (const setting of ['cpuset.mems', 'cpuset.cpus']) {
      if (hierarchy.endsWith('/cpuset')) {
        await writeFile(join(folder, setting), await readFile(join(hierarchy, setting)));
      }
    }
  }
}

/** Removes the cgroup and all below it; the last processes may need a moment to be gone. */
export async function removeCgroup(id: string): Promise<void> {
  for (const hierarchy of hierarchies()) await removeTree(join(hierarchy, id));
}

function hierarchies(): readonly string[] {
  if (existsSync(join(mountPoint, 'cgroup.controllers'))) return [mountPoint];
  return readdirSync(mountPoint, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(mountPoint, entry.name));
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(folder);
    } catch (cause) {
      if (!existsSync(folder)) return;
      if (attempt === 100) throw new Error(`Cannot remove the cgroup ${folder}`, { cause });
      await sleep(50);
    }
  }
}
