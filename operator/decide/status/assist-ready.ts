/**
 * FailoverAssistReady: whether the operator would free the Lease if the leader died now. It follows from
 * what only the operator's memory holds, so the message names every rule that is not met.
 */

import { type ConditionState, conditionState, sentences } from '../../base/condition-state.ts';
import { unreachable } from '../../base/failure.ts';
import { REFUSALS } from '../failover/refusals.ts';
import type { FailoverFacts, FailoverMemory } from '../failover/types.ts';
import { holderAmong, podNamedBy } from '../observed/holder.ts';

/** A holder has had time to renew, and so to be bound, after this many retry periods. */
const BINDING_PERIODS = 3;
/**
 * A Lease without a holder counts as a transition for this many retry periods: longer than a failover at
 * worst.
 */
const VACANT_PERIODS = 20;

/** What the condition is computed from. `nowMs`: on our clock. */
export interface AssistView {
  readonly memory: FailoverMemory;
  readonly facts: FailoverFacts;
  /** A right that the operator was refused, such as `get pods`. */
  readonly missingRight?: string;
  readonly nowMs: number;
}

/** Before a holder was observed. */
export const NOT_WATCHING: ConditionState = conditionState(
  'False',
  'HolderUnbound',
  'No holder of the Lease has been seen alive yet',
);

/** For a resource whose settings leave nothing to assist. */
export const ASSIST_DISABLED: ConditionState = conditionState(
  'False',
  'Disabled',
  'Assisted failover is disabled: a dead leader is replaced when its Lease expires',
);

/** The condition; undefined in a transition of seconds, in which what was reported before still holds. */
export function assistReadyCondition(view: AssistView): ConditionState | undefined {
  const { facts } = view;
  if (facts.policy.mode === 'Disabled') return ASSIST_DISABLED;
  const broken = brokenRules(view);
  const [first] = broken;
  if (first !== undefined) {
    return conditionState('False', first.reason, sentences(broken.map(({ message }) => message)));
  }
  const binding = bindingState(view);
  if (binding === 'unbound') return unboundCondition(facts);
  if (binding === 'in-transition') return undefined;
  return facts.policy.mode === 'Observe'
    ? conditionState(
        'True',
        'ObserveOnly',
        'The holder is watched; its death would only be reported',
      )
    : conditionState('True', 'Watching', 'The holder is watched: if it dies, its Lease is freed');
}

interface Broken {
  readonly reason: string;
  readonly message: string;
}

function brokenRules({ memory, facts, missingRight }: AssistView): readonly Broken[] {
  const { lease, policy, pods } = facts;
  const pod = podNamedBy(lease?.holder ?? '', pods);
  const shape = memory.binding?.unsupported ?? pod?.unsupported;
  const rules: readonly (Broken | false | undefined)[] = [
    missingRight !== undefined && {
      reason: 'PermissionDenied',
      message: `The operator lacks the right to ${missingRight}`,
    },
    lease?.ours === false && { reason: 'LeaseForeign', message: REFUSALS['lease-foreign'] },
    lease?.coordinated && { reason: 'LeaseForeign', message: REFUSALS['coordinated-election'] },
    isDoubted(memory, pods) && {
      reason: 'DeathContradicted',
      message: REFUSALS['death-contradicted'],
    },
    memory.departed?.includes(lease?.holder ?? '') && {
      reason: 'HolderUnbound',
      message: REFUSALS['already-cleared'],
    },
    memory.suspended && { reason: 'Suspended', message: REFUSALS.suspended },
    shape !== undefined && {
      reason: 'UnsupportedPodShape',
      message: `The end of the leader's container would prove nothing: ${shape} in its pod`,
    },
    !policy.isCrashSafe(pod?.version) && {
      reason: 'VersionUnsafe',
      message: `${REFUSALS['version-unsafe']}; a pod that is deleted is still assisted`,
    },
  ];
  return rules.filter((rule) => rule !== false && rule !== undefined);
}

/** Whether the kubelet still reports that the container ended although its process renews. */
function isDoubted({ binding, death, contradicted }: FailoverMemory, pods: FailoverFacts['pods']) {
  if (binding === undefined || death !== undefined || contradicted === undefined) return false;
  const pod = pods.find(({ uid }) => uid === binding.podUid);
  const run = pod?.current;
  const isShown = run?.kind === 'running' && run.containerId === binding.containerId;
  return pod !== undefined && !isShown;
}

/** Only a holder that is named like its pod can be bound: the message says what this one is instead. */
function unboundCondition({ lease, pods }: FailoverFacts): ConditionState {
  const holder = holderAmong(lease?.holder ?? '', pods);
  const message = (who: string) =>
    `The Lease is held by "${lease?.holder}", which is ${who}: its death would not be seen`;
  switch (holder.kind) {
    case 'none':
      return NOT_WATCHING;
    case 'foreign':
      return conditionState('False', 'HolderUnbound', message('no pod of this resource'));
    case 'one-of':
      return conditionState('False', 'HolderUnbound', message('the name of no pod'));
    case 'pod':
      return holder.pod === podNamedBy(lease?.holder ?? '', pods)
        ? NOT_WATCHING
        : conditionState('False', 'HolderUnbound', message('not the name of its pod'));
    default:
      return unreachable(holder);
  }
}

function bindingState({ memory, facts, nowMs }: AssistView): 'bound' | 'unbound' | 'in-transition' {
  const { holder, binding, death, vacantSinceMs } = memory;
  const { retryPeriodMs } = facts.policy;
  if (holder === undefined) {
    if (vacantSinceMs === undefined) return 'unbound';
    const longVacant = nowMs - vacantSinceMs >= VACANT_PERIODS * retryPeriodMs;
    return longVacant ? 'unbound' : 'in-transition';
  }
  if (binding !== undefined) return death === undefined ? 'bound' : 'in-transition';
  const hadTime = nowMs - holder.sinceMs >= BINDING_PERIODS * retryPeriodMs;
  return hadTime ? 'unbound' : 'in-transition';
}
