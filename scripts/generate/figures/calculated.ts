/** The figures of docs/failover-arithmetic.md that follow from election settings, by the operator's own code. */
import { failoverTimes } from '../../../operator/decide/election/failover-times.ts';
import type { Row } from './read.ts';

/** Lease duration, renew deadline and retry period, in seconds. */
type Settings = readonly [number, number, number];

/** A row each, called `30-20-2`. */
const SETTINGS: readonly Settings[] = [
  [30, 20, 2],
  [15, 10, 2],
  [10, 7, 1],
  [60, 40, 2],
  [15, 14, 5],
];

/** Requests are told for a leader and one standby. */
const REPLICAS = 2;

export function calculatedRows(): Readonly<Record<string, Row>> {
  return Object.fromEntries(
    SETTINGS.map((settings) => [settings.join('-'), rowFor(settings)] as const),
  );
}

function rowFor([leaseDuration, renewDeadline, retryPeriod]: Settings): Row {
  const times = failoverTimes(
    {
      leaseDurationMs: leaseDuration * 1000,
      renewDeadlineMs: renewDeadline * 1000,
      retryPeriodMs: retryPeriod * 1000,
    },
    REPLICAS,
  );
  const seconds = (ms: number, digits: number) => `${(ms / 1000).toFixed(digits)} s`;
  const slack = leaseDuration - renewDeadline - retryPeriod;
  return {
    mean: seconds(times.expectedMs, 2),
    /** The mean as the status and the commands round it. */
    usual: seconds(times.expectedMs, 1),
    longest: seconds(times.worstCaseMs, 1),
    assisted: seconds(times.assistedMs, 1),
    outage: seconds(times.apiOutageToleranceMs, 0),
    overlap: seconds(times.overlapBoundMs, 0),
    requests: String(times.apiRequestsPerMinute),
    slack: `${String(slack).replace('-', '−')} s`,
  };
}
