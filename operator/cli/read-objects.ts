/** Files of users, read as kubectl reads them: YAML 1.1 or JSON, any number of documents and lists. */
import { type Document, parseAllDocuments, type Tags } from 'yaml';
import type { KubeObject } from '../base/kube-object.ts';

export interface ReadObjects {
  readonly objects: readonly KubeObject[];
  /** Why the text could not be read; then there are no objects. */
  readonly problems: readonly string[];
}

/** The objects in a text, lists taken apart. Never throws. */
export function readObjects(text: string): ReadObjects {
  const documents = parseAllDocuments(text, { version: '1.1', customTags: asKubectlReads });
  const parsed: readonly Document[] = 'empty' in documents ? [] : documents;
  const syntax = parsed.flatMap(({ errors }) => errors.map((error) => error.message));
  if (syntax.length > 0) return { objects: [], problems: syntax };

  let values: readonly unknown[];
  try {
    values = parsed.flatMap((document) => itemsOf(asJson(document))).filter((it) => it !== null);
  } catch (error) {
    // Aliases that multiply without end, or that contain themselves.
    return { objects: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
  const problems = values
    .filter((value) => !isKubeObject(value))
    .map(() => 'A document lacks apiVersion, kind or metadata.name: it is no Kubernetes object.');
  return { objects: problems.length > 0 ? [] : values.filter(isKubeObject), problems };
}

/** Only what JSON can say: the API server would see nothing else. */
function asJson(document: Document): unknown {
  return JSON.parse(JSON.stringify(document.toJS()));
}

/** YAML 1.1 less the types that kubectl leaves text: timestamps and numbers to the base of sixty. */
function asKubectlReads(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && !isSexagesimal(tag)),
  );
}

function isSexagesimal(tag: Exclude<Tags[number], string>): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

function itemsOf(value: unknown): readonly unknown[] {
  const isList = typeof value === 'object' && value !== null && 'items' in value;
  return isList && Array.isArray(value.items) ? value.items : [value];
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  if (!('apiVersion' in value && 'kind' in value && 'metadata' in value)) return false;
  const { metadata } = value;
  return typeof metadata === 'object' && metadata !== null && 'name' in metadata;
}
