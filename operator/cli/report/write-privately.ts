/** Files that only their owner may read: a report is about a cluster. */
import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { getSystemErrorMessage } from 'node:util';

/** Readable and writable by the owner only. */
const FILE_MODE = 0o600;

/**
 * Writes by way of a new file beside it, since an old one would keep its mode; a device or a pipe is written to directly.
 * Rejects with the system's error, and leaves nothing behind then.
 */
export async function writePrivately(path: string, text: string): Promise<void> {
  const old = await stat(path).catch(() => undefined);
  if (old !== undefined && !old.isFile()) return writeFile(path, text);
  const target = old === undefined ? path : await realpath(path);
  const beside = `${target}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { mode: FILE_MODE, flag: 'wx' });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The system's words for an error, without the path, which may be that of the new file. */
export function systemErrorText(error: unknown): string {
  const { errno, message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
