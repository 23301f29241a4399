/** Reads image archives as their users do: by the OCI index, by docker's manifest, and unpacked. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../testbed/run.ts';

export interface Unpacked {
  /** The image's file system. */
  readonly root: string;
  /** The part of the configuration that says how to run it. */
  readonly config: {
    readonly Entrypoint: readonly string[];
    readonly User: string;
    readonly WorkingDir: string;
    readonly ExposedPorts: object;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly files: readonly PackedFile[];
  readonly layers: number;
}

export interface PackedFile {
  /** Without the slash at its beginning. */
  readonly path: string;
  /** As `ls -l` writes it: `-rwxr-xr-x`. */
  readonly mode: string;
  /** By number: `0/0`. */
  readonly owner: string;
}

interface Descriptor {
  readonly digest: string;
}

/** Unpacks the archive below the folder, and checks on the way that all its parts fit together. */
export async function unpack(archive: string, folder: string): Promise<Unpacked> {
  const [layout, root] = [join(folder, 'layout'), join(folder, 'root')];
  await Promise.all([layout, root].map((path) => mkdir(path, { recursive: true })));
  await run('tar', ['-xf', archive, '-C', layout]);
  const blob = ({ digest }: Descriptor) => join('blobs', digest.replace(':', '/'));
  const read = (path: string) => JSON.parse(readFileSync(join(layout, path), 'utf8'));

  checkBlobs(join(layout, 'blobs', 'sha256'));
  const [described] = read('index.json').manifests;
  const manifest: { config: Descriptor; layers: Descriptor[] } = read(blob(described));
  const [forDocker] = read('manifest.json');
  assert.equal(forDocker.Config, blob(manifest.config), 'docker finds the same configuration');
  assert.deepEqual(forDocker.Layers, manifest.layers.map(blob), 'docker finds the same layers');

  const files: PackedFile[] = [];
  for (const layer of manifest.layers) {
    const file = join(layout, blob(layer));
    await run('tar', ['-xzf', file, '-C', root]);
    files.push(...listed(await run('tar', ['--numeric-owner', '-tvzf', file])));
  }
  await chmod(root, 0o755); // `/` of a container is open to all, a temporary folder is not
  return {
    root,
    config: read(blob(manifest.config)).config,
    files,
    layers: manifest.layers.length,
  };
}

function checkBlobs(folder: string): void {
  for (const name of readdirSync(folder)) {
    const hash = createHash('sha256').update(readFileSync(join(folder, name)));
    assert.equal(hash.digest('hex'), name, 'a blob is named by its content');
  }
}

function listed(output: string): readonly PackedFile[] {
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/);
      return { path, mode, owner };
    });
}
