/**
 * What the controller may do beyond the installer's ClusterRole: read and renew its one Lease, and
 * record events. It needs no `create`, since the operator creates the Lease.
 */
import type { Ha, PassThrough } from '../api/ha.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { RoleBindingKind, RoleKind } from '../base/resource-kinds.ts';
import { child } from './child.ts';
import type { InstallerPolicy } from './installer.ts';
import { childName } from './naming.ts';

/** Rights on one named Lease, none with election disabled; events either way. */
export function role(ha: Ha): KubeObject {
  const events = { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] };
  const rules = ha.election.mode === 'Lease' ? [leaseRule(ha), events] : [events];
  return child(ha, RoleKind, { rules });
}

/** Binds the Role to the account that the installer provides in this namespace. */
export function roleBinding(ha: Ha, policy: InstallerPolicy): KubeObject {
  return child(ha, RoleBindingKind, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: childName(ha) },
    subjects: [
      { kind: 'ServiceAccount', name: policy.serviceAccountName, namespace: ha.namespace },
    ],
  });
}

function leaseRule(ha: Ha): PassThrough {
  return {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [ha.election.leaseName],
    verbs: ['get', 'update'],
  };
}
