/**
 * Keeps logs and events short. Something that fails every few seconds is reported once, then every ten
 * minutes for as long as it goes on, and once when it is over. Two kinds of failure that alternate are each
 * reported so often; one that comes back after a minute without any failure counts as new.
 */
import type { Clock } from '../base/time.ts';

/** Decides what is reported; the caller reports it. `who` and `what` are any texts of the caller’s. */
export interface Repeats {
  /**
   * `who` has failed with `what`: one of a few words, such as the kind of a failure, since each is
   * remembered. True: report it.
   */
  isNews(who: string, what: string): boolean;
  /** `who` works. True: report that, since its failure was reported. */
  isOver(who: string): boolean;
  /** `who` is deleted. One that comes back under the same name begins anew. */
  forget(who: string): void;
}

/** Between two reports of a failure that goes on. */
const REMIND_EVERY_MS = 10 * 60_000;
/** After so long without any failure the next one is new. */
const WELL_AFTER_MS = 60_000;
/** So many are remembered; beyond that the oldest are forgotten, and would be reported again. */
const KNOWN_LIMIT = 4_096;

interface History {
  /** When each kind of failure was last reported. */
  readonly reportedAtMs: Map<string, number>;
  /** A failure was reported, and its end was not. */
  open: boolean;
  /** Since when nothing fails; undefined while something does. */
  wellSinceMs: number | undefined;
}

/** Nothing is remembered yet. Times are those of `clock`, in ms. */
export function createRepeats(clock: Pick<Clock, 'nowMs'>): Repeats {
  const histories = new Map<string, History>();

  function historyOf(who: string): History {
    const known = histories.get(who);
    if (known !== undefined) return known;
    const [oldest] = histories.keys();
    if (oldest !== undefined && histories.size >= KNOWN_LIMIT) histories.delete(oldest);
    const history: History = { reportedAtMs: new Map(), open: false, wellSinceMs: undefined };
    histories.set(who, history);
    return history;
  }

  return {
    isNews(who, what) {
      const nowMs = clock.nowMs();
      const history = historyOf(who);
      const { wellSinceMs, reportedAtMs } = history;
      if (wellSinceMs !== undefined && nowMs - wellSinceMs >= WELL_AFTER_MS) reportedAtMs.clear();
      history.wellSinceMs = undefined;
      const lastMs = reportedAtMs.get(what);
      if (lastMs !== undefined && nowMs - lastMs < REMIND_EVERY_MS) return false;
      reportedAtMs.set(what, nowMs);
      history.open = true;
      return true;
    },
    isOver(who) {
      const history = histories.get(who);
      if (history === undefined) return false;
      const nowMs = clock.nowMs();
      history.wellSinceMs ??= nowMs;
      const wasOpen = history.open;
      history.open = false;
      if (!wasOpen && nowMs - history.wellSinceMs >= WELL_AFTER_MS) histories.delete(who);
      return wasOpen;
    },
    forget: (who) => void histories.delete(who),
  };
}
