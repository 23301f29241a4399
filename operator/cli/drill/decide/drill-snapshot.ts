/** What was read of a resource before a leader is taken down, and which pod that is. */
import { parseDurationMs } from '../../../api/duration.ts';
import { record, text } from '../../../base/read.ts';
import { podOfHolder } from '../../../decide/observed/holder.ts';
import { type Pod, readPod } from '../../../decide/observed/pod.ts';
import type { InstanceSnapshot } from '../../view/decide/instance-snapshot.ts';
import { type InstanceView, instanceView } from '../../view/decide/instance-view.ts';

/** How a leader is taken down. */
export type Method = 'delete' | 'evict' | 'crash';

/** Everything about a resource as it was read at one moment. */
export interface DrillSnapshot {
  readonly view: InstanceView;
  /** Sorted by name. */
  readonly pods: readonly Pod[];
  /** The objects as they were read. */
  readonly instance: InstanceSnapshot;
}

/** Whom it hits, and who stands ready. */
export interface Target {
  readonly identity: string;
  readonly leader: Pod;
  readonly standbys: readonly Pod[];
}

/** In ms: what the schema sets. */
const DEFAULT_RETRY_PERIOD_MS = 2_000;

/** `nowMs`: the calendar, in ms since 1970. */
export function drillSnapshot(instance: InstanceSnapshot, nowMs: number): DrillSnapshot {
  return { view: instanceView(instance, nowMs), pods: instance.pods.map(readPod), instance };
}

/** The leader and the standbys that are Ready; undefined while no pod of the resource holds the Lease. */
export function targetOf({ view, pods }: DrillSnapshot): Target | undefined {
  const identity = view.leader?.identity ?? '';
  const leader = podOfHolder(identity, pods);
  if (leader === undefined) return undefined;
  const standbys = pods.filter(({ uid, ready, deleting }) => {
    return uid !== leader.uid && ready && !deleting;
  });
  return { identity, leader, standbys };
}

/** The pause between two renewals, in ms. */
export function retryPeriodOf({ instance: { resource } }: DrillSnapshot): number {
  const { retryPeriod } = record(record(resource.spec).leaderElection);
  return parseDurationMs(text(retryPeriod) ?? '') ?? DEFAULT_RETRY_PERIOD_MS;
}
