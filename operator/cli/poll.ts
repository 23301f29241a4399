/**
 * Looks at one object again and again by GET, since that needs no right to list or watch. An API server
 * that is briefly away is waited for; the deadline holds all the same.
 */
import { failureOf, type KubeFailure, retryFor } from '../base/failure.ts';
import type { Clock } from '../base/time.ts';

export interface PollOptions {
  readonly clock: Clock;
  /** How long to wait in all, in ms. */
  readonly timeoutMs: number;
  readonly interrupted: AbortSignal;
}

export type Polled<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Time is up; with a failure when even the last look found no answer. */
  | { readonly kind: 'timeout'; readonly failure?: KubeFailure }
  | { readonly kind: 'failed'; readonly failure: KubeFailure }
  | { readonly kind: 'interrupted' };

const PAUSE_MS = 1_000;

/**
 * Asks `look` once a second until it gives something. What it throws at first, or for good, ends it.
 * It is told how long it may take, in ms, and that is never less than a second.
 */
export async function poll<T>(
  { clock, timeoutMs, interrupted }: PollOptions,
  look: (leftMs: number) => Promise<T | undefined>,
): Promise<Polled<T>> {
  const endAtMs = clock.nowMs() + timeoutMs;
  for (let first = true; ; first = false) {
    const mayTakeMs = Math.max(PAUSE_MS, endAtMs - clock.nowMs());
    const seen = await attempt(() => look(mayTakeMs));
    if (interrupted.aborted) return { kind: 'interrupted' };
    if (seen.kind === 'failed' && (first || !passes(seen.failure))) return seen;
    if (seen.kind === 'answered' && seen.value !== undefined) {
      return { kind: 'answered', value: seen.value };
    }
    const leftMs = endAtMs - clock.nowMs();
    if (leftMs <= 0) {
      return seen.kind === 'failed'
        ? { kind: 'timeout', failure: seen.failure }
        : { kind: 'timeout' };
    }
    await clock.sleep(Math.min(PAUSE_MS, leftMs), interrupted);
    if (interrupted.aborted) return { kind: 'interrupted' };
  }
}

type Seen<T> =
  | { readonly kind: 'answered'; readonly value: T | undefined }
  | { readonly kind: 'failed'; readonly failure: KubeFailure };

async function attempt<T>(look: () => Promise<T | undefined>): Promise<Seen<T>> {
  try {
    return { kind: 'answered', value: await look() };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** A failure that may be over a second later. */
export function passes(failure: KubeFailure): boolean {
  if (failure.kind === 'not-found' || failure.kind === 'bug') return false;
  return retryFor(failure).kind === 'backoff';
}
