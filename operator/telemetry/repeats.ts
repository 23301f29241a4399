/**
 * Which of many repetitions are news. What fails every few seconds is told once, then every ten
 * minutes for as long as it goes on, and when it is over. Two troubles that take turns are two stories,
 * each told so often; and one that comes back after a minute of health is a new one.
 */
import type { Clock } from '../base/time.ts';

export interface Repeats {
  /** The trouble `what` (a word of few, such as the kind of a failure) has come to `who`. True: tell it. */
  isNews(who: string, what: string): boolean;
  /** All is well with `who`. True: tell it, since its trouble was told. */
  isOver(who: string): boolean;
  /** There is no `who` any more. */
  forget(who: string): void;
}

/** How often a trouble is told that goes on. */
const REMIND_EVERY_MS = 10 * 60_000;
/** Health for so long ends a story. */
const WELL_AFTER_MS = 60_000;
/** Of so many it is known what was told; beyond that the oldest are forgotten, and told again. */
const KNOWN_LIMIT = 4_096;

interface Story {
  readonly toldAtMs: Map<string, number>;
  /** Told, and its end not yet. */
  open: boolean;
  /** Since when all is well; undefined in trouble. */
  wellSinceMs: number | undefined;
}

/** Nothing has been told yet. */
export function createRepeats(clock: Pick<Clock, 'nowMs'>): Repeats {
  const stories = new Map<string, Story>();

  function storyOf(who: string): Story {
    const known = stories.get(who);
    if (known !== undefined) return known;
    const [oldest] = stories.keys();
    if (oldest !== undefined && stories.size >= KNOWN_LIMIT) stories.delete(oldest);
    const story: Story = { toldAtMs: new Map(), open: false, wellSinceMs: undefined };
    stories.set(who, story);
    return story;
  }

  return {
    isNews(who, what) {
      const nowMs = clock.nowMs();
      const story = storyOf(who);
      const { wellSinceMs, toldAtMs } = story;
      if (wellSinceMs !== undefined && nowMs - wellSinceMs >= WELL_AFTER_MS) toldAtMs.clear();
      story.wellSinceMs = undefined;
      const lastMs = toldAtMs.get(what);
      if (lastMs !== undefined && nowMs - lastMs < REMIND_EVERY_MS) return false;
      toldAtMs.set(what, nowMs);
      story.open = true;
      return true;
    },
    isOver(who) {
      const story = stories.get(who);
      if (story === undefined) return false;
      const nowMs = clock.nowMs();
      story.wellSinceMs ??= nowMs;
      const wasOpen = story.open;
      story.open = false;
      if (!wasOpen && nowMs - story.wellSinceMs >= WELL_AFTER_MS) stories.delete(who);
      return wasOpen;
    },
    forget: (who) => void stories.delete(who),
  };
}
