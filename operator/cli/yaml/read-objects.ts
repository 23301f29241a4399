/** The Kubernetes objects in a file of a user, read as kubectl reads them. */
import type { KubeObject } from '../../base/kube-object.ts';
import { isObject } from '../../base/read.ts';
import { readValues } from './read-values.ts';

/** What a text holds: objects, or problems. */
interface ReadObjects {
  readonly objects: readonly KubeObject[];
  /** Why the text could not be read; then there are no objects. */
  readonly problems: readonly string[];
}

/** The objects in a text, lists taken apart. Never throws. */
export function readObjects(text: string): ReadObjects {
  const { values, problems: unreadable } = readValues(text);
  if (unreadable.length > 0) {
    const sentences = unreadable.map(
      ({ message, position: { line, column } }) => `${message} at line ${line}, column ${column}`,
    );
    return { objects: [], problems: sentences };
  }
  const found = values.map(({ value }) => value);
  const problems = found
    .filter((value) => !isKubeObject(value))
    .map(() => 'A document lacks apiVersion, kind or metadata.name: it is no Kubernetes object.');
  return { objects: problems.length > 0 ? [] : found.filter(isKubeObject), problems };
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isObject(value) || !('apiVersion' in value && 'kind' in value)) return false;
  return isObject(value.metadata) && 'name' in value.metadata;
}
