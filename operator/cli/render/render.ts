/** Resources as the objects that the operator would apply for them. Pure: no cluster, no file. */
import { parseResource, unknownFields } from '../../api/parse.ts';
import { describeRef, type KubeObject, refOf } from '../../base/kube-object.ts';
import { API_VERSION, RESOURCE_KIND } from '../../base/resource-kinds.ts';
import { findAdvice, findTerminalErrors } from '../../desired/check/check.ts';
import { desiredObjects } from '../../desired/desired.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import { APPLIED_HASH_ANNOTATION } from '../../desired/naming.ts';
import { yamlText } from '../view/data-text.ts';
import { readObjects } from '../yaml/read-objects.ts';

/** What came of a text: objects to print, and sentences about what was wrong or unwise. */
interface Rendered {
  readonly objects: readonly KubeObject[];
  /** Any of these means that the resource would not be applied, and prints no objects. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
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
function renderResource(resource: KubeObject, policy: InstallerPolicy): Rendered {
  const about = (sentence: string) => `${describeRef(refOf(resource))}: ${sentence}`;
  const unknown = unknownFields(resource);
  const parsed = parseResource(resource);
  if (parsed.kind === 'invalid' || unknown.length > 0) {
    const invalid = parsed.kind === 'invalid' ? parsed.problems : [];
    const problems = [...unknown, ...invalid].map(({ path, message }) => `${path}: ${message}`);
    return { objects: [], problems: problems.map(about), notes: [] };
  }
  const { ha } = parsed;
  const terminalErrors = findTerminalErrors(ha, policy);
  const objects = terminalErrors.length > 0 ? [] : desiredObjects(ha, policy);
  return {
    objects: ha.uid === '' ? objects.map(asBeforeCreation) : objects,
    problems: terminalErrors.map(({ reason, message }) => about(`${reason}: ${message}`)),
    notes: findAdvice(ha, policy).map(({ reason, message }) => about(`${reason}: ${message}`)),
  };
}

/** Objects as a stream of YAML documents, as kubectl reads them: YAML 1.1, where `on` needs quotes. */
export function toYaml(objects: readonly KubeObject[]): string {
  return objects.map((object) => `---\n${yamlText(object)}`).join('');
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
