/**
 * One reconcile of one resource: observe, parse, plan, apply, report. Every other branch is in the file of
 * its stage.
 */
import type { Ha } from '../../api/ha.ts';
import type { TerminalError } from '../../api/status.ts';
import { failureOf } from '../../base/failure.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import type { Present } from '../../decide/observed/observation.ts';
import {
  conclude,
  type Outcome,
  queuedAfter,
  terminalByBug,
  terminalByProblems,
} from '../../decide/plan/outcome.ts';
import { planChanges } from '../../decide/plan/plan.ts';
import { replacementFor } from '../../decide/plan/pod-replacement.ts';
import { startsUnaskedRollout, withoutRollout } from '../../decide/plan/rollout.ts';
import type { Plan } from '../../decide/plan/step.ts';
import { eachTerminalError } from '../../desired/check/check.ts';
import { lazyConfig } from '../../desired/config-map.ts';
import { desiredObjects } from '../../desired/desired.ts';
import { parseOnce } from '../cache/parse-once.ts';
import { applyPlan } from './apply.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { recordResults } from './record-results.ts';
import { type Ending, report, reportInvalid, type Subject } from './report.ts';
import { sweepLease } from './sweep-lease.ts';

/** The outcome of a reconcile. Rejects only if observing, or the write of the status, meets a bug. */
export async function reconcile(context: Context, key: ObjectKey): Promise<Outcome> {
  const observation = observe(context, key);
  context.memories.keep(observation);
  if (observation.kind === 'absent') {
    context.rejections.forget(key);
    return sweepLease(context, observation);
  }
  if (observation.resource.metadata.deletionTimestamp !== undefined) return { kind: 'gone' };

  const parsed = parse(observation);
  if (parsed.kind === 'terminal-error') return reportInvalid(context, observation, parsed);
  const { ha } = parsed;
  const subject = { ha, config: lazyConfig(ha) };
  const intent = intend(context, subject, observation);
  if (intent.kind === 'report') return report(context, subject, intent.ending);

  const { plan } = intent;
  const behind = startsUnaskedRollout(plan, observation) ? context.rollouts.enter(key) : [];
  const outcome = await carryOut(context, {
    ha,
    observation,
    plan: behind.length > 0 ? withoutRollout(plan) : plan,
  }).finally(() => context.rollouts.leave(key));

  return report(context, subject, {
    outcome: behind.length > 0 ? queuedAfter(outcome, behind) : outcome,
  });
}

/** The parsed resource, or why it is invalid. If the parser throws, that is reported like any other problem. */
function parse(
  observation: Present,
): { readonly kind: 'valid'; readonly ha: Ha } | Extract<Outcome, { kind: 'terminal-error' }> {
  try {
    const parsed = parseOnce(observation.resource);
    return parsed.kind === 'valid' ? parsed : terminalByProblems(parsed.problems);
  } catch (error) {
    return terminalByBug(failureOf(error), []);
  }
}

/** What this reconcile is to do. */
type Intent =
  | { readonly kind: 'carry-out'; readonly plan: Plan }
  | { readonly kind: 'report'; readonly ending: Ending };

/** If something throws before anything is written, the terminal errors found until then are reported first. */
function intend(context: Context, { ha, config }: Subject, observation: Present): Intent {
  const terminalErrors: TerminalError[] = [];
  try {
    for (const terminalError of eachTerminalError(ha, context.policy, config))
      terminalErrors.push(terminalError);
    if (terminalErrors.length > 0 || ha.paused)
      return { kind: 'report', ending: { terminalErrors } };
    const desired = desiredObjects(ha, context.policy, {
      podReplacement: replacementFor(ha, observation),
      config,
    });
    return { kind: 'carry-out', plan: planChanges(ha, observation, desired) };
  } catch (error) {
    const outcome = terminalByBug(failureOf(error), terminalErrors);
    return { kind: 'report', ending: { outcome } };
  }
}

interface Work {
  readonly ha: Ha;
  readonly observation: Present;
  readonly plan: Plan;
}

async function carryOut(context: Context, { ha, observation, plan }: Work): Promise<Outcome> {
  const results = await applyPlan(context.kube, plan, { signal: context.signal, owner: ha });
  recordResults(context, observation, results);
  return conclude(results);
}
