/** Takes a key, reconciles it, and answers its outcome: one switch, and the patience of what is costly. */
import { failureOf, type KubeFailure, retryFor, unreachable } from '../../base/failure.ts';
import { keyText, type ObjectKey } from '../../base/kube-object.ts';
import type { Clock } from '../../base/time.ts';
import type { Outcome } from '../../decide/plan/outcome.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Repeats } from '../../telemetry/repeats.ts';
import type { CostlyKeys } from './costly-keys.ts';
import type { Workqueue } from './workqueue.ts';

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

/** Learns how passes end: the source of the `controller_runtime_*` metrics. */
export interface WorkerObserver {
  started(): void;
  /** `result` as controller-runtime names it. */
  ended(
    result: 'success' | 'error' | 'requeue_after',
    pass: { readonly outcome: Outcome; readonly tookMs: number },
  ): void;
}

/** Objects that no watch of ours shows may have gone meanwhile: how often that is looked at. */
const BLOCKED_RECHECK_MS = 15_000;
/** What is waited for is told by an event; this only covers a lost one. */
const PROGRESS_RECHECK_MS = 5_000;

/** Works until the queue stops. Never rejects: whatever a pass throws becomes a failure of its key. */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    const key = await options.queue.take(signal);
    if (key === undefined) return;
    options.observer.started();
    const startedAtMs = options.clock.nowMs();
    const outcome = await attempt(options, key);
    const tookMs = options.clock.nowMs() - startedAtMs;
    const again = answer(options, key, { outcome, tookMs });
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

interface Pass {
  readonly outcome: Outcome;
  readonly tookMs: number;
}

function answer(options: WorkerOptions, key: ObjectKey, pass: Pass): Again {
  const { queue, costly } = options;
  const again = againFor(pass.outcome);
  const pauseMs = costly.ended(keyText(key), pass);
  tell(options, keyText(key), pass.outcome);
  if (again.kind !== 'backing-off') queue.forget(key);
  if (again.kind === 'backing-off') queue.addRateLimited(key, Math.max(again.notBeforeMs, pauseMs));
  if (again.kind === 'after') queue.addAfter(key, Math.max(again.delayMs, pauseMs));
  return again;
}

/** A resource may fail for days: the log says so now and then, its status all the time. */
function tell({ log, troubles }: WorkerOptions, key: string, outcome: Outcome): void {
  const failure = failureIn(outcome);
  if (failure !== undefined) {
    const isNews = failure.kind !== 'aborted' && troubles.isNews(key, failure.kind);
    if (isNews) log.warn('Pass failed', { resource: key, ...failure });
  } else if (outcome.kind === 'gone') {
    troubles.forget(key);
  } else if (outcome.kind !== 'blocked' && outcome.kind !== 'unreported' && troubles.isOver(key)) {
    log.info('Passes succeed again', { resource: key });
  }
}

/** What the log has to tell of a pass. A status that was refused is logged where it is written, once for each change. */
function failureIn(outcome: Outcome): KubeFailure | undefined {
  if (outcome.kind === 'blocked') return outcome.bug;
  return outcome.kind === 'failed' ? outcome.failure : undefined;
}

/** When the key is to come back by itself; an event may bring it back sooner. */
type Again =
  | { readonly kind: 'never' }
  | { readonly kind: 'after'; readonly delayMs: number }
  | { readonly kind: 'backing-off'; readonly notBeforeMs: number };

function againFor(outcome: Outcome): Again {
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
    case 'blocked':
      return { kind: 'after', delayMs: BLOCKED_RECHECK_MS };
    case 'failed':
      return againAfterFailure(outcome.failure);
    case 'unreported':
      return soonerOf(againFor(outcome.outcome), againAfterFailure(outcome.failure));
    default:
      return unreachable(outcome);
  }
}

function againAfterFailure(failure: KubeFailure): Again {
  const retry = retryFor(failure);
  switch (retry.kind) {
    case 'backoff':
      return { kind: 'backing-off', notBeforeMs: retry.notBeforeMs };
    case 'slowly':
      return { kind: 'after', delayMs: BLOCKED_RECHECK_MS };
    case 'never':
      return { kind: 'never' };
    default:
      return unreachable(retry);
  }
}

function soonerOf(one: Again, other: Again): Again {
  if (one.kind !== 'after') return one.kind === 'never' ? other : one;
  return other.kind === 'after' && other.delayMs < one.delayMs ? other : one;
}

function resultOf(outcome: Outcome, again: Again): 'success' | 'error' | 'requeue_after' {
  if (outcome.kind === 'failed' || outcome.kind === 'unreported') return 'error';
  return again.kind === 'after' ? 'requeue_after' : 'success';
}
