/** The lockfile names versions and integrity, never download addresses; no package runs a script. */
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
);
const npmrc = readFileSync('.npmrc', 'utf8');

const problems = Object.entries(lock.packages).flatMap(([path, entry]) => {
  if (path === '') return [];
  if (entry.resolved?.startsWith('http')) return [`${path} carries a download address`];
  return entry.integrity === undefined ? [`${path} has no integrity`] : [];
});
for (const line of ['ignore-scripts=true', 'omit-lockfile-registry-resolved=true']) {
  if (!npmrc.includes(line)) problems.push(`.npmrc lacks ${line}`);
}
if (problems.length > 0) {
  process.stderr.write(`package-lock.json: ${problems.join('; ')}. Run npm install again.\n`);
  process.exit(1);
}
