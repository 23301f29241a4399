/**
 * Both Helms, as users run them: what they print, or the sentence with which they refuse.
 * Their programs come from the testbed's cache; rendering needs no cluster.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { buildTools } from '../../testbed/tools.ts';

export const CHART = resolve(import.meta.dirname, '..', '..', '..', 'chart');

/** The version of Helm -> its program in the folder of tools. */
export const HELMS = { 'Helm 4': 'helm', 'Helm 3': 'helm3' } as const;
export type HelmVersion = keyof typeof HELMS;
export const HELM_VERSIONS = Object.keys(HELMS) as readonly HelmVersion[];

/** What every rendering needs; a later `--set` wins. */
export const NEEDED = [
  '--namespace',
  'edge-system',
  '--set',
  'image.repository=localhost/operator',
];

/** Helm keeps caches in its home, and makes one that is not there. */
const HOME = mkdtempSync(join(tmpdir(), 'ingress-ha-helm-'));
process.on('exit', () => rmSync(HOME, { recursive: true, force: true }));

export type HelmAnswer =
  | { readonly kind: 'done'; readonly text: string; readonly warnings: string }
  | { readonly kind: 'refused'; readonly message: string };

export interface HelmOptions {
  readonly version?: HelmVersion;
  /** Default `edge`. */
  readonly release?: string;
  /** Of the cluster; without it, one that does not exist. */
  readonly kubeconfig?: string;
}

/** Runs Helm; a refusal is an answer and not an exception. */
export async function helm(
  args: readonly string[],
  { version = 'Helm 4', kubeconfig = join(HOME, 'none') }: HelmOptions = {},
): Promise<HelmAnswer> {
  const program = join(await toolsFolder(), HELMS[version]);
  const env = { PATH: process.env.PATH, HOME, KUBECONFIG: kubeconfig };
  return new Promise((answer) => {
    execFile(program, args, { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error === null) answer({ kind: 'done', text: stdout, warnings: stderr });
      else answer({ kind: 'refused', message: `${stdout}${stderr}`.trim() });
    });
  });
}

/** `helm template edge CHART` with what every rendering needs. */
export async function render(
  args: readonly string[] = [],
  options: HelmOptions = {},
): Promise<string> {
  const answer = await template(args, options);
  if (answer.kind === 'refused') throw new Error(answer.message);
  return answer.text;
}

/** The same as objects. */
export async function renderObjects(
  args: readonly string[] = [],
  options: HelmOptions = {},
): Promise<readonly KubeObject[]> {
  return objectsOf(await render(args, options));
}

/** Why a rendering is refused; fails when it is not. */
export async function refusal(args: readonly string[], options: HelmOptions = {}): Promise<string> {
  const answer = await template(args, options);
  if (answer.kind === 'refused') return answer.message;
  throw new Error(`Helm rendered ${args.join(' ')}, which should have been refused.`);
}

function template(args: readonly string[], options: HelmOptions): Promise<HelmAnswer> {
  return helm(['template', options.release ?? 'edge', CHART, ...NEEDED, ...args], options);
}

/** Every object of a stream of YAML documents; fails where a key stands twice in one map. */
export function objectsOf(text: string): readonly KubeObject[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  const [mistake] = documents.flatMap(({ errors }) => errors);
  if (mistake !== undefined) throw mistake;
  return documents
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** The one object of that kind; fails when there is another number of them. */
export function only(objects: readonly KubeObject[], kind: string): KubeObject {
  const found = objects.filter((object) => object.kind === kind);
  const [object] = found;
  if (object !== undefined && found.length === 1) return object;
  throw new Error(`There are ${found.length} objects of kind ${kind} instead of one.`);
}

let tools: Promise<string> | undefined;

function toolsFolder(): Promise<string> {
  tools ??= buildTools((line) => process.stderr.write(`${line}\n`));
  return tools;
}
