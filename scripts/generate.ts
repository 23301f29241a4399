/**
 * Writes every generated file, or with `--check` fails if one is stale and shows where.
 * A further generated file is one more entry in ARTIFACTS.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dashboardContent } from './generate/chart/dashboard.ts';
import { pathsContent } from './generate/chart/instance-spec.ts';
import { chartReadmeContent } from './generate/chart/readme.ts';
import { rulesContent } from './generate/chart/rules.ts';
import { valuesSchemaContent } from './generate/chart/values-schema.ts';
import { valuesYamlContent } from './generate/chart/values-yaml.ts';
import { cliContent } from './generate/cli.ts';
import { crdContent } from './generate/crd.ts';
import { decisionsContent } from './generate/decisions.ts';
import { documentContent, documentsWithMarkers } from './generate/figures/documents.ts';
import { flagsContent } from './generate/flags.ts';
import { metricsContent } from './generate/metrics.ts';
import { promisesContent } from './generate/promises.ts';
import { referenceContent } from './generate/reference.ts';
import { typesContent } from './generate/types.ts';
import { validatorContent, validatorTypes } from './generate/validator.ts';

interface Artifact {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly content: () => string | Promise<string>;
}

const ARTIFACTS: readonly Artifact[] = [
  { path: 'crds/ingresscontrollerhas.yaml', content: crdContent },
  { path: 'chart/crds/ingresscontrollerhas.yaml', content: crdContent },
  { path: 'chart/values.yaml', content: valuesYamlContent },
  { path: 'chart/values.schema.json', content: valuesSchemaContent },
  { path: 'chart/README.md', content: chartReadmeContent },
  { path: 'chart/files/dashboard.json', content: dashboardContent },
  { path: 'chart/files/paths.yaml', content: pathsContent },
  {
    path: 'chart/files/rules/operator-cluster.yaml',
    content: () => rulesContent('operatorCluster'),
  },
  { path: 'chart/files/rules/operator-served.yaml', content: () => rulesContent('operatorServed') },
  { path: 'chart/files/rules/controller.yaml', content: () => rulesContent('controller') },
  { path: 'operator/api/types.generated.ts', content: typesContent },
  { path: 'operator/api/validate.generated.js', content: validatorContent },
  { path: 'operator/api/validate.generated.d.ts', content: validatorTypes },
  { path: 'docs/reference/ingresscontrollerha.md', content: referenceContent },
  { path: 'docs/reference/cli.md', content: cliContent },
  { path: 'docs/reference/flags.md', content: flagsContent },
  { path: 'docs/reference/metrics.md', content: metricsContent },
  { path: 'docs/adr/README.md', content: decisionsContent },
  { path: 'docs/promises.md', content: promisesContent },
  ...documentsWithMarkers().map((path) => ({ path, content: () => documentContent(path) })),
];

const DIFF_LINES = 20;
const DIFF_COLUMNS = 160;
const root = join(import.meta.dirname, '..');

// Strict: whoever asks for --help must not find files written.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

if (values.check) {
  const stale = (await Promise.all(ARTIFACTS.map(difference))).filter((diff) => diff !== '');
  if (stale.length > 0) {
    console.error(`${stale.join('\n\n')}\n\nRun \`npm run generate\` and commit the result.`);
    process.exitCode = 1;
  }
} else {
  for (const artifact of ARTIFACTS) await write(artifact);
}

async function write({ path, content }: Artifact): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await content());
  console.log(path);
}

/** The first lines of the difference; empty if the file is fresh. */
async function difference({ path, content }: Artifact): Promise<string> {
  const { error, stdout, stderr, status } = spawnSync('diff', ['-U1', path, '-'], {
    cwd: root,
    encoding: 'utf8',
    input: await content(),
  });
  if (error !== undefined) throw error;
  if (status === 0) return '';
  const lines = `${stdout}${stderr}`.split('\n').map((line) => line.slice(0, DIFF_COLUMNS));
  return `${path} is stale:\n${lines.slice(2, 2 + DIFF_LINES).join('\n')}`;
}
