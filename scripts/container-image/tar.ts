/** Writes tar files of which every byte follows from the content: no times, no owners, sorted. */
import { readFileSync } from 'node:fs';

/** A thing in a file system; folders on the way to it are added by themselves. */
export type Entry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Buffer;
      /** Default 0o644. */
      readonly mode?: number;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'folder';
      readonly path: string;
      /** Default 0o755. */
      readonly mode?: number;
    };

/** A file of this machine that can be executed, at the same or another path. */
export function fileFrom(source: string, path = source): Entry {
  return { kind: 'file', path, content: readFileSync(source), mode: 0o755 };
}

/** A text file that all may read. */
export function textFile(path: string, text: string): Entry {
  return { kind: 'file', path, content: Buffer.from(text) };
}

/** The tar file in parts, so that what is large is not copied. */
export function* tarParts(entries: readonly Entry[]): Generator<Buffer> {
  for (const entry of withFolders(entries)) {
    yield header(entry);
    if (entry.kind === 'file') {
      yield entry.content;
      yield Buffer.alloc(-entry.content.length & 511);
    }
  }
  yield Buffer.alloc(1024);
}

function withFolders(entries: readonly Entry[]): readonly Entry[] {
  const given = new Map(entries.map((entry) => [clean(entry.path), entry]));
  for (const path of [...given.keys()]) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      if (!given.has(folder)) given.set(folder, { kind: 'folder', path: folder });
    }
  }
  return [...given.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** A ustar header: all times are 0 and all owners root, so that the same content has the same hash. */
function header(entry: Entry): Buffer {
  const types = { file: ['0', 0o644], link: ['2', 0o777], folder: ['5', 0o755] } as const;
  const [type, usualMode] = types[entry.kind];
  const mode = entry.kind === 'link' ? usualMode : (entry.mode ?? usualMode);
  const path = clean(entry.path) + (entry.kind === 'folder' ? '/' : '');
  const link = entry.kind === 'link' ? entry.target : '';
  if (path.length > 100 || link.length > 100)
    throw new Error(`Cannot put ${path} into a tar: too long`);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  const size = entry.kind === 'file' ? entry.content.length : 0;
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12), 100);
  block.write(`        ${type}${link}`, 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const clean = (path: string): string => path.replace(/^\/+|\/+$/g, '');
