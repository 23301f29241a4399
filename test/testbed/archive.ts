// Writes container images without an engine: one layer, one config, in the format of `docker save`.
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A thing in an image's file system; folders on the way to it are added by themselves. */
export type Entry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly content: Buffer;
      readonly mode?: number;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'folder'; readonly path: string; readonly mode?: number };

export interface Image {
  /** Every name the image shall have, `localhost/name:tag`. */
  readonly names: readonly string[];
  readonly entries: readonly Entry[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  /** Who runs it; absent means root, as in images that set no USER. */
  readonly user?: string;
}

/** A file of this machine, at the same or another path in the image. */
export function fileFrom(source: string, path = source): Entry {
  return { kind: 'file', path, content: readFileSync(source), mode: 0o755 };
}

/** Writes the archive, ready for `ctr images import`. */
export async function writeImage(file: string, image: Image): Promise<void> {
  const layer = tar(withFolders(image.entries));
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: {
        Entrypoint: image.entrypoint,
        ...(image.command && { Cmd: image.command }),
        ...(image.user && { User: image.user }),
        Env: ['PATH=/usr/local/bin:/usr/bin:/bin'],
      },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify([
      { Config: `${sha256(config)}.json`, RepoTags: image.names, Layers: ['layer.tar'] },
    ]),
  );
  const parts = tarParts([
    { kind: 'file', path: 'layer.tar', content: Buffer.concat(layer) },
    { kind: 'file', path: `${sha256(config)}.json`, content: config },
    { kind: 'file', path: 'manifest.json', content: manifest },
  ]);
  await pipeline(Readable.from(parts), createWriteStream(file));
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

const tar = (entries: readonly Entry[]): readonly Buffer[] => [...tarParts(entries)];

function* tarParts(entries: readonly Entry[]): Generator<Buffer> {
  for (const entry of entries) {
    yield header(entry);
    if (entry.kind === 'file') {
      yield entry.content;
      yield Buffer.alloc(-entry.content.length & 511);
    }
  }
  yield Buffer.alloc(1024);
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

function sha256(content: Buffer | readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of Array.isArray(content) ? content : [content]) hash.update(part);
  return hash.digest('hex');
}
