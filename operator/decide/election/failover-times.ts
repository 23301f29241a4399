/**
 * What a failover costs with given election settings: arithmetic on client-go's algorithm, as
 * measured on real electors (docs/failover-arithmetic.md has the derivation).
 *
 * A standby polls every retryPeriod x (1 + 1.2 x random), client-go's JitterFactor: 1.0 to 2.2 periods,
 * mean 1.6. At a random moment 0.8375 periods of its pause are left in the mean, and 2.2 at most.
 */
import type { ElectionSettings } from '../../api/ha.ts';

const MEAN_POLL_RESIDUAL = 0.8375;
const MAX_POLL_RESIDUAL = 2.2;
const MEAN_POLL_PERIODS = 1.6;
/**
 * How long the Lease must have been unchanged before a Lease is freed after a crash, in retry periods: a
 * living leader renews once in each, without jitter. Stricter factors would cost 0.6 s and more at 2 s.
 */
export const QUIET_PERIODS = 1.25;
/** Upper estimate of the kubelet's report of a dead container, in ms. */
const REPORT_DELAY_MS = 1300;

type Timings = Pick<ElectionSettings, 'leaseDurationMs' | 'renewDeadlineMs' | 'retryPeriodMs'>;

/** All durations in ms. LD, RD, RP: lease duration, renew deadline, retry period. */
export interface FailoverTimes {
  /** Mean time without a leader when the Lease has to expire: LD + 1.175 RP. */
  readonly expectedMs: number;
  /** The longest time without a leader when the Lease has to expire: LD + 4.4 RP. */
  readonly worstCaseMs: number;
  /** The longest time without a leader when the Lease is freed on a crash. */
  readonly assistedMs: number;
  /** How long the API may be away before the leader gives up: RD. */
  readonly apiOutageToleranceMs: number;
  /** The longest time that two may lead after a wrong or unlucky takeover: RD + RP. */
  readonly overlapBoundMs: number;
  /** Requests that the election costs the API server with these replicas. */
  readonly apiRequestsPerMinute: number;
}

/** For these election settings and this number of replicas. */
export function failoverTimes(timings: Timings, replicas: number): FailoverTimes {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timings;
  const standbys = Math.max(replicas - 1, 0);
  const leaderPolls = replicas > 0 ? 1 : 0;
  const pollsPerPeriod = leaderPolls + standbys / MEAN_POLL_PERIODS;
  return {
    expectedMs: Math.round(leaseDurationMs + (2 * MEAN_POLL_RESIDUAL - 0.5) * retryPeriodMs),
    worstCaseMs: Math.round(leaseDurationMs + 2 * MAX_POLL_RESIDUAL * retryPeriodMs),
    assistedMs: Math.round(
      Math.max(REPORT_DELAY_MS, QUIET_PERIODS * retryPeriodMs) + MAX_POLL_RESIDUAL * retryPeriodMs,
    ),
    apiOutageToleranceMs: renewDeadlineMs,
    overlapBoundMs: renewDeadlineMs + retryPeriodMs,
    apiRequestsPerMinute: Math.round((60_000 / retryPeriodMs) * pollsPerPeriod),
  };
}
