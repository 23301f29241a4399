/** Which Lease a resource elects by, read from the resource as it is, valid or not. */
import type { KubeObject } from '../base/kube-object.ts';
import { isObject } from '../base/read.ts';

/** Default of `spec.leaderElection.leaseName`: the name that the vendor's chart uses. */
export const DEFAULT_LEASE_NAME = 'apisix-ingress-controller-leader';

/** `spec.leaderElection.leaseName`, or the default where it names none. */
export function leaseNameOf({ spec }: KubeObject): string {
  const election = isObject(spec) ? spec.leaderElection : undefined;
  const name = isObject(election) ? election.leaseName : undefined;
  return typeof name === 'string' && name !== '' ? name : DEFAULT_LEASE_NAME;
}
