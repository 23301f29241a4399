/** How long nobody would lead. */
import { failoverTimes } from '../../../decide/election/failover-times.ts';
import type { ExplainView } from './explain-view.ts';

/** Time without a leader, in ms. */
export interface ExpectedTimes {
  /** At most, with the operator's help. */
  readonly assistedMs: number;
  /** Usually, without it. */
  readonly expectedMs: number;
  /** At most, without it. */
  readonly worstCaseMs: number;
}

/** As the operator has written them into the status, else calculated from the settings. */
export function expectedTimes({ ha, status: { election } }: ExplainView): ExpectedTimes {
  const calculated = failoverTimes(ha.election, ha.replicas);
  return {
    assistedMs:
      (election?.assistedFailoverMilliseconds ?? calculated.assistedMs) + ha.failover.clearDelayMs,
    expectedMs: election?.expectedFailoverMilliseconds ?? calculated.expectedMs,
    worstCaseMs: election?.worstCaseFailoverMilliseconds ?? calculated.worstCaseMs,
  };
}
