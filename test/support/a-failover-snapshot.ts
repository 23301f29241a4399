/** What the failover loop reads off the caches, with only what matters said. */
import { API_VERSION, RESOURCE_KIND } from '../../operator/base/resource-kinds.ts';
import { type FailoverSnapshot, policyOf } from '../../operator/control/failover/snapshot.ts';
import type { Pod } from '../../operator/decide/observed/pod.ts';
import { anHa } from './an-ha.ts';

export function aFailoverSnapshot({
  pods = [],
}: {
  readonly pods?: readonly Pod[];
} = {}): FailoverSnapshot {
  const ha = anHa();
  const { name, namespace } = ha;
  return {
    ha,
    resource: { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata: { name, namespace } },
    facts: { policy: policyOf(ha), pods, node: 'unasked' },
  };
}
