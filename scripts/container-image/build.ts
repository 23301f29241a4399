/**
 * The operator's image: Node with its libraries, and the bundle. No shell, no package manager, and
 * nothing that its user may write. Paths are those of distroless, so that scripts/Dockerfile, which
 * builds on that, has the same entrypoint.
 */
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from '../../test/testbed/run.ts';
import { architecture, gzippedLayer, type Settings, writeArchive } from './archive.ts';
import { licenses } from './licenses.ts';
import { type Entry, fileFrom, textFile } from './tar.ts';

export interface ImageOptions {
  /** What scripts/bundle.ts has written. */
  readonly bundleFolder: string;
  /** Where the archive goes; made when missing. */
  readonly outputFolder: string;
  /** The repository, with or without its registry: `localhost/ingress-controller-ha`. */
  readonly name: string;
  readonly tag: string;
}

export interface BuiltImage {
  readonly file: string;
  /** `<name>:<tag>`, as a pod would name it. */
  readonly names: readonly [string];
  /** Of the manifest, `sha256:…`: what a registry will call it. */
  readonly digest: string;
  /** What has to be transferred: all layers, compressed. */
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

const NODE = '/nodejs/bin/node';
export const ENTRYPOINT: readonly string[] = [NODE, '/app/ingress-ha.js'];
/** "nonroot", as in distroless. */
export const USER = '65532:65532';
/** Metrics, and probes. */
export const PORTS: readonly number[] = [8080, 8081];

/** Builds the archive for this machine's architecture; the same content gives the same digest. */
export async function buildImage(options: ImageOptions): Promise<BuiltImage> {
  const { outputFolder, tag } = options;
  const name = `${options.name}:${tag}` as const;
  // Node first: it seldom changes, so that an update of the operator moves the small layer only.
  const layers = await Promise.all([
    gzippedLayer([...(await runtimeFiles()), ...systemFiles()]),
    gzippedLayer([...bundleFiles(options.bundleFolder), ...licenses('/licenses')]),
  ]);
  await mkdir(outputFolder, { recursive: true });
  const file = join(outputFolder, `${archiveName(options)}.tar`);
  const digest = await writeArchive(file, settings(name, tag), layers);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    file,
    names: [name],
    digest,
    compressedBytes: sum(layers.map(({ bytes }) => bytes.length)),
    unpackedBytes: sum(layers.map(({ unpackedBytes }) => unpackedBytes)),
  };
}

/** Of the archive and of what lies beside it, without its ending. */
export function archiveName({ name, tag }: Pick<ImageOptions, 'name' | 'tag'>): string {
  return `${basename(name)}-${tag}-${architecture()}`;
}

/** Node as it runs this script, and the libraries that its loader asks for. */
export async function runtimeFiles(): Promise<readonly Entry[]> {
  if (process.platform !== 'linux') {
    throw new Error(
      `Cannot build the image on ${process.platform}: it takes Node of this machine, so it needs Linux.`,
    );
  }
  const node = realpathSync(process.execPath);
  const libraries = [...(await run('ldd', [node])).matchAll(/(\/\S+)/g)].map(([path]) => path);
  return [fileFrom(node, NODE), ...libraries.map((path) => fileFrom(realpathSync(path), path))];
}

/** What glibc looks up: the user's name, and that /etc/hosts counts. */
function systemFiles(): readonly Entry[] {
  return [
    textFile(
      '/etc/passwd',
      'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n',
    ),
    textFile('/etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    textFile('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
  ];
}

function bundleFiles(folder: string): readonly Entry[] {
  const entry = join(folder, 'ingress-ha.js');
  const files = globSync('**/*', { cwd: folder }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  if (!files.includes('ingress-ha.js')) {
    throw new Error(`Cannot build the image: there is no ${entry}; run npm run bundle first.`);
  }
  return files.map((path) => ({
    kind: 'file',
    path: join('/app', path),
    content: readFileSync(join(folder, path)),
  }));
}

function settings(name: string, tag: string): Settings {
  const label = (key: string) => `org.opencontainers.image.${key}`;
  return {
    names: [name],
    entrypoint: ENTRYPOINT,
    user: USER,
    ports: PORTS,
    labels: {
      [label('title')]: packageJson.name,
      [label('description')]: packageJson.description,
      [label('licenses')]: packageJson.license,
      [label('version')]: tag,
    },
  };
}
