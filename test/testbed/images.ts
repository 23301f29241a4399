// The three images of the testbed: pause, the candidate (stand-in for the controller) and its adc sidecar.
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Image, writeImage } from '../../scripts/container-image/archive.ts';
import { type Entry, fileFrom } from '../../scripts/container-image/tar.ts';
import { cached, hashOf } from './cache.ts';
import { findProgram, requireGo } from './machine.ts';
import { type Log, run } from './run.ts';

const sources = join(import.meta.dirname, '..', 'candidate');
const writers = ['archive.ts', 'tar.ts'].map((name) =>
  join(import.meta.dirname, '..', '..', 'scripts', 'container-image', name),
);

/** The tags of the operator's catalogue, all with the same content, so that tests change the repository only. */
const candidateTags = ['2.0.1', '2.1.0', '2.2.0', 'test'];
const adcTags = ['0.24.2', '0.26.0', '0.27.1', 'test'];

/** What scripts and hooks in the adc container may call; one static busybox under many names. */
const applets = [
  'sh',
  'sleep',
  'kill',
  'wget',
  'nc',
  'cat',
  'echo',
  'ls',
  'id',
  'ps',
  'true',
  'false',
];

/** The folder with one archive an image, built if need be. */
export async function buildImages(log: Log): Promise<string> {
  const hash = hashOf(
    [process.version, process.arch, ...candidateTags, ...adcTags, ...applets],
    [sources, ...writers, import.meta.filename],
  );
  return cached(`images-${hash}`, log, async (folder) => {
    await requireGo();
    log('building the images pause, candidate and candidate-adc');
    const candidate = await buildGo('.', join(folder, 'candidate'));
    const pause = await buildGo('./pause', join(folder, 'pause'));
    await writeImage(join(folder, 'pause.tar'), pauseImage(pause));
    await writeImage(join(folder, 'candidate.tar'), candidateImage(candidate));
    await writeImage(join(folder, 'candidate-adc.tar'), await adcImage());
    for (const binary of [candidate, pause]) await rm(binary);
  });
}

async function buildGo(path: string, output: string): Promise<string> {
  await run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', output, path], {
    cwd: sources,
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
  });
  return output;
}

const pauseImage = (binary: string): Image => ({
  names: ['localhost/pause:1'],
  entries: [fileFrom(binary, '/pause')],
  entrypoint: ['/pause'],
  user: '65532:65532',
});

const candidateImage = (binary: string): Image => ({
  names: candidateTags.map((tag) => `localhost/candidate:${tag}`),
  entries: [
    fileFrom(binary, '/app/apisix-ingress-controller'),
    { kind: 'folder', path: '/app/conf' },
    { kind: 'folder', path: '/tmp', mode: 0o1777 },
  ],
  entrypoint: ['/app/apisix-ingress-controller'],
  command: ['-c', '/app/conf/config.yaml'],
  user: '65532:65532',
});

/** Root unless the pod says otherwise, a shell, and a Node with its libraries: like the real sidecar's image. */
async function adcImage(): Promise<Image> {
  const node = realpathSync(process.execPath);
  const libraries = [...(await run('ldd', [node])).matchAll(/(\/\S+)/g)].map(([path]) => path);
  const busybox = findProgram('busybox');
  if (!busybox)
    throw new Error('Cannot build the image candidate-adc: there is no busybox-static.');
  const entries: readonly Entry[] = [
    fileFrom(node, '/usr/local/bin/node'),
    ...libraries.map((path) => fileFrom(realpathSync(path), path)),
    fileFrom(realpathSync(busybox), '/bin/busybox'),
    ...applets.map((name): Entry => ({ kind: 'link', path: `/bin/${name}`, target: 'busybox' })),
    fileFrom(join(sources, 'adc', 'main.cjs'), '/adc/main.cjs'),
    { kind: 'folder', path: '/tmp', mode: 0o1777 },
  ];
  return {
    names: adcTags.map((tag) => `localhost/candidate-adc:${tag}`),
    entries,
    entrypoint: ['node', '/adc/main.cjs'],
  };
}
