/**
 * One list and watch, as the operator's reflector does it (`operator/kube/watch/reflector.ts`): what the server
 * has logged is told in order, late, after one list. A watch may fall silent and go on from where it
 * was, or break so that what was missed only shows in the next list, which may be an old one.
 */
import { call, delay, isCut, type Link } from './network.ts';
import type { World } from './world.ts';

interface Logged {
  readonly acceptedAtMs: number;
}

export interface WatchOptions<E extends Logged> {
  readonly world: World;
  readonly link: Link;
  /** Grows. */
  readonly log: readonly E[];
  /** The complete state: all that was logged until then. */
  readonly onList: (events: readonly E[]) => void;
  readonly onEvent: (event: E) => void;
}

const LIST_TIMEOUT_MS = 2_000;
/** Share of events that come twice. */
const DUPLICATES = 0.02;

export class Watch<E extends Logged> {
  readonly #options: WatchOptions<E>;
  /** How much of the log was told; undefined: broken, until the next list. */
  #told: number | undefined;
  #lastAtMs = 0;
  #silentUntilMs = 0;
  /** Counts its lists: what was meant for an earlier one is dropped. */
  #life = 0;

  constructor(options: WatchOptions<E>) {
    this.#options = options;
  }

  /** Lists and follows. `staleMs`: how old the list may be. */
  start(staleMs: number): void {
    this.#life += 1;
    this.#told = undefined;
    this.#list(staleMs);
  }

  stop(): void {
    this.#life += 1;
    this.#told = undefined;
  }

  /** Nothing is told before, and nothing is missed. */
  beSilent(untilMs: number): void {
    this.#silentUntilMs = Math.max(this.#silentUntilMs, untilMs);
  }

  /** Nothing is told before, and then only what the newest list shows. */
  miss(untilMs: number): void {
    this.stop();
    const life = this.#life;
    this.#options.world.at(untilMs, () => {
      if (life === this.#life) this.start(0);
    });
  }

  /** The server has logged one more. */
  logged(): void {
    if (this.#told !== undefined) this.#tellNext();
  }

  #list(staleMs: number): void {
    const { world, link, log, onList } = this.#options;
    const life = this.#life;
    call(world, link, {
      timeoutMs: LIST_TIMEOUT_MS,
      request: () => untilWhen(log, world.nowMs - staleMs),
      answer: (count) => {
        if (life !== this.#life) return;
        if (count === undefined) {
          world.after(500, () => {
            if (life === this.#life) this.#list(staleMs);
          });
          return;
        }
        this.#told = count;
        onList(log.slice(0, count));
        for (let index = count; index < log.length; index += 1) this.#tellNext();
      },
    });
  }

  /** One after the other: an event never overtakes. */
  #tellNext(): void {
    const { world, link, log, onEvent } = this.#options;
    const life = this.#life;
    const earliestMs = Math.max(this.#lastAtMs, this.#silentUntilMs, link.cutUntilMs);
    this.#lastAtMs = Math.max(earliestMs, world.nowMs + delay(world, link));
    world.at(this.#lastAtMs, () => {
      if (life !== this.#life || this.#told === undefined) return;
      if (isCut(world, link)) {
        this.#tellNext();
        return;
      }
      const event = log[this.#told];
      if (event === undefined) return;
      this.#told += 1;
      onEvent(event);
      if (world.random.chance(DUPLICATES)) onEvent(event);
    });
  }
}

/** How many were logged by then, the first one in any case. */
function untilWhen(log: readonly Logged[], atMs: number): number {
  let count = log.length;
  while (count > 1 && (log[count - 1]?.acceptedAtMs ?? 0) > atMs) count -= 1;
  return count;
}
