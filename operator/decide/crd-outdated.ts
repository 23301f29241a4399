/**
 * Whether the CRD in the cluster is older than this program: fields that it does not know would be
 * pruned from resources before we ever see them. Helm never upgrades CRDs, so this does happen.
 */
import type { Advice } from '../api/status.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { record } from './facts.ts';

/** Paths named in the message; the rest are counted. */
const SHOWN = 3;

/** One piece of advice when `live` lacks fields of `ours`, else none. */
export function crdAdvice(live: KubeObject, ours: KubeObject): readonly Advice[] {
  const missing = missingFields(schemaOf(live), schemaOf(ours), '');
  if (missing.length === 0) return [];
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  return [
    {
      reason: 'CRDOutdated',
      message: `The CustomResourceDefinition in the cluster does not know ${missing.slice(0, SHOWN).join(', ')}${more}: apply the one of this version`,
    },
  ];
}

function schemaOf(crd: KubeObject): unknown {
  const versions = record(crd.spec).versions;
  const wanted = Array.isArray(versions) ? versions[0] : undefined;
  return record(record(wanted).schema).openAPIV3Schema;
}

function missingFields(live: unknown, ours: unknown, path: string): readonly string[] {
  const known = record(record(live).properties);
  const here = Object.entries(record(record(ours).properties)).flatMap(([name, field]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const found = known[name];
    return found === undefined ? [`\`${at}\``] : missingFields(found, field, at);
  });
  const items = record(ours).items;
  const below = items === undefined ? [] : missingFields(record(live).items, items, `${path}[]`);
  return [...here, ...below];
}
