/**
 * Whether the CRD in the cluster is older than this program: the API server prunes fields that it does not
 * declare, so we never read them. Helm never upgrades CRDs, so this does happen.
 */
import { fieldsMissingFrom } from '../../api/live-crd.ts';
import type { Advice } from '../../api/status.ts';
import type { KubeObject } from '../../base/kube-object.ts';

/** Paths named in the message; the rest are counted. */
const SHOWN = 3;

/** One piece of advice when `live` lacks fields of ours, else none. */
export function crdAdvice(live: KubeObject): readonly Advice[] {
  const missing = fieldsMissingFrom(live);
  if (missing.length === 0) return [];
  const named = missing.slice(0, SHOWN).map((path) => `\`${path}\``);
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  return [
    {
      reason: 'CRDOutdated',
      message: `The CustomResourceDefinition in the cluster does not know ${named.join(', ')}${more}: apply the one of this version`,
    },
  ];
}
