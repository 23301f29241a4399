/**
 * HighlyAvailable: whether losing one pod or one node leaves a replica that can take over. A
 * statement of fact beside Ready, since one replica may be exactly what the user asked for.
 */

import type { Ha } from '../../api/ha.ts';
import { type ConditionState, conditionState } from '../../base/condition-state.ts';
import { failoverIsSafe } from '../../desired/catalogue.ts';
import type { Leadership } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';

/** The condition HighlyAvailable. */
export function highlyAvailableCondition(
  ha: Ha,
  observation: Present,
  leadership: Leadership,
): ConditionState {
  if (leadership.kind === 'disabled') {
    return no('ElectionDisabled', 'Without leader election only one replica may run');
  }
  if (ha.replicas < 2) {
    return no('SingleReplica', 'Nobody can take over: set `spec.replicas` to 2 or more');
  }
  if (!failoverIsSafe(ha)) {
    return no(
      'VersionUnsafe',
      `With provider APISIXStandalone, version ${ha.controller.version} may have its pushes rejected when leadership returns to a pod that led before: use 2.2.0 or later, with adc 0.27.0 or later`,
    );
  }
  const leader = leadership.kind === 'led' ? leadership.pod : undefined;
  const ready = observation.pods.filter((pod) => pod.ready && !pod.deleting);
  if (!ready.some((pod) => pod.name !== leader?.name) || ready.length < 2) {
    return no('StandbyNotReady', 'No Ready standby waits to take over');
  }
  if (new Set(ready.map((pod) => pod.nodeName)).size < 2) {
    return no('SingleNode', `All Ready replicas run on node "${ready[0]?.nodeName ?? 'unknown'}"`);
  }
  return (
    evictionBlocked(observation) ??
    conditionState('True', 'Redundant', 'A Ready standby on another node can take over')
  );
}

function evictionBlocked({ budget }: Present): ConditionState | undefined {
  const blocked =
    budget?.current === true &&
    budget.expectedPods > 0 &&
    budget.currentHealthy >= budget.expectedPods &&
    budget.disruptionsAllowed === 0;
  return blocked
    ? no(
        'EvictionBlocked',
        'The PodDisruptionBudget allows no eviction although all replicas are healthy: nodes cannot be drained',
      )
    : undefined;
}

function no(reason: string, message: string): ConditionState {
  return conditionState('False', reason, message);
}
