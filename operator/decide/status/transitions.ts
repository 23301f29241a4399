/** The events for the change from one status to the next: transitions, never repetitions. */
import { ConditionType, type HaStatus } from '../../api/status.ts';

/** `type` and `reason` as in an event of Kubernetes. */
export interface Transition {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** In order: the leader first. Empty when nothing worth an event has changed. */
export function transitions(previous: HaStatus, next: HaStatus): readonly Transition[] {
  return [...leaderTransition(previous, next), ...conditionTransitions(previous, next)];
}

function leaderTransition(previous: HaStatus, next: HaStatus): readonly Transition[] {
  const { leader } = next;
  if (leader === undefined || leader.identity === previous.leader?.identity) return [];
  // The failover loop reports a change that it has observed, in more detail.
  if (next.failovers?.some(({ toIdentity }) => toIdentity === leader.identity)) return [];
  // A holder that is no pod of ours does not lead here.
  const does = leader.podName === undefined ? 'holds the Lease' : 'leads';
  const message =
    previous.leader === undefined
      ? `"${leader.identity}" ${does}`
      : `"${leader.identity}" ${does}, after "${previous.leader.identity}"`;
  return [{ type: 'Normal', reason: 'LeaderChanged', message }];
}

function conditionTransitions(previous: HaStatus, next: HaStatus): readonly Transition[] {
  const before = conditionOf(previous, ConditionType.Stalled);
  const after = conditionOf(next, ConditionType.Stalled);
  if (
    after !== undefined &&
    (after.reason !== before?.reason || after.message !== before.message)
  ) {
    return [{ type: 'Warning', reason: after.reason, message: after.message }];
  }
  const wasReady = conditionOf(previous, ConditionType.Ready);
  const ready = conditionOf(next, ConditionType.Ready);
  if (ready === undefined || after !== undefined || ready.status === wasReady?.status) return [];
  if (ready.status === 'True') {
    return [{ type: 'Normal', reason: 'Ready', message: ready.message }];
  }
  return wasReady?.status === 'True' && ready.reason !== 'RollingOut'
    ? [{ type: 'Warning', reason: ready.reason, message: ready.message }]
    : [];
}

function conditionOf(status: HaStatus, type: ConditionType) {
  return status.conditions?.find((condition) => condition.type === type);
}
