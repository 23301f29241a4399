/**
 * What makes a leader election safe: no standby may start before the old leader has stopped.
 * A leader stops at the latest `renewDeadline` + `retryPeriod` after its last renewal, and a
 * standby may start `leaseDuration` after it.
 */
import { parseDurationMs } from '../duration.ts';
import type { LeaderElectionSpec, Spec } from '../types.generated.ts';
import { celIsDuration } from './durations.ts';
import type { Rule } from './rule.ts';

/** The rules on `spec.leaderElection`. */
export const ELECTION_RULES: readonly Rule<LeaderElectionSpec>[] = [
  {
    name: 'renew-deadline-covers-two-tries',
    fieldPath: '.renewDeadline',
    cel: [
      `!${celIsDuration('self.renewDeadline')}`,
      `!${celIsDuration('self.retryPeriod')}`,
      'duration(self.renewDeadline) >= duration(self.retryPeriod) + duration(self.retryPeriod)',
    ].join(' || '),
    message: '`renewDeadline` must be at least twice `retryPeriod`',
    withValues: {
      cel: `'\`renewDeadline\` must be at least twice \`retryPeriod\`: ' + self.renewDeadline + ' is less than 2 x ' + self.retryPeriod`,
      text: (self) =>
        `\`renewDeadline\` must be at least twice \`retryPeriod\`: ${self.renewDeadline} is less than 2 x ${self.retryPeriod}`,
    },
    holds: ({ renewDeadline, retryPeriod }) =>
      comparable(
        [renewDeadline, retryPeriod],
        ([deadlineMs = 0, retryMs = 0]) => deadlineMs >= 2 * retryMs,
      ),
  },
  {
    name: 'lease-outlives-the-leader',
    fieldPath: '.leaseDuration',
    cel: [
      `!${celIsDuration('self.leaseDuration')}`,
      `!${celIsDuration('self.renewDeadline')}`,
      `!${celIsDuration('self.retryPeriod')}`,
      "duration(self.leaseDuration) >= duration(self.renewDeadline) + duration(self.retryPeriod) + duration('1s')",
    ].join(' || '),
    message: '`leaseDuration` must be at least `renewDeadline` plus `retryPeriod` plus 1s',
    withValues: {
      cel: `'\`leaseDuration\` must be at least \`renewDeadline\` plus \`retryPeriod\` plus 1s: ' + self.leaseDuration + ' is less than ' + self.renewDeadline + ' + ' + self.retryPeriod + ' + 1s'`,
      text: (self) =>
        `\`leaseDuration\` must be at least \`renewDeadline\` plus \`retryPeriod\` plus 1s: ${self.leaseDuration} is less than ${self.renewDeadline} + ${self.retryPeriod} + 1s`,
    },
    holds: ({ leaseDuration, renewDeadline, retryPeriod }) =>
      comparable(
        [leaseDuration, renewDeadline, retryPeriod],
        ([leaseMs = 0, deadlineMs = 0, retryMs = 0]) => leaseMs >= deadlineMs + retryMs + 1000,
      ),
  },
];

/** The rules on `spec`, which see more than one block. */
export const SPEC_RULES: readonly Rule<Spec>[] = [
  {
    name: 'election-disabled-only-alone',
    fieldPath: '.leaderElection.mode',
    cel: "self.leaderElection.mode != 'Disabled' || self.replicas <= 1",
    message:
      '`leaderElection.mode` must not be Disabled when `replicas` is more than 1: every replica would write to the gateway',
    holds: ({ leaderElection, replicas }) => leaderElection.mode !== 'Disabled' || replicas <= 1,
  },
  {
    name: 'drain-ends-within-grace-period',
    fieldPath: '.failover.drainPeriod',
    cel: [
      `!${celIsDuration('self.failover.drainPeriod')}`,
      'duration(self.failover.drainPeriod).getSeconds() + 1 < self.rollout.terminationGracePeriodSeconds',
    ].join(' || '),
    message:
      '`failover.drainPeriod` plus 1s must be less than `rollout.terminationGracePeriodSeconds`',
    // The seconds can't be shown: the API server prices the text of a number too high.
    withValues: {
      cel: `'\`failover.drainPeriod\` plus 1s must be less than \`rollout.terminationGracePeriodSeconds\`: ' + self.failover.drainPeriod + ' is too long'`,
      text: ({ failover }) =>
        `\`failover.drainPeriod\` plus 1s must be less than \`rollout.terminationGracePeriodSeconds\`: ${failover.drainPeriod} is too long`,
    },
    holds: ({ failover, rollout }) =>
      comparable(
        [failover.drainPeriod],
        ([drainMs = 0]) => drainMs + 1000 < rollout.terminationGracePeriodSeconds * 1000,
      ),
  },
];

/** Compares only what parses: a field that does not has a message of its own already. */
function comparable(
  durations: readonly string[],
  compare: (durationsMs: readonly number[]) => boolean,
): boolean {
  const parsedMs = durations.map(parseDurationMs);
  return parsedMs.every((ms) => ms !== undefined) ? compare(parsedMs) : true;
}
