/** What is in the image, as CycloneDX: the packages that npm knows, and the files of Node's runtime. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { run } from '../../test/testbed/run.ts';
import { runtimeFiles } from './build.ts';
import type { Entry } from './tar.ts';

interface Component {
  readonly 'bom-ref'?: string;
  readonly type: string;
  readonly name: string;
}

interface Bom {
  readonly serialNumber?: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
}

/** The bill of materials as JSON text. Needs npm and the installed packages, but no network. */
export async function billOfMaterials(): Promise<string> {
  const output = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], {
    cwd: join(import.meta.dirname, '..', '..'),
  });
  const { serialNumber: _, ...bom }: Bom = JSON.parse(output);
  const files = (await runtimeFiles()).flatMap(component);
  // Without the number by chance, the time and the version of npm, the same content gives the same
  // text. npm calls the component as the checkout's folder.
  const { component: own } = bom.metadata;
  const metadata = { component: { ...own, type: 'application', name: packageJson.name } };
  const complete = { ...bom, metadata, components: [...bom.components, ...files] };
  return `${JSON.stringify(complete, undefined, 2)}\n`;
}

function component(entry: Entry) {
  if (entry.kind !== 'file') return [];
  const content = createHash('sha256').update(entry.content).digest('hex');
  return {
    'bom-ref': entry.path,
    type: 'file',
    name: entry.path,
    hashes: [{ alg: 'SHA-256', content }],
  };
}
