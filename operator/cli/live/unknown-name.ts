/** The sentence about a name that does not exist: whether the kind is known at all, and which names are near. */
import { failureOf } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { IngressControllerHAKind, RESOURCE_KIND } from '../../base/resource-kinds.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';

const MAX_NAMES = 3;

/** The sentence for a cluster without our CustomResourceDefinition. */
export const KIND_MISSING = `This API server does not know ${RESOURCE_KIND}: install its CRD by: ingress-ha crds apply.`;

/** One sentence or two. Lists resources to find near names, and does without where they may not be listed. */
export async function unknownNameText(
  client: Pick<KubeClient, 'list'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  options: CallOptions,
): Promise<string> {
  const unknown = `${RESOURCE_KIND} "${name}" is not in namespace "${namespace}"`;
  const listed = await listOf(client, namespace, options);
  switch (listed.kind) {
    case 'kind-missing':
      return KIND_MISSING;
    case 'unreadable':
      return `${unknown}. Check its name and -n.`;
    case 'listed': {
      const near = nearTo({ namespace, name }, listed.resources);
      if (near.length > 0) return `${unknown}. Did you mean ${near.join(' or ')}?`;
      const here = listed.resources.some(({ metadata }) => metadata.namespace === namespace);
      return here
        ? `${unknown}, and no other there has a name like it. List them by: ingress-ha status -n ${namespace}`
        : `${unknown}: there is none at all in it. Check -n.`;
    }
  }
}

type Listed =
  | { readonly kind: 'listed'; readonly resources: readonly KubeObject[] }
  | { readonly kind: 'kind-missing' }
  | { readonly kind: 'unreadable' };

/** Those of all namespaces, or else of one: few people may list them all. */
async function listOf(
  client: Pick<KubeClient, 'list'>,
  namespace: string,
  options: CallOptions,
): Promise<Listed> {
  for (const where of ['', namespace]) {
    try {
      const { items } = await client.list(IngressControllerHAKind, where, options);
      return { kind: 'listed', resources: items };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'not-found') return { kind: 'kind-missing' };
      if (failure.kind !== 'forbidden') break;
    }
  }
  return { kind: 'unreadable' };
}

/** Quoted: near names in the namespace, the nearest first, then the same name in other ones. */
function nearTo(
  asked: { readonly namespace: string; readonly name: string },
  resources: readonly KubeObject[],
): readonly string[] {
  const limit = Math.max(2, Math.floor(asked.name.length / 3));
  const here = resources
    .filter(({ metadata }) => metadata.namespace === asked.namespace)
    .map(({ metadata: { name } }) => ({ name, far: distance(asked.name, name) }))
    .filter(({ name, far }) => far <= limit || overlap(name, asked.name))
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .map(({ name }) => `"${name}"`);
  const elsewhere = resources
    .filter(
      ({ metadata }) => metadata.name === asked.name && metadata.namespace !== asked.namespace,
    )
    .map(({ metadata }) => `the one in namespace "${metadata.namespace}"`)
    .toSorted();
  return [...here, ...elsewhere].slice(0, MAX_NAMES);
}

/** One begins like the other. */
function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** How many letters to change, add, take away, or swap with the next one. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
