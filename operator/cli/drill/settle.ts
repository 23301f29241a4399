/** Before a trial: whether a leader may be taken down, and between two trials the wait until it may be again. */
import type { KubeFailure } from '../../base/failure.ts';
import { isTransient } from '../poll.ts';
import { type DrillContext, type ReadResult, readForDrill } from './context.ts';
import {
  type DrillSnapshot,
  type Method,
  retryPeriodOf,
  type Target,
} from './decide/drill-snapshot.ts';
import { safetyOf } from './decide/safety.ts';
import { type Stop, secondsText } from './decide/verdict.ts';

/** A leader may be taken down now. */
export interface Ready {
  readonly kind: 'ready';
  readonly snapshot: DrillSnapshot;
  readonly target: Target;
  readonly cautions: readonly string[];
  /** The operator would free the Lease. */
  readonly assisted: boolean;
}

/** How it was before the first trial: no later one begins while less is in order. */
interface Earlier {
  /** When the leader of now took over, in ms on the monotonic clock. */
  readonly takenOverAtMs: number;
  readonly assisted: boolean;
  /** How long to wait, in ms. */
  readonly withinMs: number;
}

/** Between two trials, or before the first. */
export const INTERRUPTED: Stop = {
  kind: 'interrupted',
  why: 'Interrupted: no trial was under way.',
};

const READ_EVERY_MS = 1_000;
/** In retry periods: the operator binds a new leader to its container by its second renewal. */
const SETTLED_AFTER_PERIODS = 3;

/** Reads once and judges. */
export async function checkReady(context: DrillContext, method: Method): Promise<Ready | Stop> {
  const judged = await judge(context, method);
  return judged.kind === 'unreadable' ? { kind: 'unknown', why: judged.why } : judged;
}

/** Reads once a second until a leader may be taken down again, for at most `withinMs`; else why not. */
export async function settleAgain(
  context: DrillContext,
  method: Method,
  { takenOverAtMs, assisted, withinMs }: Earlier,
): Promise<Ready | Stop> {
  const { clock, io } = context;
  const endAtMs = clock.nowMs() + withinMs;
  for (;;) {
    if (io.interrupted.aborted) return INTERRUPTED;
    const found = await judge(context, method);
    if (io.interrupted.aborted) return INTERRUPTED;
    if (found.kind === 'ready') {
      const ledMs = clock.nowMs() - takenOverAtMs;
      const settled = ledMs >= SETTLED_AFTER_PERIODS * retryPeriodOf(found.snapshot);
      if (settled && (found.assisted || !assisted)) return found;
    }
    if (found.kind === 'unreadable' && isLasting(found.failure)) {
      return { kind: 'unknown', why: found.why };
    }
    if (clock.nowMs() >= endAtMs) return notAsBefore(found, withinMs);
    await clock.sleep(READ_EVERY_MS, io.interrupted);
  }
}

type Judged = Ready | Stop | (ReadResult & { readonly kind: 'unreadable' });

async function judge(context: DrillContext, method: Method): Promise<Judged> {
  const result = await readForDrill(context);
  if (result.kind === 'unreadable') return result;
  const { snapshot } = result;
  const safety = safetyOf(snapshot, method);
  if (safety.kind === 'unsafe') return { kind: 'refused', why: safety.reasons.join(' ') };
  const { target, cautions, assisted } = safety;
  return { kind: 'ready', snapshot, target, cautions, assisted };
}

/** Waiting does not help: a right is missing, or the resource is gone. */
function isLasting(failure: KubeFailure): boolean {
  return failure.kind === 'unauthorized' || !isTransient(failure);
}

function notAsBefore(found: Judged, withinMs: number): Stop {
  const after = `after ${secondsText(withinMs)}`;
  if (found.kind === 'unreadable') {
    return { kind: 'unknown', why: `Not known ${after} whether all is as before: ${found.why}` };
  }
  const [caution = 'its leader leads too briefly.'] = found.kind === 'ready' ? found.cautions : [];
  const why = found.kind === 'ready' ? caution : found.why;
  return { kind: 'not-recovered', why: `Not as before ${after}: ${why}` };
}
