/** When a resource must be looked at again although nothing happens: patience runs out in silence. */
import type { Ha } from '../../api/ha.ts';
import {
  electionBlockedAtMs,
  foreignHolderEndsAtMs,
  gracePeriodEndsAtMs,
  worstCaseMs,
} from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';

/** A little late is right, a little early would be a look too many. */
const MARGIN_MS = 100;
/** Advice about leaders that lost their Lease ends in silence. */
const FLAPPING_RECHECK_MS = 60_000;

/** Milliseconds until the next look is due; undefined: only an event can change anything. */
export function requeueAfterMs(ha: Ha, observation: Present): number | undefined {
  if (ha.election.mode === 'Disabled' && observation.memory.shortSinceMs === undefined) {
    return undefined;
  }
  const { shortSinceMs } = observation.memory;
  const due = [
    gracePeriodEndsAtMs(ha, observation),
    electionBlockedAtMs(ha, observation),
    shortSinceMs === undefined ? undefined : shortSinceMs + worstCaseMs(ha),
    foreignHolderEndsAtMs(ha, observation), // its renewals wake nobody
    observation.failover.flapping ? observation.nowMs + FLAPPING_RECHECK_MS : undefined,
  ]
    .filter((atMs) => atMs !== undefined)
    .map((atMs) => atMs - observation.nowMs)
    .filter((inMs) => inMs > 0);
  return due.length === 0 ? undefined : Math.min(...due) + MARGIN_MS;
}
