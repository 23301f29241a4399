/**
 * Waiting in e2e tests: the cluster is looked at every 25 ms until it is as described. Never wait a
 * fixed time instead: what is slow today would be too short, and what is fast would be waited for.
 *
 * A limit only ends what hangs. How fast something is, `timeUntil` tells for a diagnostic, and benches hold.
 */
import { systemClock } from '../../../operator/base/time.ts';
import { hangAfterMs } from '../../support/hang-limits.ts';

const LOOK_EVERY_MS = 25;

export interface Patience {
  /**
   * How long it takes at most on a machine that has nothing else to do, in ms. Default 30,000. It is
   * waited for several times as long: `hangAfterMs`.
   */
  readonly within?: number;
}

/** What a check may answer while it is not true yet; throwing says the same, and says why. */
type NotYet = undefined | false;

/** Asks until the answer is neither undefined nor false nor thrown, and gives it. */
export async function eventually<T>(
  description: string,
  check: () => Promise<T | NotYet> | T | NotYet,
  { within = 30_000 }: Patience = {},
): Promise<T> {
  const limitMs = hangAfterMs(within);
  const startedAtMs = systemClock.nowMs();
  for (;;) {
    const answer = await attempt(check);
    if (answer.kind === 'yes') return answer.value;
    const waitedMs = systemClock.nowMs() - startedAtMs;
    if (waitedMs > limitMs) {
      const why = answer.why === undefined ? '' : `\n${answer.why.message}`;
      const message = `Not within ${limitMs / 1000} s: ${description}${why}`;
      throw new Error(message, { cause: answer.why });
    }
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}

/** How long it takes, in ms, until the check is true. */
export async function timeUntil(
  description: string,
  check: () => Promise<unknown> | unknown,
  patience: Patience = {},
): Promise<number> {
  const startedAtMs = systemClock.nowMs();
  await eventually(description, check, patience);
  return systemClock.nowMs() - startedAtMs;
}

type Answer<T> =
  | { readonly kind: 'yes'; readonly value: T }
  | { readonly kind: 'no'; readonly why?: Error };

async function attempt<T>(check: () => Promise<T | NotYet> | T | NotYet): Promise<Answer<T>> {
  try {
    const value = await check();
    return value === undefined || value === false ? { kind: 'no' } : { kind: 'yes', value };
  } catch (error) {
    return { kind: 'no', why: error instanceof Error ? error : new Error(String(error)) };
  }
}
