/** Takes a key, reconciles it, and requeues it as its outcome demands. */
import { failureOf, type KubeFailure, retryFor, unreachable } from '../../base/failure.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';
import type { Outcome } from '../../decide/plan/outcome.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Repeats } from '../../telemetry/repeats.ts';
import type { CostlyKeys } from './costly-keys.ts';
import type { Workqueue } from './workqueue.ts';

/** Dependencies of a worker. */
export interface WorkerOptions {
  readonly queue: Workqueue<ObjectKey>;
  readonly reconcile: (key: ObjectKey) => Promise<Outcome>;
  readonly observer: WorkerObserver;
  readonly clock: Clock;
  readonly log: Log;
  /** Both are shared by all workers: a key goes from one to another. */
  readonly troubles: Repeats;
  readonly costly: CostlyKeys;
}

/** Is called when a reconcile starts and ends: the source of the `controller_runtime_*` metrics. */
export interface WorkerObserver {
  started(): void;
  /** `result` as controller-runtime names it. */
  ended(
    result: 'success' | 'error' | 'requeue_after',
    reconciled: { readonly outcome: Outcome; readonly tookMs: number },
  ): void;
}

/**
 * Pause in ms before a resource with a terminal error is reconciled again: objects that no watch of ours delivers may
 * have gone meanwhile.
 */
const TERMINAL_RECHECK_MS = 15_000;
/** Pause in ms while a step waits: what it waits for comes as an event, and this covers a lost one. */
const PROGRESS_RECHECK_MS = 5_000;

/** Works until the queue stops. Never rejects: what a reconcile throws becomes a failure of its key. */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    const key = await options.queue.take(signal);
    if (key === undefined) return;
    options.observer.started();
    const startedAtMs = options.clock.nowMs();
    const outcome = await attempt(options, key);
    const tookMs = options.clock.nowMs() - startedAtMs;
    const again = requeue(options, key, { outcome, tookMs });
    options.queue.done(key);
    options.observer.ended(resultOf(outcome, again), { outcome, tookMs });
  }
}

async function attempt({ reconcile }: WorkerOptions, key: ObjectKey): Promise<Outcome> {
  try {
    return await reconcile(key);
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

interface Reconciled {
  readonly outcome: Outcome;
  readonly tookMs: number;
}

function requeue(options: WorkerOptions, key: ObjectKey, reconciled: Reconciled): Requeue {
  const { queue, costly } = options;
  const again = requeueFor(reconciled.outcome);
  const pauseMs = costly.ended(keyText(key), reconciled);
  logOutcome(options, keyText(key), reconciled.outcome);
  if (again.kind !== 'rate-limited') queue.forget(key);
  if (again.kind === 'rate-limited')
    queue.addRateLimited(key, Math.max(again.notBeforeMs, pauseMs));
  if (again.kind === 'after') queue.addAfter(key, Math.max(again.delayMs, pauseMs));
  return again;
}

/** A resource may fail for days: that is logged now and then, and stands in its status all the time. */
function logOutcome({ log, troubles }: WorkerOptions, key: string, outcome: Outcome): void {
  const failure = failureIn(outcome);
  if (failure !== undefined) {
    const isNews = failure.kind !== 'aborted' && troubles.isNews(key, failure.kind);
    if (isNews) log.warn('Pass failed', { resource: key, ...failure });
  } else if (outcome.kind === 'gone') {
    troubles.forget(key);
  } else if (
    outcome.kind !== 'terminal-error' &&
    outcome.kind !== 'unreported' &&
    troubles.isOver(key)
  ) {
    log.info('Passes succeed again', { resource: key });
  }
}

/** The failure to be logged. A status that was rejected is logged where it is written, once for each change. */
function failureIn(outcome: Outcome): KubeFailure | undefined {
  if (outcome.kind === 'terminal-error') return outcome.bug;
  return outcome.kind === 'failed' ? outcome.failure : undefined;
}

/** When the key is to come back by itself; an event may bring it back sooner. */
type Requeue =
  | { readonly kind: 'never' }
  | { readonly kind: 'after'; readonly delayMs: number }
  | { readonly kind: 'rate-limited'; readonly notBeforeMs: number };

function requeueFor(outcome: Outcome): Requeue {
  switch (outcome.kind) {
    case 'settled':
      return outcome.requeueAfterMs === undefined
        ? { kind: 'never' }
        : { kind: 'after', delayMs: outcome.requeueAfterMs };
    case 'gone':
      return { kind: 'never' };
    case 'progressing':
    case 'queued':
      return { kind: 'after', delayMs: PROGRESS_RECHECK_MS };
    case 'terminal-error':
      return { kind: 'after', delayMs: TERMINAL_RECHECK_MS };
    case 'failed':
      return requeueAfterFailure(outcome.failure);
    case 'unreported':
      return soonerOf(requeueFor(outcome.outcome), requeueAfterFailure(outcome.failure));
    default:
      return unreachable(outcome);
  }
}

function requeueAfterFailure(failure: KubeFailure): Requeue {
  const retry = retryFor(failure);
  switch (retry.kind) {
    case 'backoff':
      return { kind: 'rate-limited', notBeforeMs: retry.notBeforeMs };
    case 'slowly':
      return { kind: 'after', delayMs: TERMINAL_RECHECK_MS };
    case 'never':
      return { kind: 'never' };
    default:
      return unreachable(retry);
  }
}

function soonerOf(one: Requeue, other: Requeue): Requeue {
  if (one.kind !== 'after') return one.kind === 'never' ? other : one;
  return other.kind === 'after' && other.delayMs < one.delayMs ? other : one;
}

function resultOf(outcome: Outcome, again: Requeue): 'success' | 'error' | 'requeue_after' {
  if (outcome.kind === 'failed' || outcome.kind === 'unreported') return 'error';
  return again.kind === 'after' ? 'requeue_after' : 'success';
}
