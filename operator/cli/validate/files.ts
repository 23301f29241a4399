/** The files that -f names, as kubectl finds them. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { whyUnread } from './file-errors.ts';

/** An entry at a path: a file to read, or why there is none. */
type FileEntry =
  | {
      readonly kind: 'file';
      readonly file: string;
      /** Where it really lies, whatever links lead there. */
      readonly identity: string;
    }
  | { readonly kind: 'unread'; readonly file: string; readonly message: string };

/** The path that means standard input. */
export const STDIN = '-';

const EXTENSIONS = /\.(ya?ml|json)$/;

/**
 * Each file once, in the order of the paths and by name within a folder. A link to a folder is followed
 * where it is named itself, and nowhere below, so no loop of links is ever entered.
 */
export async function* findFiles(
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): AsyncGenerator<FileEntry, void, undefined> {
  const seen = new Set<string>();
  for (const path of paths) {
    for await (const entry of entriesAt(path, recursive)) {
      const identity = entry.kind === 'file' ? entry.identity : entry.file;
      if (!seen.has(identity)) yield entry;
      seen.add(identity);
    }
  }
}

async function* entriesAt(
  path: string,
  recursive: boolean,
): AsyncGenerator<FileEntry, void, undefined> {
  if (path === STDIN) {
    yield { kind: 'file', file: path, identity: path };
    return;
  }
  try {
    const isFolder = (await stat(path)).isDirectory();
    const identity = await identityOf(path);
    if (isFolder) yield* inFolder({ path, identity }, recursive);
    else yield { kind: 'file', file: path, identity };
  } catch (error) {
    yield { kind: 'unread', file: path, message: whyUnread(error) };
  }
}

interface Folder {
  readonly path: string;
  readonly identity: string;
}

async function* inFolder(
  folder: Folder,
  recursive: boolean,
): AsyncGenerator<FileEntry, void, undefined> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder.path, entry.name);
    const identity = join(folder.identity, entry.name);
    if (entry.isDirectory()) {
      if (recursive) yield* subfolder({ path, identity });
    } else if (EXTENSIONS.test(entry.name)) {
      yield* entry.isFile()
        ? [{ kind: 'file', file: path, identity } as const]
        : await linkTarget(path);
    }
  }
}

/** A folder that cannot be read is an entry of its own, and the others are still read. */
async function* subfolder(folder: Folder): AsyncGenerator<FileEntry, void, undefined> {
  try {
    yield* inFolder(folder, true);
  } catch (error) {
    yield { kind: 'unread', file: folder.path, message: whyUnread(error) };
  }
}

/** A link to a file, as a mounted ConfigMap has them; sockets and pipes would never end. */
async function linkTarget(path: string): Promise<readonly FileEntry[]> {
  try {
    if (!(await stat(path)).isFile()) return [];
    return [{ kind: 'file', file: path, identity: await identityOf(path) }];
  } catch (error) {
    return [{ kind: 'unread', file: path, message: whyUnread(error) }];
  }
}

async function identityOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path; // a pipe of the shell has no path; that it can be read is for the reader to see
  }
}
