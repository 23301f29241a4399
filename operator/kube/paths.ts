/** URL paths and queries of the Kubernetes API, built from base/resource-kinds.ts and nothing else. */
import type { ObjectRef } from '../base/kube-object.ts';
import { kindOf, PodKind, type ResourceKind, refTo } from '../base/resource-kinds.ts';

/** Values of query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** `/api/v1/namespaces/prod/pods`; without a namespace (''), of the whole cluster. */
export function collectionPath(kind: ResourceKind, namespace: string | undefined): string {
  const root = kind.apiVersion.includes('/') ? '/apis' : '/api';
  const scoped = kind.scope === 'Namespaced' && namespace !== undefined && namespace !== '';
  const within = scoped ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}/${kind.apiVersion}${within}/${kind.plural}`;
}

/**
 * `/apis/apps/v1/namespaces/prod/deployments/edge`, with the subresource behind it if there is one.
 * Names keep their capitals, and colons (RBAC has both) are encoded. Throws for a kind that is not
 * in the table and for a namespaced kind without a namespace: bugs, not input.
 */
export function objectPath(ref: ObjectRef, subresource?: string): string {
  const kind = kindOf(ref);
  if (kind.scope === 'Namespaced' && (ref.namespace === undefined || ref.namespace === '')) {
    throw new Error(`No namespace given for ${ref.kind} "${ref.name}"`);
  }
  const path = `${collectionPath(kind, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** A page that a port of a pod serves, by way of the API server: `…/pods/edge-1:8080/proxy/metrics`. */
export function podPagePath(
  pod: { readonly namespace: string; readonly name: string },
  { port, page }: { readonly port: number; readonly page: string },
): string {
  const ref = refTo(PodKind, { ...pod, name: `${pod.name}:${port}` });
  return `${objectPath(ref, 'proxy')}${page}`;
}

/** `path?a=b&c=d`, or just the path when no parameter is set. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
