/** When we end a call ourselves: at its deadline, for want of activity, or because its caller aborts it. */
import type { Cancel, Clock } from '../../base/time.ts';
import type { AbortReason } from './classify.ts';

/** The limits of one call. */
export interface Limits {
  /** Aborts when the first limit is reached. */
  readonly signal: AbortSignal;
  /** Which limit it was; undefined while none is reached. */
  reason(): AbortReason | undefined;
  /** Sets the deadline, from now. */
  endAfter(durationMs: number): void;
  /** Ends the call when `noteActivity` was not called for so long. Counts from now. */
  endAfterInactivity(durationMs: number): void;
  /** Something has arrived. */
  noteActivity(): void;
  /** Frees timers and listeners. Must be called when the call is over. */
  release(): void;
}

/** Limits that also end when `callerSignal` aborts, at once if it already has. */
export function createLimits(clock: Clock, callerSignal: AbortSignal | undefined): Limits {
  const controller = new AbortController();
  const cancels = new Map<'deadline' | 'inactivity', Cancel>();
  let reason: AbortReason | undefined;
  let activeAtMs = clock.nowMs();

  function end(because: AbortReason): void {
    if (reason !== undefined) return;
    reason = because;
    controller.abort();
  }

  const onAbort = () => end({ kind: 'aborted' });
  if (callerSignal?.aborted) onAbort();
  else callerSignal?.addEventListener('abort', onAbort);

  /** One timer for each period, not one for each chunk: it looks back when it fires. */
  function watchActivity(limitMs: number, inMs: number): void {
    const check = () => {
      const idleForMs = clock.nowMs() - activeAtMs;
      if (idleForMs >= limitMs) end({ kind: 'inactivity', afterMs: limitMs });
      else watchActivity(limitMs, limitMs - idleForMs);
    };
    cancels.set('inactivity', clock.schedule(inMs, check));
  }

  return {
    signal: controller.signal,
    reason: () => reason,
    endAfter(durationMs) {
      const expire = () => end({ kind: 'deadline', afterMs: durationMs });
      cancels.set('deadline', clock.schedule(durationMs, expire));
    },
    endAfterInactivity(durationMs) {
      activeAtMs = clock.nowMs();
      watchActivity(durationMs, durationMs);
    },
    noteActivity() {
      activeAtMs = clock.nowMs();
    },
    release() {
      for (const cancel of cancels.values()) cancel();
      callerSignal?.removeEventListener('abort', onAbort);
    },
  };
}
