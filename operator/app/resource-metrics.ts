/**
 * The metrics that name a resource: read from the caches at a scrape, or counted when something
 * happens and shown with 0 from the first scrape that finds the resource, so that its first failover
 * moves a rate. The series of a resource are dropped when it is deleted.
 *
 * A resource has about 60 series. Labels take their values from its key, from pods and from fixed lists, so
 * nobody but who creates resources can make series many.
 */
import type { FailoverRecord } from '../api/types.generated.ts';
import type { ResourceSample } from '../control/cache/sample-resources.ts';
import type { FailoverObserver } from '../control/failover/report.ts';
import { REFUSALS } from '../decide/failover/refusals.ts';
import { CONTROLLER, type Metrics } from '../telemetry/metrics.ts';

type Assist = FailoverRecord['assist'];
type Cause = FailoverRecord['cause'];

/** Ends of a leader that its kubelet reports. */
const REPORTED: readonly Cause[] = [
  ...(['PodDeleted', 'Evicted', 'Rollout', 'ScaleDown'] as const),
  ...(['Crash', 'OOMKilled', 'Drill', 'Switchover'] as const),
];
/** Ends that may lack the proof that a Lease needs to be freed. */
const UNPROVEN: readonly Cause[] = ['PodDeleted', 'Crash', 'OOMKilled', 'NodeLost', 'Unknown'];
/** Causes of a new leader where no end of the old one was seen. */
const UNSEEN: readonly Cause[] = ['PodDeleted', 'LeaseLost', 'NodeLost', 'Unknown'];

type Expected = readonly (readonly [Assist, readonly Cause[]])[];

/**
 * By `failover.mode`: the pairs that occur in practice, which are shown with 0. All pairs would be 55 series
 * a resource, most of which never count anything; one that is missing here appears when it is counted.
 */
const USUAL: Readonly<Record<string, Expected>> = {
  Assisted: [
    ['Cleared', REPORTED],
    ['Refused', UNPROVEN],
    ['NotNeeded', UNSEEN],
  ],
  Observe: [
    ['Observed', REPORTED],
    ['Refused', UNPROVEN],
    ['NotNeeded', UNSEEN],
  ],
  Disabled: [['Disabled', [...new Set([...REPORTED, ...UNSEEN])]]],
};

/** The first two are what the settings ask for, and not refusals: they are never counted. */
const { disabled: _, 'observe-only': __, ...COUNTED } = REFUSALS;
const REASONS = [...Object.keys(COUNTED), 'permission-denied'];

/** Counts what the failover loop reports; it measures in ms. */
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

/**
 * Has `resources` asked at each scrape, several times, for every metric that names a resource. A resource that
 * is not among them loses its series.
 */
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
