/**
 * `npm run layers`: each folder of operator/ imports only from its left, the pure core awaits and
 * asks nothing, and what has one owner is used by that owner alone.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** From left to right: a folder may import itself and what stands before it. */
const ORDER = ['base', 'api', 'desired', 'decide', 'telemetry', 'kube', 'control', 'app', 'cli'];
const PURE = new Set(['api', 'desired', 'decide']);
/** The core and telemetry do not know each other. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  telemetry: ['api', 'desired', 'decide'],
};

/** Packages and globals that only some files may use, and why. */
const OWNERS: readonly { readonly what: RegExp; readonly owners: RegExp; readonly why: string }[] =
  [
    owner(
      /from '@kubernetes\/client-node'/,
      /^kube\/credentials\.ts$/,
      'one adapter speaks to the library',
    ),
    owner(/from 'commander'/, /^cli\//, 'the command line is the outermost layer'),
    owner(/from 'ajv/, /^api\//, 'parsing happens at the edge'),
    owner(
      /from 'yaml'/,
      /^(cli\/|desired\/config-map\.ts$|kube\/token-file\.ts$)/,
      'one renderer of YAML, one reader of each kind of file',
    ),
    owner(
      /\b(setTimeout|setInterval|performance\.now|Date\.now|new Date\(\))/,
      /^(base\/time|desired\/drain-hook|cli\/dashboard\/page\/link)\.ts$/,
      'time is passed in; the hook is a program for another process, and the link one for a browser',
    ),
    owner(/\bprocess\.env\b/, /^app\/config\.ts$/, 'the environment is read once'),
    owner(
      /\bprocess\.exit\b/,
      /^(main|desired\/drain-hook)\.ts$/,
      'only main ends the process; the hook is a program of its own',
    ),
    owner(
      /\bprocess\.(stdout|stderr)\b|\bconsole\.|\bstyleText\b|\\u001[Bb]|\\x1[Bb]/,
      /^(main|cli\/io|cli\/terminal-text|desired\/drain-hook)\.ts$/,
      'terminals show only what cli/terminal-text.ts lets through',
    ),
    owner(/\bMath\.random\b/, /^cli\/run\.ts$/, 'chance is passed in'),
  ];

const root = 'operator';
const problems = globSync(`${root}/**/*.ts`)
  .filter((path) => !path.includes('.generated.'))
  .toSorted()
  .flatMap((path) => check(relative(root, path), readFileSync(path, 'utf8')));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);

function check(file: string, source: string): readonly string[] {
  const code = withoutComments(source);
  return [...wrongImports(file, code), ...wrongOwners(file, code), ...impurities(file, code)];
}

function wrongImports(file: string, code: string): readonly string[] {
  const layer = layerOf(file);
  if (layer === undefined) return [];
  return importsOf(code)
    .filter((target) => target.startsWith('.'))
    .map((target) => layerOf(join(dirname(file), target)))
    .filter((target) => target !== undefined && !mayImport(layer, target))
    .map((target) => `${root}/${file}: ${layer}/ must not import from ${target}/`);
}

function mayImport(layer: string, target: string): boolean {
  if (STRANGERS[layer]?.includes(target)) return false;
  return ORDER.indexOf(target) <= ORDER.indexOf(layer);
}

function wrongOwners(file: string, code: string): readonly string[] {
  return OWNERS.filter(
    ({ what, owners }) => !owners.test(file) && what.test(withoutTypeImports(code)),
  ).map(
    ({ what, why }) => `${root}/${file}: uses ${what.source}, which is not its to use (${why})`,
  );
}

function impurities(file: string, code: string): readonly string[] {
  const layer = layerOf(file);
  if (layer === undefined || !PURE.has(layer)) return [];
  return /\bawait\s+\w|\basync\s/.test(code) ? [`${root}/${file}: the pure core never awaits`] : [];
}

/** The folder that a path below operator/ lies in; undefined for main.ts and what is outside. */
function layerOf(path: string): string | undefined {
  const [first, ...rest] = path.split('/');
  return rest.length > 0 && first !== undefined && ORDER.includes(first) ? first : undefined;
}

function importsOf(code: string): readonly string[] {
  return [...code.matchAll(/(?:from|import\()\s*'([^']+)'/g)].flatMap(([, target]) => target ?? []);
}

function withoutTypeImports(code: string): string {
  return code.replace(/import type [^;]+;/g, '');
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function owner(what: RegExp, owners: RegExp, why: string) {
  return { what, owners, why };
}
