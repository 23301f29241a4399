/** The operator's image as scripts/image builds it: what is in it, and that it starts as nobody. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { type BuiltImage, buildImage } from '../../scripts/container-image/build.ts';
import { findPusher } from '../../scripts/container-image/deliver.ts';
import { billOfMaterials } from '../../scripts/container-image/sbom.ts';
import { run } from '../testbed/run.ts';
import { type Unpacked, unpack } from './image-archive.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COMPRESSED_LIMIT_BYTES = 60e6;
/** Everything that may be in the image. */
const EXPECTED = [
  /^nodejs\/bin\/node$/,
  /^(usr\/)?lib(64)?\/([\w-]+\/)?[\w.+-]+\.so(\.\d+)*$/,
  /^etc\/(passwd|group|nsswitch\.conf)$/,
  /^app\/ingress-ha\.js$/,
  /^app\/(chunks\/)?[\w-]+\.js(\.LEGAL\.txt)?$/,
  /^licenses\/(LICENSE|THIRD-PARTY\.txt)$/,
];

let folder: string;
let bundleFolder: string;
let image: BuiltImage;
let unpacked: Unpacked;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingress-ha-image-test-'));
  bundleFolder = process.env.E2E_BUNDLE || (await bundled());
  image = await built(bundleFolder, 'first');
  unpacked = await unpack(image.file, folder);
});
after(() => rm(folder, { recursive: true, force: true }));

test('is at most 60 MB to transfer, in two layers', () => {
  assert.ok(image.compressedBytes <= COMPRESSED_LIMIT_BYTES, `${image.compressedBytes} bytes`);
  assert.equal(unpacked.layers, 2);
});

test('has Node, its libraries, the bundle and licences, and nothing else', () => {
  const files = unpacked.files.filter(({ mode }) => !mode.startsWith('d'));
  const unexpected = files.filter(({ path }) => !EXPECTED.some((pattern) => pattern.test(path)));
  const missing = EXPECTED.filter((pattern) => !files.some(({ path }) => pattern.test(path)));

  assert.deepEqual({ unexpected, missing }, { unexpected: [], missing: [] });
});

test('has nothing that its user could write', () => {
  const writable = unpacked.files.filter(
    ({ mode, owner }) => owner !== '0/0' || /^.{5}w|^.{8}w/.test(mode),
  );

  assert.deepEqual(writable, []);
});

test('says who runs it, how, and what it is', () => {
  const { Entrypoint, User, WorkingDir, ExposedPorts, Labels } = unpacked.config;

  assert.deepEqual(Entrypoint, ['/nodejs/bin/node', '/app/ingress-ha.js']);
  assert.equal(User, '65532:65532');
  assert.equal(WorkingDir, '/');
  assert.deepEqual(Object.keys(ExposedPorts), ['8080/tcp', '8081/tcp']);
  assert.equal(Labels['org.opencontainers.image.title'], packageJson.name);
  assert.equal(Labels['org.opencontainers.image.licenses'], packageJson.license);
});

test('starts from its own files alone, without root', async () => {
  const { root, config } = unpacked;
  const become =
    process.getuid?.() === 0
      ? ['chroot', `--userspec=${config.User}`, root]
      : ['unshare', '--map-root-user', `--root=${root}`];
  const [program = '', ...args] = [...become, ...config.Entrypoint, '--version'];

  const output = await run(program, args, { env: { PATH: process.env.PATH ?? '' } });

  assert.equal(output, `${packageJson.version}\n`);
});

test('is the same, byte by byte, when it is built again from newer files', async () => {
  const copy = join(folder, 'bundle-copy');
  await cp(bundleFolder, copy, { recursive: true });

  const again = await built(copy, 'second');

  assert.equal(again.digest, image.digest);
});

test('carries the licence of every package that package.json names', async () => {
  const text = await readFile(join(unpacked.root, 'licenses', 'THIRD-PARTY.txt'), 'utf8');

  for (const [name, version] of Object.entries(packageJson.dependencies)) {
    assert.ok(text.includes(`==== ${name} ${version}: `), name);
  }
  assert.match(text, /Node\.js is licensed for use as follows/);
});

test('has a bill of materials with the runtime packages and no other', async () => {
  const bom = JSON.parse(await billOfMaterials());
  const refs = new Set(bom.components.map((it: { 'bom-ref': string }) => it['bom-ref']));
  const asRefs = (packages: object) => Object.entries(packages).map((entry) => entry.join('@'));

  assert.deepEqual(
    asRefs(packageJson.dependencies).filter((ref) => !refs.has(ref)),
    [],
  );
  assert.deepEqual(
    asRefs(packageJson.devDependencies).filter((ref) => refs.has(ref)),
    [],
  );
  assert.ok(refs.has('/nodejs/bin/node'));
  assert.equal(bom.metadata.component.name, packageJson.name);
  assert.deepEqual([bom.serialNumber, bom.metadata.timestamp], [undefined, undefined]);
});

test('is pushed by the first of crane, skopeo and docker that is there', async () => {
  const name = 'registry.example/team/ha:1';
  const programOn = (path: string) => withPath(path, () => findPusher('a.tar', name)).program;
  const bin = await mkdtemp(join(folder, 'bin-'));

  for (const program of ['docker', 'skopeo', 'crane']) {
    await writeFile(join(bin, program), '');
    assert.equal(programOn(bin), program);
  }
});

test('says what to install and what to run when nothing can push', async () => {
  const name = 'registry.example/team/ha';
  const pushing = run(
    process.execPath,
    [join(ROOT, 'scripts/container-image/main.ts'), '--push', '--name', name, '--output', folder],
    { env: { PATH: folder } },
  );

  await assert.rejects(pushing, ({ message }: Error) => {
    assert.match(message, /none of crane, skopeo and docker is on the PATH; install one of them/);
    assert.match(
      message,
      /skopeo copy oci-archive:\/\S+\.tar docker:\/\/registry\.example\/team\/ha:/,
    );
    return true;
  });
});

test('is not pushed under a name without a registry', () => {
  for (const name of ['ha:1', 'team/ha:1']) {
    assert.throws(() => findPusher('a.tar', name), /it names no registry; give one/);
  }
});

async function bundled(): Promise<string> {
  const target = join(folder, 'bundle');
  await run(process.execPath, ['scripts/bundle.ts', target], { cwd: ROOT });
  return target;
}

function built(from: string, output: string): Promise<BuiltImage> {
  return buildImage({
    bundleFolder: from,
    outputFolder: join(folder, output),
    name: 'localhost/ingress-controller-ha',
    tag: packageJson.version,
  });
}

function withPath<T>(path: string, ask: () => T): T {
  const usual = process.env.PATH;
  process.env.PATH = path;
  try {
    return ask();
  } finally {
    process.env.PATH = usual;
  }
}
