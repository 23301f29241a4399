/**
 * The metrics that name a resource: read from what a scrape finds, or counted when something
 * happens and shown with 0 from the first sight of the resource on, so that the first failover of
 * its life moves a rate. The series of a resource go with it.
 */
import type { FailoverRecord } from '../api/types.generated.ts';
import type { ResourceSample } from '../control/cache/sample-resources.ts';
import type { FailoverObserver } from '../control/failover/report.ts';
import { REFUSALS } from '../decide/failover/refusals.ts';
import { CONTROLLER, type Metrics } from '../telemetry/metrics.ts';

type Assist = FailoverRecord['assist'];
type Cause = FailoverRecord['cause'];

/** Ends of which a kubelet tells. */
const TOLD: readonly Cause[] = [
  ...(['PodDeleted', 'Evicted', 'Rollout', 'ScaleDown'] as const),
  ...(['Crash', 'OOMKilled', 'Drill', 'Switchover'] as const),
];
/** Ends that leave doubts. */
const DOUBTED: readonly Cause[] = ['PodDeleted', 'Crash', 'OOMKilled', 'NodeLost', 'Unknown'];
/** Hand-overs without an end that was seen. */
const UNTOLD: readonly Cause[] = ['PodDeleted', 'LeaseLost', 'NodeLost', 'Unknown'];

type Expected = readonly (readonly [Assist, readonly Cause[]])[];

/** By `failover.mode`: what usually comes together. All pairs, most of them idle, would be 55. */
const USUAL: Readonly<Record<string, Expected>> = {
  Assisted: [
    ['Cleared', TOLD],
    ['Refused', DOUBTED],
    ['NotNeeded', UNTOLD],
  ],
  Observe: [
    ['Observed', TOLD],
    ['Refused', DOUBTED],
    ['NotNeeded', UNTOLD],
  ],
  Disabled: [['Disabled', [...new Set([...TOLD, ...UNTOLD])]]],
};

/** The settings asked for the first two: those are never counted. */
const { disabled: _, 'observe-only': __, ...COUNTED } = REFUSALS;
const REASONS = [...Object.keys(COUNTED), 'permission-denied'];

/** Counts what the failover loop tells. */
export function failoverObserver(metrics: Metrics): FailoverObserver {
  return {
    leaderChanged({ assist, cause, leaderlessMilliseconds }, { namespace, name }) {
      metrics.failovers.inc({ namespace, name, assist, cause });
      if (leaderlessMilliseconds !== undefined) {
        metrics.leaderless.observe({ namespace, name }, leaderlessMilliseconds / 1000);
      }
    },
    freed: (tookMs, { namespace, name }) =>
      metrics.assistDuration.observe({ namespace, name }, tookMs / 1000),
    refused: (reason, { namespace, name }) =>
      metrics.assistRefused.inc({ namespace, name, reason }),
    bug: () => metrics.reconcilePanics.inc({ controller: CONTROLLER }),
  };
}

/** Has `resources` asked at each scrape for all metrics that are about one. */
export function sampleEach(metrics: Metrics, resources: () => readonly ResourceSample[]): void {
  metrics.resources.collect(() => [{ labels: {}, value: resources().length }]);
  metrics.condition.collect(() =>
    resources().flatMap(({ key, conditions }) =>
      conditions.map((condition) => ({ labels: { ...key, ...condition }, value: 1 })),
    ),
  );
  metrics.leaseAge.collect(() => leases(resources, ({ ageMs }) => ageMs));
  metrics.leaseDuration.collect(() => leases(resources, ({ durationMs }) => durationMs));
  metrics.failovers.expect(() => usualFailovers(resources()));
  metrics.assistRefused.expect(() => usualRefusals(resources()));
  metrics.leaderless.expect(() => resources().map(({ key }) => key));
  metrics.assistDuration.expect(() => resources().map(({ key }) => key));
}

function* usualFailovers(resources: readonly ResourceSample[]) {
  for (const { key, failoverMode } of resources) {
    for (const [assist, causes] of USUAL[failoverMode] ?? []) {
      for (const cause of causes) yield { ...key, assist, cause };
    }
  }
}

function* usualRefusals(resources: readonly ResourceSample[]) {
  for (const { key } of resources) {
    for (const reason of REASONS) yield { ...key, reason };
  }
}

function leases(
  resources: () => readonly ResourceSample[],
  ms: (lease: NonNullable<ResourceSample['lease']>) => number,
) {
  return resources().flatMap(({ key, lease }) =>
    lease === undefined ? [] : [{ labels: key, value: ms(lease) / 1000 }],
  );
}
