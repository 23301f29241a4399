/**
 * Reads one object again and again by GET, since that needs no right to list or watch. An API server that is briefly away
 * is waited for; the deadline holds all the same.
 */
import { defined } from '../base/defined.ts';
import { failureOf, type KubeFailure, retryFor } from '../base/failure.ts';
import type { Clock } from '../base/time.ts';

/** For how long, and by whose clock. */
interface PollOptions {
  readonly clock: Clock;
  /** How long to wait in all, in ms. */
  readonly timeoutMs: number;
  readonly interrupted: AbortSignal;
}

/** How a poll ended. */
export type PollResult<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Time is up; with a failure when even the last read was not answered. */
  | { readonly kind: 'timeout'; readonly failure?: KubeFailure }
  | { readonly kind: 'failed'; readonly failure: KubeFailure }
  | { readonly kind: 'interrupted' };

const PAUSE_MS = 1_000;

/**
 * Calls `read` once a second until it gives something. A failure of the first read ends it, and a lasting one later. `read`
 * gets how long it may take, in ms, and that is never less than a second.
 */
export async function poll<T>(
  { clock, timeoutMs, interrupted }: PollOptions,
  read: (leftMs: number) => Promise<T | undefined>,
): Promise<PollResult<T>> {
  const endAtMs = clock.nowMs() + timeoutMs;
  for (let first = true; ; first = false) {
    const mayTakeMs = Math.max(PAUSE_MS, endAtMs - clock.nowMs());
    const result = await attempt(() => read(mayTakeMs));
    if (interrupted.aborted) return { kind: 'interrupted' };
    if (result.kind === 'failed' && (first || !isTransient(result.failure))) return result;
    if (result.kind === 'answered' && result.value !== undefined) {
      return { kind: 'answered', value: result.value };
    }
    const leftMs = endAtMs - clock.nowMs();
    if (leftMs <= 0) {
      const failure = result.kind === 'failed' ? result.failure : undefined;
      return defined({ kind: 'timeout', failure });
    }
    await clock.sleep(Math.min(PAUSE_MS, leftMs), interrupted);
    if (interrupted.aborted) return { kind: 'interrupted' };
  }
}

type Attempt<T> =
  | { readonly kind: 'answered'; readonly value: T | undefined }
  | { readonly kind: 'failed'; readonly failure: KubeFailure };

async function attempt<T>(read: () => Promise<T | undefined>): Promise<Attempt<T>> {
  try {
    return { kind: 'answered', value: await read() };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** Whether a failure may be over a second later. */
export function isTransient(failure: KubeFailure): boolean {
  if (failure.kind === 'not-found' || failure.kind === 'bug') return false;
  return retryFor(failure).kind === 'backoff';
}
