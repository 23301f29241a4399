/** Before a strike: the leader must be seen alive, or nothing could be measured. */
import { type DrillContext, explained } from '../context.ts';
import { retryPeriodOf } from '../decide/drill-snapshot.ts';
import type { TrialSpec } from '../decide/trial-spec.ts';
import type { Stop } from '../decide/verdict.ts';
import type { Monitor } from './monitor.ts';

const CHECK_EVERY_MS = 50;
/** A leader that lives renews in one retry period. */
const RENEWS_WITHIN_PERIODS = 4;

/**
 * Waits until the watch has shown a renewal by the leader: it lives, and the watch works. Undefined: it has; else why the
 * trial does not begin. Waits for four retry periods and one second at most.
 */
export async function awaitRenewal(
  context: DrillContext,
  spec: TrialSpec,
  monitor: Monitor,
): Promise<Stop | undefined> {
  const { clock, io } = context;
  const { identity, leader } = spec.target;
  const [first] = monitor.leases;
  const limitMs = RENEWS_WITHIN_PERIODS * retryPeriodOf(spec.snapshot) + 1_000;
  for (const endAtMs = clock.nowMs() + limitMs; clock.nowMs() < endAtMs; ) {
    if (io.interrupted.aborted)
      return { kind: 'interrupted', why: 'Interrupted. Nothing was done.' };
    const { failure } = monitor;
    if (failure !== undefined) return { kind: 'unknown', why: explained(context, failure) };
    const renewed = monitor.leases.some(({ sentAtMs, record: { holderIdentity, renewTime } }) => {
      const isNew = renewTime !== first?.record.renewTime;
      return sentAtMs === undefined && isNew && holderIdentity === identity;
    });
    if (renewed) return undefined;
    await clock.sleep(CHECK_EVERY_MS, io.interrupted);
  }
  const why = `Not begun: Pod "${leader.name}" has not renewed its Lease within ${limitMs / 1000} s.`;
  return { kind: 'refused', why };
}
