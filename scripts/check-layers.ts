/**
 * `npm run layers`: the rules of the house that no compiler knows. Each folder of operator/ imports only
 * from those in its row, nothing imports in a circle (types included), the pure folders await nothing, what
 * has one owner is used by that owner alone, and folders and files stay small enough to hold in the head.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { circlesIn } from './import-circles.ts';

/** What the product decides, without effects; each may use those before it. */
const DESIRED = ['base', 'api', 'desired'];
const DECIDE = [
  'decide/observed',
  'decide/election',
  'decide/failover',
  'decide/plan',
  'decide/status',
];
/** Knows Kubernetes, and nothing of the product. */
const LIBRARY = ['base', 'telemetry', 'kube'];
const CONTROL = [
  'control/cache',
  'control/election',
  'control/failover',
  'control/queue',
  'control/reconcile',
];
const CORE = [...DESIRED, ...DECIDE, 'telemetry', 'kube'];
/** Of one command line, but pure: they decide what it tells. */
const CLI_PURE = ['cli/view/decide', 'cli/drill/decide', 'cli/explain/decide', 'cli/crds/decide'];

/** A folder may import from itself, from what lies below it, and from its row. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  telemetry: ['base'],
  kube: LIBRARY,
  api: ['base'],
  desired: DESIRED,
  ...Object.fromEntries(
    DECIDE.map((room, index) => [room, [...DESIRED, ...DECIDE.slice(0, index)]]),
  ),
  'control/cache': CORE,
  'control/election': CORE,
  'control/failover': [...CORE, 'control/cache'],
  'control/queue': CORE,
  'control/reconcile': [...CORE, 'control/cache'],
  app: [...CORE, ...CONTROL],
  ...Object.fromEntries(CLI_PURE.map((room) => [room, [...DESIRED, ...DECIDE, ...CLI_PURE]])),
  cli: [...CORE, ...CONTROL, 'app'],
};
/** Longest first, so that a path finds the innermost. */
const ROOMS = Object.keys(MAY_IMPORT).toSorted((a, b) => b.length - a.length);
const PURE = new Set(['api', 'desired', ...DECIDE, ...CLI_PURE]);

/** So that a reader can hold a folder, and a file, in the head. */
const MOST_FILES = 15;
const MOST_LINES = 250;

/** Packages and globals that only some files may use, and why. */
const OWNERS: readonly { readonly what: RegExp; readonly owners: RegExp; readonly why: string }[] =
  [
    owner(
      /from '@kubernetes\/client-node'/,
      /^kube\/credentials\/credential-source\.ts$/,
      'one adapter speaks to the library',
    ),
    owner(/from 'commander'/, /^cli\//, 'the command line is the outermost layer'),
    owner(/from 'ajv/, /^api\//, 'parsing happens at the edge'),
    owner(
      /from 'yaml'/,
      /^(cli\/|desired\/config-map\.ts$|kube\/credentials\/token-file\.ts$)/,
      'one renderer of YAML, one reader of each kind of file',
    ),
    owner(
      /\b(setTimeout|setInterval|performance\.now|Date\.now|new Date\(\))/,
      /^(base\/time|desired\/pod\/drain-hook|cli\/dashboard\/page\/link)\.ts$/,
      'time is passed in; the hook is a program for another process, and the link one for a browser',
    ),
    owner(/\bprocess\.env\b/, /^app\/config\.ts$/, 'the environment is read once'),
    owner(
      /\bprocess\.exit\b/,
      /^(main|desired\/pod\/drain-hook)\.ts$/,
      'only main ends the process; the hook is a program of its own',
    ),
    owner(
      /\bprocess\.(stdout|stderr)\b|\bconsole\.|\bstyleText\b|\\u001[Bb]|\\x1[Bb]/,
      /^(main|cli\/io|cli\/terminal-text|desired\/pod\/drain-hook)\.ts$/,
      'terminals show only what cli/terminal-text.ts lets through',
    ),
    owner(/\bMath\.random\b/, /^cli\/run\.ts$/, 'chance is passed in'),
  ];

const root = 'operator';
const files = globSync(`${root}/**/*.ts`)
  .filter((path) => !path.includes('.generated.'))
  .toSorted()
  .map((path) => ({ path, file: relative(root, path), source: readFileSync(path, 'utf8') }));
const problems = [
  ...files.flatMap(({ file, source }) => check(file, source)),
  ...crowdedFolders(files.map(({ path }) => dirname(path))),
  ...circlesIn(new Map(files.map(({ path, source }) => [path, importedPaths(path, source)]))).map(
    (circle) => `these import each other in a circle: ${circle.join(', ')}`,
  ),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);

function check(file: string, source: string): readonly string[] {
  const code = withoutComments(source);
  return [
    ...wrongImports(file, code),
    ...wrongOwners(file, code),
    ...impurities(file, code),
    ...tooLong(file, source),
  ];
}

function wrongImports(file: string, code: string): readonly string[] {
  const room = roomOf(file);
  if (room === undefined) return [];
  return importsOf(code)
    .filter((target) => target.startsWith('.'))
    .map((target) => roomOf(join(dirname(file), target)))
    .filter((target) => target !== undefined && !mayImport(room, target))
    .map((target) => `${root}/${file}: ${room}/ must not import from ${target}/`);
}

function mayImport(room: string, target: string): boolean {
  return target === room || target.startsWith(`${room}/`) || !!MAY_IMPORT[room]?.includes(target);
}

function wrongOwners(file: string, code: string): readonly string[] {
  return OWNERS.filter(
    ({ what, owners }) => !owners.test(file) && what.test(withoutTypeImports(code)),
  ).map(
    ({ what, why }) => `${root}/${file}: uses ${what.source}, which is not its to use (${why})`,
  );
}

function impurities(file: string, code: string): readonly string[] {
  const room = roomOf(file);
  if (room === undefined || !PURE.has(room)) return [];
  return /\bawait\s+\w|\basync\s/.test(code) ? [`${root}/${file}: the pure core never awaits`] : [];
}

function tooLong(file: string, source: string): readonly string[] {
  const lines = source.split('\n').length - 1;
  return lines > MOST_LINES
    ? [`${root}/${file}: ${lines} lines, at most ${MOST_LINES}: part it`]
    : [];
}

function crowdedFolders(folders: readonly string[]): readonly string[] {
  return [...Map.groupBy(folders, (folder) => folder)]
    .filter(([, { length }]) => length > MOST_FILES)
    .map(([folder, { length }]) => `${folder}/: ${length} files of its own, at most ${MOST_FILES}`);
}

/** The innermost folder with a row that a path below operator/ lies in; undefined for main.ts and what is outside. */
function roomOf(path: string): string | undefined {
  return ROOMS.find((room) => path.startsWith(`${room}/`));
}

function importedPaths(path: string, source: string): readonly string[] {
  return importsOf(withoutComments(source))
    .filter((target) => target.startsWith('.'))
    .map((target) => join(dirname(path), target));
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
