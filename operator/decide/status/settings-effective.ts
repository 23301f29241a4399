/**
 * ElectionSettingsEffective: whether the live system runs with the settings that were asked for.
 * Observable are the duration in the Lease and the ConfigMap that the leader's pod mounts;
 * renewDeadline and retryPeriod cannot be observed, and follow from that ConfigMap.
 */

import type { Ha } from '../../api/ha.ts';
import { type ConditionState, conditionState } from '../../base/condition-state.ts';
import type { Leadership } from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';
import { rolledOut } from '../plan/plan.ts';

/** The condition ElectionSettingsEffective. `configMapName`: what pods of the present spec mount. */
export function settingsEffectiveCondition(
  ha: Ha,
  observation: Present,
  leadership: Leadership,
  configMapName: string,
): ConditionState {
  if (leadership.kind === 'disabled') {
    return conditionState('True', 'AsRendered', 'Leader election is disabled, as rendered');
  }
  if (!rolledOut(observation)) {
    return conditionState(
      'Unknown',
      'RolloutInProgress',
      'Pods with older settings may still lead',
    );
  }
  if (leadership.kind === 'vacant' || leadership.pod === undefined) {
    return conditionState(
      'Unknown',
      'NoLeader',
      'Only a leader shows which settings are in effect',
    );
  }
  if (!leadership.pod.configMaps.includes(configMapName)) {
    return conditionState(
      'False',
      'ConfigNotLoaded',
      `Leader "${leadership.pod.name}" does not mount ConfigMap "${configMapName}"`,
    );
  }
  const wanted = ha.election.leaseDurationMs / 1000;
  const found = observation.lease?.durationSeconds;
  if (found !== wanted) {
    return conditionState(
      'False',
      'LeaseDurationDiffers',
      `The live Lease says ${found ?? 'no'} seconds, the resource asks for ${wanted}`,
    );
  }
  return conditionState('True', 'AsRendered', `The live Lease says ${found} seconds, as asked`);
}
