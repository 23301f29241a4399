/**
 * One pass over one resource, told as a sentence: look, parse, plan, apply, report. Every other
 * branch lives in the file of its stage.
 */
import type { Ha } from '../api/ha.ts';
import { parseResource } from '../api/parse.ts';
import type { ObjectKey } from '../base/kube-object.ts';
import type { Present } from '../decide/observation.ts';
import { blockedByProblems, conclude, type Outcome, queuedAfter } from '../decide/outcome.ts';
import { type Plan, planChanges } from '../decide/plan.ts';
import { replacementFor } from '../decide/pod-replacement.ts';
import { startsUnaskedRollout, withoutRollout } from '../decide/rollout.ts';
import { findBlockers } from '../desired/check.ts';
import { desiredObjects } from '../desired/desired.ts';
import { applyPlan } from '../kube/apply.ts';
import type { Context } from './context.ts';
import { learn } from './learn.ts';
import { observe } from './observe.ts';
import { report, reportInvalid } from './report.ts';
import { sweepLease } from './sweep-lease.ts';

export async function reconcile(context: Context, key: ObjectKey): Promise<Outcome> {
  const observation = observe(context, key);
  if (observation.kind === 'absent') return sweepLease(context, observation);
  if (observation.resource.metadata.deletionTimestamp !== undefined) return { kind: 'gone' };

  const parsed = parseResource(observation.resource);
  if (parsed.kind === 'invalid') {
    return reportInvalid(context, observation, blockedByProblems(parsed.problems));
  }
  const { ha } = parsed;
  const blockers = findBlockers(ha, context.policy);
  if (blockers.length > 0 || ha.paused) return report(context, ha, { blockers });

  const desired = desiredObjects(ha, context.policy, {
    podReplacement: replacementFor(ha, observation),
  });
  const plan = planChanges(ha, observation, desired);
  const behind = startsUnaskedRollout(plan, observation) ? context.rollouts.enter(key) : [];
  const outcome = await carryOut(context, {
    ha,
    observation,
    plan: behind.length > 0 ? withoutRollout(plan) : plan,
  }).finally(() => context.rollouts.leave(key));

  return report(context, ha, {
    outcome: behind.length > 0 ? queuedAfter(outcome, behind) : outcome,
  });
}

interface Pass {
  readonly ha: Ha;
  readonly observation: Present;
  readonly plan: Plan;
}

async function carryOut(context: Context, { ha, observation, plan }: Pass): Promise<Outcome> {
  const results = await applyPlan(context.kube, plan, { signal: context.signal, owner: ha });
  learn(context, observation, results);
  return conclude(results);
}
