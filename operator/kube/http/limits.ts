/** When we end a call ourselves: at its deadline, in silence, or because its caller asks. */
import type { Cancel, Clock } from '../../base/time.ts';
import type { AbortReason } from './classify.ts';

export interface Limits {
  /** Aborts when the first limit is reached. */
  readonly signal: AbortSignal;
  /** Which limit it was; undefined while none is reached. */
  reason(): AbortReason | undefined;
  /** Sets the deadline. */
  endAfter(durationMs: number): void;
  /** Ends the call when `heard` was not called for so long. Counts from now. */
  endInSilenceOf(durationMs: number): void;
  heard(): void;
  /** Frees timers and listeners. Must be called when the call is over. */
  release(): void;
}

/** Limits that also end when `callerSignal` aborts, at once if it already has. */
export function createLimits(clock: Clock, callerSignal: AbortSignal | undefined): Limits {
  const controller = new AbortController();
  const cancels = new Map<'deadline' | 'silence', Cancel>();
  let reason: AbortReason | undefined;
  let heardAtMs = clock.nowMs();

  function end(because: AbortReason): void {
    if (reason !== undefined) return;
    reason = because;
    controller.abort();
  }

  const asked = () => end({ kind: 'asked' });
  if (callerSignal?.aborted) asked();
  else callerSignal?.addEventListener('abort', asked);

  /** One timer per silence, not one per chunk: it looks back when it fires. */
  function watchSilence(limitMs: number, inMs: number): void {
    const check = () => {
      const silentForMs = clock.nowMs() - heardAtMs;
      if (silentForMs >= limitMs) end({ kind: 'silence', afterMs: limitMs });
      else watchSilence(limitMs, limitMs - silentForMs);
    };
    cancels.set('silence', clock.schedule(inMs, check));
  }

  return {
    signal: controller.signal,
    reason: () => reason,
    endAfter(durationMs) {
      const expire = () => end({ kind: 'deadline', afterMs: durationMs });
      cancels.set('deadline', clock.schedule(durationMs, expire));
    },
    endInSilenceOf(durationMs) {
      heardAtMs = clock.nowMs();
      watchSilence(durationMs, durationMs);
    },
    heard() {
      heardAtMs = clock.nowMs();
    },
    release() {
      for (const cancel of cancels.values()) cancel();
      callerSignal?.removeEventListener('abort', asked);
    },
  };
}
