/** What the API server asks of `metadata`, which the schema of a custom resource can't describe. */
import { type Problem, pathTo } from '../../api/problem.ts';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../../base/dns.ts';
import { isObject } from '../../base/read.ts';

/** Problems with metadata as a file gives it; its name is for the rules of the resource. */
export function metadataProblems(metadata: unknown): readonly Problem[] {
  if (!isObject(metadata)) return [];
  return [
    ...Object.keys(metadata)
      .filter((field) => !FIELDS.has(field))
      .map((field) => ({
        path: pathTo('metadata', field),
        message: `\`${field}\` must not be set: there is no such field`,
      })),
    ...namespaceProblems(metadata.namespace),
    ...mapProblems('labels', metadata.labels),
    ...mapProblems('annotations', metadata.annotations),
  ];
}

/** All of metav1.ObjectMeta: objects that were read from a cluster may have them. */
const FIELDS: ReadonlySet<string> = new Set([
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

const NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

function namespaceProblems(namespace: unknown): readonly Problem[] {
  // What is no text has been reported with the structure.
  if (typeof namespace !== 'string' || DNS_LABEL.test(namespace)) return [];
  const message = `${JSON.stringify(namespace)} must be the name of a namespace: at most 63 lower-case letters, digits and hyphens`;
  return [{ path: 'metadata.namespace', message }];
}

function mapProblems(field: 'labels' | 'annotations', map: unknown): readonly Problem[] {
  const path = `metadata.${field}`;
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [{ path, message: 'Must be an object' }];
  return Object.entries(map).flatMap(([key, value]) => {
    // The API server reads the keys of annotations as if they were written small.
    const asRead = field === 'annotations' ? key.toLowerCase() : key;
    const problem = keyProblem(asRead) ?? valueProblem(field, value);
    return problem === undefined ? [] : [{ path: pathTo(path, key), message: problem }];
  });
}

function keyProblem(key: string): string | undefined {
  const parts = key.split('/');
  const [name = '', prefix = 'a'] = parts.toReversed();
  const isDomain = DNS_SUBDOMAIN.test(prefix);
  if (parts.length <= 2 && NAME.test(name) && isDomain) return undefined;
  return 'The key must be a name of at most 63 letters, digits, dots, hyphens and underscores, after a domain and a slash if need be';
}

function valueProblem(field: 'labels' | 'annotations', value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'string') return 'Must be a string: put it in quotes';
  if (field === 'annotations' || value === '' || NAME.test(value)) return undefined;
  return 'Must be at most 63 letters, digits, dots, hyphens and underscores, and start and end with a letter or digit';
}
