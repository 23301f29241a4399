/**
 * The licences of what the image carries: ours, and one text with those of all runtime packages,
 * Node among them. `node scripts/container-image/licenses.ts FOLDER` writes both, for the Dockerfile.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Entry, textFile } from './tar.ts';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** Both files, to be put into a folder of that name. */
export function licenses(folder: string): readonly Entry[] {
  return [
    textFile(join(folder, 'LICENSE'), readFileSync(join(ROOT, 'LICENSE'), 'utf8')),
    textFile(join(folder, 'THIRD-PARTY.txt'), thirdParty()),
  ];
}

function thirdParty(): string {
  const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev && existsSync(join(ROOT, path)))
    .map(([path, locked]) => chapter(join(ROOT, path), nameOf(path), locked))
    .join('\n\n');
}

/** A few packages come without a text: then the lock file's word for the licence must do. */
function chapter(folder: string, name: string, { version, license }: LockedPackage): string {
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`==== ${name} ${version}: ${license ?? 'see below'}`, ...texts].join('\n\n');
}

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path;

if (import.meta.main) {
  const folder = process.argv[2] ?? 'licenses';
  await mkdir(folder, { recursive: true });
  for (const entry of licenses(folder)) {
    if (entry.kind === 'file') await writeFile(join(folder, basename(entry.path)), entry.content);
  }
}
