/** When a resource must be reconciled again although no event comes: its grace periods end with time alone. */
import type { Ha } from '../../api/ha.ts';
import {
  electionBlockedAtMs,
  foreignHolderEndsAtMs,
  gracePeriodEndsAtMs,
  worstCaseMs,
} from '../election/leadership.ts';
import type { Present } from '../observed/observation.ts';

/** A reconcile a little early would find nothing changed, and so be one too many. */
const MARGIN_MS = 100;
/** Advice about leaders that lost their Lease ends with time alone. */
const FLAPPING_RECHECK_MS = 60_000;

/**
 * Milliseconds until the next reconcile is due, as controller-runtime's RequeueAfter; undefined: only an
 * event can change anything.
 */
export function requeueAfterMs(ha: Ha, observation: Present): number | undefined {
  if (ha.election.mode === 'Disabled' && observation.memory.shortSinceMs === undefined) {
    return undefined;
  }
  const { shortSinceMs } = observation.memory;
  const due = [
    gracePeriodEndsAtMs(ha, observation),
    electionBlockedAtMs(ha, observation),
    shortSinceMs === undefined ? undefined : shortSinceMs + worstCaseMs(ha),
    foreignHolderEndsAtMs(ha, observation), // its renewals enqueue nothing
    observation.failover.flapping ? observation.nowMs + FLAPPING_RECHECK_MS : undefined,
  ]
    .filter((atMs) => atMs !== undefined)
    .map((atMs) => atMs - observation.nowMs)
    .filter((inMs) => inMs > 0);
  return due.length === 0 ? undefined : Math.min(...due) + MARGIN_MS;
}
