/**
 * The PodDisruptionBudget: how many controller pods a drain may take away at once.
 *
 * It limits what is missing, not what must stay: with `maxUnavailable: 1`, n replicas keep n - 1 of
 * them at any n, and a drain always gets on. The vendor's chart asks for `minAvailable: 90%`, which
 * of two replicas is rounded up to two, so that no eviction ever succeeds. A percentage here is
 * rounded up as well, so it always allows at least one eviction. One replica gets no budget: it could
 * only block the drain or allow it, and it must not block it.
 */
import type { Ha } from '../api/ha.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { DisruptionBudgetKind } from '../base/resource-kinds.ts';
import { child } from './child.ts';
import { selectorLabels } from './naming.ts';

/** The budget from two replicas on, else nothing. */
export function disruptionBudget(ha: Ha): readonly KubeObject[] {
  if (ha.disruptionBudget.mode === 'Disabled' || ha.replicas < 2) return [];
  return [
    child(ha, DisruptionBudgetKind, {
      spec: {
        maxUnavailable: ha.disruptionBudget.maxUnavailable,
        selector: { matchLabels: selectorLabels(ha) },
        // A pod that is not ready protects nothing, and must not keep its node from being drained.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    }),
  ];
}
