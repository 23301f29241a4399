/** The files that -f names, as kubectl finds them, each read with a limit. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, readFileSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What was found at a path: a file to read, or why there is none. */
export type FoundFile =
  | {
      readonly kind: 'file';
      readonly file: string;
      /** Where it really lies, whatever links lead there. */
      readonly identity: string;
    }
  | { readonly kind: 'unread'; readonly file: string; readonly message: string };

/** What a file says: its text, a text that nobody could read, or why it could not be had at all. */
export type ReadFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unread'; readonly message: string };

export const STDIN = '-';

/** What the API server takes at once, in bytes: 3 MiB. No file of one resource comes near. */
const MAX_BYTES = 3 * 1024 * 1024;

const NOT_UTF8: ReadFile = {
  kind: 'refused',
  message: 'It is not UTF-8: save it in that encoding',
};

const EXTENSIONS = /\.(ya?ml|json)$/;

/**
 * Each file once, in the order of the paths and by name within a folder. A link to a folder is followed
 * where it is named itself, and nowhere below, so no loop of links is ever entered.
 */
export async function* findFiles(
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): AsyncGenerator<FoundFile, void, undefined> {
  const seen = new Set<string>();
  for (const path of paths) {
    for await (const found of at(path, recursive)) {
      const identity = found.kind === 'file' ? found.identity : found.file;
      if (!seen.has(identity)) yield found;
      seen.add(identity);
    }
  }
}

/** The text of a file. */
export async function readSource(
  file: string,
  readStdin: () => Promise<string>,
): Promise<ReadFile> {
  try {
    return file === STDIN ? checkedText(await readStdin()) : checked(await bytesOf(file));
  } catch (error) {
    return { kind: 'unread', message: whyUnread(error) };
  }
}

async function* at(path: string, recursive: boolean): AsyncGenerator<FoundFile, void, undefined> {
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
): AsyncGenerator<FoundFile, void, undefined> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder.path, entry.name);
    const identity = join(folder.identity, entry.name);
    if (entry.isDirectory()) {
      if (recursive) yield* subfolder({ path, identity });
    } else if (EXTENSIONS.test(entry.name)) {
      yield* entry.isFile()
        ? [{ kind: 'file', file: path, identity } as const]
        : await behind(path);
    }
  }
}

/** One that can't be read does not keep the others from being read. */
async function* subfolder(folder: Folder): AsyncGenerator<FoundFile, void, undefined> {
  try {
    yield* inFolder(folder, true);
  } catch (error) {
    yield { kind: 'unread', file: folder.path, message: whyUnread(error) };
  }
}

/** A link to a file, as a mounted ConfigMap has them; sockets and pipes would never end. */
async function behind(path: string): Promise<readonly FoundFile[]> {
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

/** At most one byte more than is allowed. */
async function bytesOf(file: string): Promise<Buffer> {
  const facts = await stat(file);
  // Not for the thread pool: of a thousand small files, most of the time would be spent on the way there.
  if (facts.isFile() && facts.size <= MAX_BYTES) return readFileSync(file);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { end: MAX_BYTES })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function checked(bytes: Buffer): ReadFile {
  if (bytes.length > MAX_BYTES) {
    return {
      kind: 'refused',
      message: `It has more than ${MAX_BYTES / 1024 / 1024} MiB, which no API server takes: split it`,
    };
  }
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return { kind: 'text', text };
  return NOT_UTF8;
}

/** Of bytes that were no UTF-8, only the mark is left that stands for them. */
function checkedText(text: string): ReadFile {
  return text.includes('\uFFFD') ? NOT_UTF8 : checked(Buffer.from(text));
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENOTDIR: 'a part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
};

function whyUnread(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return SENTENCES[code ?? ''] ?? error.message;
}
