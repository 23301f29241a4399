/**
 * The guarded Lease: labels only. Its spec belongs to the candidates, it has no owner since it must
 * not vanish under a living leader, and no annotation of ours, so that nothing about it ever changes.
 */
import type { Ha } from '../api/ha.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { API_GROUP, LeaseKind, typeMeta } from '../base/resource-kinds.ts';
import { childLabels } from './naming.ts';

/** Marks a Lease that others may use too: it is given back, and not deleted (decide/plan/lease-end.ts). */
export const SHARED_LABEL = `${API_GROUP}/shared`;
const SHARED = { [SHARED_LABEL]: 'true' };

/** The same Lease with the mark. */
export function asShared(lease: KubeObject): KubeObject {
  const { metadata } = lease;
  return { ...lease, metadata: { ...metadata, labels: { ...metadata.labels, ...SHARED } } };
}

/** The Lease, or nothing with election disabled. */
export function lease(ha: Ha): readonly KubeObject[] {
  if (ha.election.mode === 'Disabled') return [];
  const metadata = {
    name: ha.election.leaseName,
    namespace: ha.namespace,
    labels: { ...childLabels(ha), ...(ha.election.existingLease === 'Share' && SHARED) },
  };
  return [{ ...typeMeta(LeaseKind), metadata }];
}
