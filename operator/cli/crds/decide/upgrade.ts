/**
 * Whether our CustomResourceDefinition may take the place of a live one, and whether the API server
 * serves it. Applying must never cost stored data: the API server drops what a schema does not know.
 */
import { CRD_NAME, SERVED_VERSIONS } from '../../../api/crd.ts';
import { fieldsOnlyIn } from '../../../api/live-crd.ts';
import { conditionOf } from '../../../base/conditions.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, records } from '../../../base/read.ts';
import { IngressControllerHAKind, RESOURCE_KIND } from '../../../base/resource-kinds.ts';

/** Whether the definition of this program may replace the live one. */
type CrdUpgrade =
  | { readonly kind: 'allowed' }
  /** No flag allows that. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It works, and resources lose fields: only with --allow-downgrade. */
  | { readonly kind: 'downgrade'; readonly message: string };

/** Whether a definition is served. */
type Establishment =
  | { readonly kind: 'established' }
  | { readonly kind: 'pending'; readonly message: string };

/** Paths named in a message; the rest are counted. */
const SHOWN = 3;
const WHERE = `The CustomResourceDefinition "${CRD_NAME}" in the cluster`;

/** Whether the definition of this program may replace `live`. */
export function crdUpgrade(live: KubeObject): CrdUpgrade {
  const message = whyNever(live);
  if (message !== undefined) return { kind: 'refused', message };
  const known = newerParts(live);
  if (known.length === 0) return { kind: 'allowed' };
  const shown = known.slice(0, SHOWN).join(', ');
  const more = known.length > SHOWN ? ` and ${known.length - SHOWN} more` : '';
  return {
    kind: 'downgrade',
    message: `${WHERE} is newer than this program: it knows ${shown}${more}, which stored resources would lose`,
  };
}

/** Whether the API server serves the resources that `crd` defines, else its own words why not. */
export function establishment(crd: KubeObject): Establishment {
  const established = conditionOf(crd, 'Established');
  if (established?.status === 'True') return { kind: 'established' };
  const reported = [established, conditionOf(crd, 'NamesAccepted')]
    .filter((condition) => condition?.status === 'False')
    .map((condition) => `${condition?.type}=False: ${condition?.message}`);
  const message = reported.length === 0 ? 'it says nothing about Established' : reported.join('; ');
  return { kind: 'pending', message };
}

function whyNever(live: KubeObject): string | undefined {
  const spec = record(live.spec);
  const names = record(spec.names);
  if (names.kind !== RESOURCE_KIND || spec.scope !== IngressControllerHAKind.scope) {
    return `${WHERE} defines the kind ${String(names.kind)} (${String(spec.scope)}), not ${RESOURCE_KIND} (${IngressControllerHAKind.scope}): it belongs to something else`;
  }
  if (live.metadata.deletionTimestamp !== undefined) {
    return `${WHERE} is being deleted, with every resource of it: wait until it is gone`;
  }
  const foreign = storedVersions(live).filter((version) => !SERVED_VERSIONS.includes(version));
  if (foreign.length === 0) return undefined;
  return `${WHERE} stores resources as ${foreign.join(', ')}, which this program does not serve: they would be lost. Use the program that wrote them, or migrate them first`;
}

function newerParts(live: KubeObject): readonly string[] {
  const served = records(record(live.spec).versions)
    .filter(({ name, served: isServed }) => isServed === true && !isOurs(name))
    .map(({ name }) => `version ${String(name)}`);
  return [...served, ...fieldsOnlyIn(live).map((path) => `\`${path}\``)];
}

function isOurs(version: unknown): boolean {
  return typeof version === 'string' && SERVED_VERSIONS.includes(version);
}

function storedVersions(live: KubeObject): readonly string[] {
  const { storedVersions: stored } = record(live.status);
  return Array.isArray(stored) ? stored.map(String) : [];
}
