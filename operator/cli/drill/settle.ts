/** Between two trials: waits until a leader may be taken down again, as it was before the first. */
import type { DrillLook, Method, Target } from '../../decide/drill-safety.ts';
import { safetyOf } from '../../decide/drill-safety.ts';
import type { Stop } from '../../decide/drill-verdict.ts';
import { lookAt, type Site } from './site.ts';
import { retryPeriodOf } from './take-down.ts';

export interface Ready {
  readonly kind: 'ready';
  readonly look: DrillLook;
  readonly target: Target;
  readonly cautions: readonly string[];
}

/** What was safe before; undefined: this is the first trial, and nobody waits for anything. */
export interface Earlier {
  readonly takenOverAtMs: number;
  readonly cautions: readonly string[];
  /** How long to wait, in ms. */
  readonly withinMs: number;
}

const LOOK_EVERY_MS = 1_000;
/** The operator knows a new leader by its second renewal. */
const SETTLED_AFTER_PERIODS = 3;

/** One look and a judgement. */
export async function lookReady(site: Site, method: Method): Promise<Ready | Stop> {
  const looked = await lookAt(site);
  if (looked.kind === 'unseen') return { kind: 'unknown', why: looked.why };
  const { look } = looked;
  const safety = safetyOf(look, method);
  if (safety.kind === 'unsafe') return { kind: 'refused', why: safety.reasons.join(' ') };
  return { kind: 'ready', look, target: safety.target, cautions: safety.cautions };
}

export async function settleAgain(
  site: Site,
  method: Method,
  { takenOverAtMs, cautions, withinMs }: Earlier,
): Promise<Ready | Stop> {
  const { clock, io } = site;
  const endAtMs = clock.nowMs() + withinMs;
  for (;;) {
    if (io.interrupted.aborted)
      return { kind: 'interrupted', why: 'Interrupted: no trial was under way.' };
    const found = await lookReady(site, method);
    if (found.kind === 'ready') {
      const ledMs = clock.nowMs() - takenOverAtMs;
      const settled = ledMs >= SETTLED_AFTER_PERIODS * retryPeriodOf(found.look);
      if (settled && found.cautions.length <= cautions.length) return found;
    }
    if (clock.nowMs() >= endAtMs) return notRecovered(found, withinMs);
    await clock.sleep(LOOK_EVERY_MS, io.interrupted);
  }
}

function notRecovered(found: Ready | Stop, withinMs: number): Stop {
  const why = found.kind === 'ready' ? found.cautions.join(' ') : found.why;
  return { kind: 'not-recovered', why: `Not as before after ${withinMs / 1000} s: ${why}` };
}
