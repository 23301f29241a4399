/**
 * A clock that stands still until a test moves it. Timers run in the order of their instants (ties:
 * in the order in which they were set), and everything they set in motion settles before the next.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cancel, Clock } from '../../operator/base/time.ts';
import { ANSWER_HANG_MS } from './hang-limits.ts';

interface Timer {
  readonly dueAtMs: number;
  readonly order: number;
  readonly action: () => void;
}

export interface ManualClock extends Clock {
  /** Moves time by `ms`, running every timer that falls due on the way, and lets promises settle. */
  advance(ms: number): Promise<void>;
  /** Lets promises, ticks and ready I/O callbacks run; time stands still. */
  settle(): Promise<void>;
  /** How many timers are set. */
  pendingTimers(): number;
  /** Milliseconds until the next timer falls due; undefined without timers. */
  nextTimerInMs(): number | undefined;
}

/** `wallClockStart` is the calendar at instant 0. Default 2026-01-01T00:00:00Z. */
export function createManualClock(wallClockStart = '2026-01-01T00:00:00.000Z'): ManualClock {
  const wallClockStartMs = Date.parse(wallClockStart);
  const timers = new Set<Timer>();
  let nowMs = 0;
  let order = 0;

  function schedule(delayMs: number, action: () => void): Cancel {
    order += 1;
    const timer: Timer = { dueAtMs: nowMs + Math.max(0, delayMs), order, action };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      const earlier =
        first === undefined ||
        timer.dueAtMs < first.dueAtMs ||
        (timer.dueAtMs === first.dueAtMs && timer.order < first.order);
      if (earlier) first = timer;
    }
    return first;
  }

  return {
    nowMs: () => nowMs,
    wallClock: () => new Date(wallClockStartMs + nowMs),
    schedule,
    sleep(delayMs, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          cancel();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const cancel = schedule(delayMs, done);
        signal?.addEventListener('abort', done);
      });
    },
    async advance(ms) {
      const endAtMs = nowMs + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.dueAtMs <= endAtMs; timer = next()) {
        nowMs = Math.max(nowMs, timer.dueAtMs);
        timers.delete(timer);
        timer.action();
        await settle();
      }
      nowMs = endAtMs;
      await settle();
    },
    settle,
    pendingTimers: () => timers.size,
    nextTimerInMs() {
      const timer = next();
      return timer === undefined ? undefined : timer.dueAtMs - nowMs;
    },
  };
}

/** As often `until` turns the event loop at once; what takes longer is looked at every millisecond. */
const EAGER_TURNS = 100;

/** Waits for a fact about real I/O by turning the event loop; fails only when it hangs. */
export async function until(fact: () => boolean, what = 'the expected fact'): Promise<void> {
  const endAtMs = performance.now() + ANSWER_HANG_MS;
  for (let turn = 0; !fact(); turn += 1) {
    if (performance.now() > endAtMs) {
      throw new Error(`Waited ${ANSWER_HANG_MS / 1000} s in vain for ${what}`);
    }
    if (turn > EAGER_TURNS) await sleep(1); // whoever is to bring it about may need the core
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
