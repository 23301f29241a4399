/**
 * HighlyAvailable: whether losing one pod or one node leaves a replica that can take over. A
 * statement of fact beside Ready, since one replica may be exactly what the user asked for.
 */
import type { Ha } from '../../api/ha.ts';
import { failoverIsSafe } from '../../desired/catalogue.ts';
import type { Leadership } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';
import { type Verdict, verdict } from '../observed/verdict.ts';

export function redundancyVerdict(ha: Ha, observation: Present, leadership: Leadership): Verdict {
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
    verdict('True', 'Redundant', 'A Ready standby on another node can take over')
  );
}

function evictionBlocked({ budget }: Present): Verdict | undefined {
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

function no(reason: string, message: string): Verdict {
  return verdict('False', reason, message);
}
