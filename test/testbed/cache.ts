// The cache outside the checkout: folders named by the hash of all that went into them, made whole or not at all.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Log, withLock } from './run.ts';

/** Where everything built is kept: INGRESS_HA_CACHE, else below the user's cache folder. */
export function cacheFolder(): string {
  const user = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.INGRESS_HA_CACHE || join(user, 'ingress-controller-ha');
}

/** A hash of the words, and of the contents of the files and folders with their names, wherever the checkout is. */
export function hashOf(words: readonly string[], paths: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(words));
  for (const root of paths) {
    for (const path of filesBelow(root)) {
      hash.update(`\0${relative(dirname(root), path)}\0`).update(readFileSync(path));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * The folder `<cache>/<name>`, filled by `fill` if it is not there yet.
 * It is filled under another name and renamed, and one process at a time does so.
 */
export async function cached(
  name: string,
  log: Log,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  return withLock(`${folder}.lock`, log, async () => {
    if (existsSync(folder)) return folder;
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    await fill(unfinished);
    await rename(unfinished, folder);
    return folder;
  });
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}
