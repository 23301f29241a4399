/** The three times by which the operator's replicas elect their leader, and what makes them sound. */

/** The times of an election, in ms. The defaults are those of client-go (leaderelection.go). */
export interface ElectionSettings {
  /** How long a candidate must see no change before it may take over. Whole seconds; default 15 s. */
  readonly leaseDurationMs: number;
  /** How long a leader acts after it sent its last successful renewal. Default 10 s. */
  readonly renewDeadlineMs: number;
  /** Pause between two renewals, and base of a candidate's polling. Default 2 s. */
  readonly retryPeriodMs: number;
}

/** Up to this many retry periods a candidate adds to its pause, at random: client-go's JitterFactor. */
export const POLL_JITTER = 1.2;

/** What is wrong with these settings, one sentence each; empty when they are sound. */
export function checkElectionSettings(settings: ElectionSettings): readonly string[] {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = settings;
  const duration = `The lease duration (${seconds(leaseDurationMs)})`;
  const deadline = `the renew deadline (${seconds(renewDeadlineMs)})`;
  const period = `the retry period (${seconds(retryPeriodMs)})`;
  const problems: string[] = [];
  if (!(leaseDurationMs >= 1000) || leaseDurationMs % 1000 !== 0) {
    problems.push(`${duration} must be whole seconds, at least one: a Lease stores no fractions.`);
  }
  if (!(leaseDurationMs > renewDeadlineMs)) {
    problems.push(`${duration} must be longer than ${deadline}.`);
  }
  if (!(retryPeriodMs > 0)) problems.push(`T${period.slice(1)} must be above 0.`);
  if (!(renewDeadlineMs > POLL_JITTER * retryPeriodMs)) {
    problems.push(`T${deadline.slice(1)} must be more than ${POLL_JITTER} times ${period}.`);
  }
  return problems;
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
