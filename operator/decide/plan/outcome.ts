/**
 * How one reconcile ended, and what that means for the next one. `failed` is retried with backoff;
 * `terminal-error` stands until the user changes something, and is checked again slowly. Both leave alone
 * what runs.
 */

import type { Problem } from '../../api/parse.ts';
import type { TerminalError, TerminalReason } from '../../api/status.ts';
import type { KubeFailure } from '../../base/failure.ts';
import { describeRef, type KubeObject } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import type { DeploymentFacts } from '../observed/workload.ts';
import { refOfStep, type Step } from './step.ts';

/** The result of a reconcile. */
export type Outcome =
  /** All is applied. `requeueAfterMs`: what depends on time alone is due then; undefined: nothing is. */
  | { readonly kind: 'settled'; readonly requeueAfterMs?: number | undefined }
  /** A step waits for something that Kubernetes does by itself. */
  | { readonly kind: 'progressing'; readonly waitingFor: string }
  /** All is applied but the Deployment, whose rollout waits until these resources have rolled out. */
  | { readonly kind: 'queued'; readonly behind: readonly string[] }
  /** Only the user can help. */
  | {
      readonly kind: 'terminal-error';
      readonly terminalErrors: readonly [TerminalError, ...TerminalError[]];
      /** Present when one of the terminal errors is a bug of this program: for the log and the metrics. */
      readonly bug?: KubeFailure;
    }
  /** To be retried as `retryFor` says. */
  | { readonly kind: 'failed'; readonly failure: KubeFailure }
  /** The API server rejected the status, or a part of it; `outcome` is how the reconcile ended otherwise. */
  | { readonly kind: 'unreported'; readonly failure: KubeFailure; readonly outcome: Outcome }
  /** There is no resource any more. */
  | { readonly kind: 'gone' };

/**
 * The result of a step. `unchanged`: the server showed that there was nothing to do, perhaps by an object
 * that the caches did not hold. `refused`: the object belongs to `owner`, so nothing was written.
 */
export type StepResult =
  | { readonly kind: 'done'; readonly step: Step; readonly object?: KubeObject }
  | { readonly kind: 'unchanged'; readonly step: Step; readonly object?: KubeObject }
  | { readonly kind: 'refused'; readonly step: Step; readonly owner: string }
  | { readonly kind: 'awaiting'; readonly step: Step; readonly what: string }
  | { readonly kind: 'failed'; readonly step: Step; readonly failure: KubeFailure };

/** The outcome that the results of a plan's steps amount to; the worst one counts. */
export function conclude(results: readonly StepResult[]): Outcome {
  const refusals = results.flatMap((result) =>
    result.kind === 'refused' ? [refusal(result)] : [],
  );
  if (isNonEmpty(refusals)) return { kind: 'terminal-error', terminalErrors: refusals };

  const failed = results.find((result) => result.kind === 'failed');
  if (failed !== undefined) return failureOutcome(failed.failure);

  const awaiting = results.find((result) => result.kind === 'awaiting');
  if (awaiting !== undefined) {
    const ref = describeRef(refOfStep(awaiting.step));
    return { kind: 'progressing', waitingFor: `${ref} waits for ${awaiting.what}` };
  }
  return { kind: 'settled' };
}

/** The outcome of a reconcile that left its rollout for later. */
export function queuedAfter(outcome: Outcome, behind: readonly string[]): Outcome {
  return outcome.kind === 'settled' ? { kind: 'queued', behind } : outcome;
}

/** A failure that only the user can end is a terminal error; every other one is retried. */
function failureOutcome(failure: KubeFailure): Outcome {
  const reason = terminalReasonOf(failure);
  if (reason === undefined) return { kind: 'failed', failure };
  return { kind: 'terminal-error', terminalErrors: [{ reason, message: failure.message }] };
}

/** A bug of this program that this resource shows: reported after what else blocks it. */
export function terminalByBug(
  bug: KubeFailure,
  found: readonly TerminalError[],
): Extract<Outcome, { kind: 'terminal-error' }> {
  const message = `The operator cannot work with this resource (${bug.message}): what runs is left running; please report the trace in the operator's log`;
  const own: TerminalError = { reason: 'OperatorError', message };
  const [first = own, ...rest] = found;
  return {
    kind: 'terminal-error',
    terminalErrors: first === own ? [own] : [first, ...rest, own],
    bug,
  };
}

/** A stored resource that breaks a rule: admission would reject it today. */
export function terminalByProblems(
  problems: readonly Problem[],
): Extract<Outcome, { kind: 'terminal-error' }> {
  const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  return { kind: 'terminal-error', terminalErrors: [{ reason: 'AdmissionDenied', message }] };
}

/** What the Deployment reports of pods that it could not even create. */
export function podCreationErrors(facts: DeploymentFacts | undefined): readonly TerminalError[] {
  const message = facts?.replicaFailure;
  if (message === undefined) return [];
  if (/serviceaccount .*not found/i.test(message)) {
    const advice = 'Let the installer serve this namespace (ingress-ha render operator)';
    return [{ reason: 'PrerequisiteMissing', message: `${message}. ${advice}` }];
  }
  if (/forbidden|denied/i.test(message) && !/exceeded quota/i.test(message)) {
    return [{ reason: 'AdmissionDenied', message }];
  }
  return [];
}

/** The outcome with these terminal errors in front; unchanged when there are none. */
export function withTerminalErrors(
  outcome: Outcome,
  terminalErrors: readonly TerminalError[],
): Outcome {
  if (!isNonEmpty(terminalErrors) || outcome.kind === 'failed') return outcome;
  return outcome.kind === 'terminal-error'
    ? { ...outcome, terminalErrors: [...outcome.terminalErrors, ...terminalErrors] }
    : { kind: 'terminal-error', terminalErrors };
}

function terminalReasonOf(failure: KubeFailure): TerminalReason | undefined {
  if (failure.kind === 'invalid' || failure.kind === 'denied') return 'AdmissionDenied';
  if (failure.kind === 'forbidden' && failure.cause === 'rights') return 'PermissionDenied';
  return undefined;
}

function refusal({ step, owner }: Extract<StepResult, { kind: 'refused' }>): TerminalError {
  const ref = refOfStep(step);
  const what = `${describeRef(ref)} exists and belongs to ${owner}`;
  return ref.kind === LeaseKind.kind
    ? {
        reason: 'LeaseConflict',
        message: `${what}: choose another \`leaderElection.leaseName\` in a new resource, or remove that Lease once nothing uses it`,
      }
    : {
        reason: 'ObjectNotOwned',
        message: `${what}: it is left alone; rename or remove it, or give this resource another name`,
      };
}

function isNonEmpty<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}
