/** What the operator did about the end of a leader, as the history reports it. */
import type { FailoverRecord } from '../../api/types.generated.ts';
import type { HistoryInput, Tenure } from './history-types.ts';
import { REFUSALS } from './refusals.ts';

/** The part of a record that is about the operator. */
export type Assist = Pick<FailoverRecord, 'assist' | 'assistReason'>;

/** For the change of leader that ended `tenure`. */
export function assistOf(
  tenure: Tenure,
  { facts, memory, missingRight, nowMs }: HistoryInput,
): Assist {
  if (facts.policy.mode === 'Disabled') {
    return { assist: 'Disabled', assistReason: REFUSALS.disabled };
  }
  if (memory.clears.some(({ identity }) => identity === tenure.identity)) {
    return { assist: 'Cleared', assistReason: 'The kubelet reported the end of the leader' };
  }
  if (tenure.observedAtMs !== undefined) {
    const savedMs = Math.round(nowMs - tenure.observedAtMs);
    return {
      assist: 'Observed',
      assistReason: `The Lease would have been freed ${savedMs} ms before it changed hands`,
    };
  }
  if (missingRight !== undefined) {
    return { assist: 'Refused', assistReason: `The operator lacks the right to ${missingRight}` };
  }
  if (tenure.decision.kind === 'refuse') {
    return { assist: 'Refused', assistReason: REFUSALS[tenure.decision.because] };
  }
  return tenure.decision.kind === 'clear'
    ? { assist: 'Refused', assistReason: 'The Lease changed hands before it could be freed' }
    : { assist: 'NotNeeded', assistReason: 'The Lease changed hands by itself' };
}
