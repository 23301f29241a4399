/**
 * What `explain` looks at, for tests: pod `x-1` leads on node `n1`, `x-2` is Ready beside it, 30/20/2, and
 * an operator leads and watches. Tests change only what matters.
 */
import type { Condition, HaStatus } from '../../operator/api/status.ts';
import type { ExplainView } from '../../operator/cli/explain/decide/explain-view.ts';
import type { FailoverFacts, GuardedLease } from '../../operator/decide/failover/types.ts';
import type { Pod } from '../../operator/decide/observed/pod.ts';
import { aHolder, identityOf } from './a-holder.ts';
import { anHa, type Changes } from './an-ha.ts';

export const NOW_MS = Date.parse('2027-01-15T08:10:00Z');
export const LEADER = identityOf('x-1');

export function anExplainView(
  changes: Changes<Omit<ExplainView, 'facts'>> & { readonly facts?: Partial<FailoverFacts> } = {},
): ExplainView {
  const { facts, ha, status, operator, ...rest } = changes;
  const built = anHa({ generation: 3, ...ha });
  const base = aHolder().facts;
  return {
    ha: built,
    status: { ...aStatus(), ...(status as Partial<HaStatus> | undefined) },
    operator: (operator as ExplainView['operator'] | undefined) ?? {
      kind: 'leads',
      identity: identityOf('operator-1'),
      ageMs: 1_400,
    },
    unread: {},
    renewal: { ageMs: 900, durationMs: 30_000 },
    nowMs: NOW_MS,
    ...(rest as Partial<ExplainView>),
    facts: {
      ...base,
      policy: {
        ...base.policy,
        mode: built.failover.mode,
        clearDelayMs: built.failover.clearDelayMs,
      },
      node: 'ready',
      ...facts,
    },
  };
}

export function aStatus(): Partial<HaStatus> {
  return {
    observedGeneration: 3,
    leader: { identity: LEADER, podName: 'x-1', transitions: 1 },
    conditions: [
      assist('True', 'Watching', 'The holder is watched: if it dies, its Lease is freed'),
    ],
  };
}

export function assist(status: Condition['status'], reason: string, message: string): Condition {
  return {
    type: 'FailoverAssistReady',
    status,
    reason,
    message,
    observedGeneration: 3,
    lastTransitionTime: '2027-01-15T08:00:00Z',
  };
}

/** The Lease, with changes. */
export function withLease(changes: Partial<GuardedLease>): {
  readonly facts: Partial<FailoverFacts>;
} {
  const { lease } = aHolder().facts;
  return { facts: lease === undefined ? {} : { lease: { ...lease, ...changes } } };
}

/** The leader's pod, with changes. */
export function withPod(changes: Partial<Pod>): {
  readonly facts: Partial<FailoverFacts>;
} {
  const [first, ...others] = aHolder().facts.pods;
  return { facts: { pods: first === undefined ? others : [{ ...first, ...changes }, ...others] } };
}
