/** `scripts/image`: bundle, archive and bill of materials; then load or push what was built. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from '../../test/testbed/run.ts';
import { architecture } from './archive.ts';
import { archiveName, type BuiltImage, buildImage } from './build.ts';
import { findPusher, load } from './deliver.ts';
import { billOfMaterials } from './sbom.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const HELP = `Usage: scripts/image [options]

Builds the operator's container image for this machine's architecture (${architecture()}), without a container
engine, and its bill of materials beside it (*.cdx.json).

  --output FOLDER    where both go (default .tmp/image in the checkout, which git ignores)
  --name REPOSITORY  its name (default ${packageJson.name})
  --tag TAG          its tag (default ${packageJson.version})
  --load             import it into this machine's containerd, for Kubernetes (needs ctr and root)
  --testbed NAME     import it into that testbed instead: the one of scripts/cluster up
  --push             push it to the registry in its name, with crane, skopeo or docker
  --help             this text
`;

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

async function main(): Promise<number> {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { name, tag, output: outputFolder } = options;
  const base = join(outputFolder, archiveName({ name, tag }));
  // Before the work, so that nobody waits for a push that cannot be.
  const pusher = options.push ? findPusher(`${base}.tar`, `${name}:${tag}`) : undefined;

  const startedAtMs = performance.now();
  const [image] = await Promise.all([
    build({ name, tag, outputFolder }),
    writeBom(outputFolder, `${base}.cdx.json`),
  ]);
  tell(image, `${base}.cdx.json`, (performance.now() - startedAtMs) / 1000);

  if (options.load || options.testbed !== undefined) {
    await load(image.file, options.testbed);
    process.stdout.write(`Loaded ${image.names[0]}\n`);
  }
  if (pusher !== undefined) {
    await pusher.push(image.file, image.names[0]);
    process.stdout.write(`Pushed ${image.names[0]} with ${pusher.program}\n`);
  }
  return 0;
}

function parseOptions() {
  const { values } = parseArgs({
    options: {
      output: { type: 'string', default: join(ROOT, '.tmp', 'image') },
      name: { type: 'string', default: packageJson.name },
      tag: { type: 'string', default: packageJson.version },
      load: { type: 'boolean', default: false },
      testbed: { type: 'string' },
      push: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, output: resolve(values.output) };
}

/** From a bundle of its own, since whoever works in the checkout meanwhile may build another one. */
async function build(options: {
  readonly name: string;
  readonly tag: string;
  readonly outputFolder: string;
}): Promise<BuiltImage> {
  const bundleFolder = await mkdtemp(join(tmpdir(), 'ingress-ha-image-'));
  try {
    await run(process.execPath, ['scripts/bundle.ts', bundleFolder], { cwd: ROOT });
    return await buildImage({ ...options, bundleFolder });
  } finally {
    await rm(bundleFolder, { recursive: true, force: true });
  }
}

async function writeBom(folder: string, file: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(file, await billOfMaterials());
}

function tell(image: BuiltImage, bom: string, seconds: number): void {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(
    `${image.names[0]} in ${seconds.toFixed(1)} s: ${megabytes(image.compressedBytes)} compressed, ${megabytes(image.unpackedBytes)} unpacked
  ${image.file}
  ${bom}
  ${image.digest}
`,
  );
}
