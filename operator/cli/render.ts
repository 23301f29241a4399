/**
 * `ingress-ha render`: every object that the operator would apply, and every right it needs, as YAML
 * and without a cluster. Data goes to stdout, words to stderr; nothing here ends the process.
 */
import { type Command, Option } from 'commander';
import { parseResource, unknownFields } from '../api/parse.ts';
import { describeRef, type KubeObject, refOf } from '../base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../base/resource-kinds.ts';
import { findAdvice, findBlockers } from '../desired/check/check.ts';
import { desiredObjects } from '../desired/desired.ts';
import { DEFAULT_OPERAND_ACCOUNT, type InstallerPolicy } from '../desired/installer.ts';
import { APPLIED_HASH_ANNOTATION } from '../desired/naming.ts';
import {
  DEFAULT_OPERATOR_ACCOUNT,
  DEFAULT_OPERATOR_NAMESPACE,
  OPERATOR_LEASE,
  operatorRights,
  servedNamespacesProblem,
} from '../desired/rights.ts';
import { parsedBy } from './flag-values.ts';
import { addPolicyFlags, type PolicyFlags, policyFrom } from './policy-flags.ts';
import { readObjects } from './read-objects.ts';
import { addEnding } from './usage.ts';
import { yamlText } from './view/data-text.ts';

/** What a command may do to the world. */
export interface RenderIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The text of a file, or of standard input for "-". */
  readText(path: string): Promise<string>;
  /** Called once, at the end: 0 done, 1 refused, 2 nothing could be read. */
  finish(exitCode: 0 | 1 | 2): void;
}

/** What came of a text: objects to print, and sentences about what was wrong or unwise. */
export interface Rendered {
  readonly objects: readonly KubeObject[];
  /** Any of these means that the resource would not be applied, and prints no objects. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Adds `render` and `render operator`. */
export function registerRender(program: Command, io: RenderIo): void {
  const render = program
    .command('render')
    .description(
      'Print every object that the operator would apply for a resource. Owner references and the hash are missing where the resource has no uid yet.',
    )
    .option('-f, --filename <file>', 'file with the resource, or - for standard input')
    .option('-n, --namespace <name>', 'namespace of a resource that names none', 'default')
    .action(async (options: RenderOptions) => io.finish(await renderFile(options, io)));
  addPolicyFlags(render, 'renders');
  addEnding(render, {
    exitCodes: '0 printed, 1 refused, 2 wrong usage, or nothing could be read',
  });

  const operator = render
    .command('operator')
    .description('Print the rights that the operator and the controllers it runs need.')
    .addOption(
      new Option('--namespaces <a,b>', 'namespaces to serve')
        .argParser((text) => text.split(',').map((name) => name.trim()))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--operator-namespace <name>', 'where the operator runs')
        .argParser(parsedBy(DNS_LABEL, 'a namespace (a DNS label)'))
        .default(DEFAULT_OPERATOR_NAMESPACE),
    )
    .addOption(
      new Option('--operator-service-account <name>', 'account of the operator')
        .argParser(parsedBy(DNS_NAME, 'a name'))
        .default(DEFAULT_OPERATOR_ACCOUNT),
    )
    .addOption(
      new Option('--lease-name <name>', 'Lease by which operators elect their leader')
        .argParser(parsedBy(DNS_NAME, 'a name of a Lease'))
        .default(OPERATOR_LEASE),
    )
    .addOption(
      new Option('--operand-service-account <name>', 'account of the controllers')
        .argParser(parsedBy(DNS_NAME, 'a name'))
        .default(DEFAULT_OPERAND_ACCOUNT),
    )
    .action(() => {
      const stray = strayFlag(render, operator);
      if (stray !== undefined) operator.error(`error: ${stray}`);
      io.finish(renderRights(operator.optsWithGlobals(), io));
    });
  addEnding(operator, { exitCodes: '0 printed, 1 refused, 2 wrong usage' });
}

/** The resources in a text, read as kubectl reads it, as the objects that the operator would apply. */
export function renderText(
  text: string,
  policy: InstallerPolicy,
  { namespace }: { readonly namespace: string },
): Rendered {
  const read = readObjects(text);
  if (read.problems.length > 0) return { objects: [], problems: read.problems, notes: [] };

  const isResource = (it: KubeObject) => it.apiVersion === API_VERSION && it.kind === RESOURCE_KIND;
  const results = read.objects
    .filter(isResource)
    .map((resource) => renderResource(withNamespace(resource, namespace), policy));
  const skipped = read.objects
    .filter((object) => !isResource(object))
    .map((object) => `${describeRef(refOf(object))} is not rendered: it is no ${RESOURCE_KIND}.`);
  const none = results.length === 0 ? [`There is no ${RESOURCE_KIND} of ${API_VERSION} here.`] : [];
  return {
    objects: results.flatMap((result) => result.objects),
    problems: [...none, ...results.flatMap((result) => result.problems)],
    notes: [...skipped, ...results.flatMap((result) => result.notes)],
  };
}

/** One resource as the objects that the operator would apply. */
export function renderResource(resource: KubeObject, policy: InstallerPolicy): Rendered {
  const about = (sentence: string) => `${describeRef(refOf(resource))}: ${sentence}`;
  const unknown = unknownFields(resource);
  const parsed = parseResource(resource);
  if (parsed.kind === 'invalid' || unknown.length > 0) {
    const invalid = parsed.kind === 'invalid' ? parsed.problems : [];
    const problems = [...unknown, ...invalid].map(({ path, message }) => `${path}: ${message}`);
    return { objects: [], problems: problems.map(about), notes: [] };
  }
  const { ha } = parsed;
  const blockers = findBlockers(ha, policy);
  const objects = blockers.length > 0 ? [] : desiredObjects(ha, policy);
  return {
    objects: ha.uid === '' ? objects.map(asBeforeCreation) : objects,
    problems: blockers.map(({ reason, message }) => about(`${reason}: ${message}`)),
    notes: findAdvice(ha, policy).map(({ reason, message }) => about(`${reason}: ${message}`)),
  };
}

/** Objects as a stream of YAML documents, as kubectl reads them: YAML 1.1, where `on` needs quotes. */
export function toYaml(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${yamlText(object)}`).join('');
}

interface RenderOptions extends PolicyFlags {
  readonly filename?: string;
  readonly namespace: string;
}

async function renderFile(options: RenderOptions, io: RenderIo): Promise<0 | 1 | 2> {
  const { filename, namespace } = options;
  if (filename === undefined) {
    io.stderr.write('Name the file to render: -f FILE, or -f - for standard input.\n');
    return 2;
  }
  let text: string;
  try {
    text = await io.readText(filename);
  } catch (error) {
    io.stderr.write(
      `Cannot read ${filename}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 2;
  }
  const { objects, problems, notes } = renderText(text, policyFrom(options), { namespace });
  for (const line of [...notes, ...problems]) io.stderr.write(`${line}\n`);
  if (problems.length > 0) return 1;
  io.stdout.write(toYaml(objects));
  return 0;
}

/** The parser gives what stands behind a sub-command to its parent, if that knows the flag. */
function strayFlag(parent: Command, { options }: Command): string | undefined {
  const own = options.map((option) => option.attributeName());
  const stray = parent.options.find((option) => {
    const name = option.attributeName();
    return parent.getOptionValueSource(name) === 'cli' && !own.includes(name);
  });
  return stray && `${stray.long} is for rendering a resource and changes no right: leave it out`;
}

interface RightsFlags {
  readonly namespaces: readonly string[];
  readonly operatorNamespace: string;
  readonly operatorServiceAccount: string;
  readonly leaseName: string;
  readonly operandServiceAccount: string;
}

function renderRights(flags: RightsFlags, io: RenderIo): 0 | 1 {
  const problem = servedNamespacesProblem(flags.namespaces);
  if (problem !== undefined) {
    io.stderr.write(`${problem}\n`);
    return 1;
  }
  const rights = operatorRights({
    operatorNamespace: flags.operatorNamespace,
    servedNamespaces: flags.namespaces,
    serviceAccountName: flags.operatorServiceAccount,
    leaseName: flags.leaseName,
    operandServiceAccountName: flags.operandServiceAccount,
  });
  io.stdout.write(toYaml(rights));
  return 0;
}

function withNamespace(resource: KubeObject, namespace: string): KubeObject {
  const { metadata } = resource;
  return { ...resource, metadata: { ...metadata, namespace: metadata.namespace ?? namespace } };
}

/** A resource from a file has no uid, so nothing can refer to it, and the hash would be another. */
function asBeforeCreation({ metadata, ...rest }: KubeObject): KubeObject {
  const { ownerReferences: _, annotations = {}, ...kept } = metadata;
  const others = Object.entries(annotations).filter(([name]) => name !== APPLIED_HASH_ANNOTATION);
  const left = others.length > 0 ? { annotations: Object.fromEntries(others) } : {};
  const { apiVersion, kind, ...fields } = rest;
  return { apiVersion, kind, metadata: { ...kept, ...left }, ...fields };
}
