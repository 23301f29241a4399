/**
 * Actions that run after a delay unless they are called off. The delay is the same for all, so they are due in
 * the order in which they were set, and one timer, for the first of them, is enough for any number.
 */
import type { Cancel, Clock } from '../../base/time.ts';

interface Lapse {
  readonly atMs: number;
  readonly action: () => void;
}

/** By id. */
export class Lapses {
  readonly #clock: Clock;
  readonly #afterMs: number;
  /** A Map keeps the order in which they were set. */
  readonly #pending = new Map<string, Lapse>();
  #cancel: Cancel | undefined;
  #stopped = false;

  /** `afterMs`: the delay of all, in ms. */
  constructor(clock: Clock, afterMs: number) {
    this.#clock = clock;
    this.#afterMs = afterMs;
  }

  /** Runs `action` once after the delay, unless `id` is set again or called off. After `stop`: never. */
  set(id: string, action: () => void): void {
    if (this.#stopped) return;
    this.#pending.delete(id);
    this.#pending.set(id, { atMs: this.#clock.nowMs() + this.#afterMs, action });
    this.#schedule();
  }

  /** The action of `id` does not run. */
  callOff(id: string): void {
    if (this.#pending.delete(id) && this.#pending.size === 0) this.#unschedule();
  }

  /** Final: no timer is left. */
  stop(): void {
    this.#stopped = true;
    this.#pending.clear();
    this.#unschedule();
  }

  #schedule(): void {
    const [first] = this.#pending.values();
    if (first === undefined || this.#cancel !== undefined) return;
    // If the first is called off meanwhile, the timer only schedules the next one.
    this.#cancel = this.#clock.schedule(first.atMs - this.#clock.nowMs(), () => this.#run());
  }

  #unschedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    this.#cancel = undefined;
    for (const [id, { atMs, action }] of [...this.#pending]) {
      if (atMs > this.#clock.nowMs()) break;
      // One that an earlier action of this run has called off, or set anew, is not due.
      if (this.#pending.get(id)?.atMs !== atMs) continue;
      this.#pending.delete(id);
      action();
    }
    this.#schedule();
  }
}
