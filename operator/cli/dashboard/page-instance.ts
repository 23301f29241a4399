/** From what was read of one resource, and seen of its Lease, to what the page shows. Pure. */
import { keyText } from '../../base/kube-object.ts';
import type { InstanceSnapshot } from '../view/decide/instance-snapshot.ts';
import { type InstanceView, instanceView } from '../view/decide/instance-view.ts';
import type { PodView } from '../view/decide/pod-view.ts';
import type { PageInstance, PageLease } from './message.ts';
import { countdown, type Instant, mergeHandovers, type Sighting } from './sighting.ts';

/** Everything about one resource at one moment; the same subject gives the same page at any instant. */
export interface Subject {
  readonly snapshot: InstanceSnapshot;
  /** Missing: there is no Lease, or none may be read. */
  readonly sighting?: Sighting;
}

export function pageInstance({ snapshot, sighting }: Subject, at: Instant): PageInstance {
  const wallMs = at.wall.getTime();
  const view = instanceView(snapshot, wallMs);
  const { name, namespace, standing, paused, replicas, version, election, conditions } = view;
  const leader = leaderOf(view, wallMs);
  const lease = leaseOf(view, sighting, at.nowMs);
  return {
    key: keyText(view),
    name,
    namespace,
    standing,
    paused,
    replicas,
    pods: view.pods.map(podOf),
    handovers: mergeHandovers(view.failovers, sighting?.handovers ?? []),
    conditions,
    ...(version !== undefined && { version }),
    ...(leader !== undefined && { leader }),
    ...(lease !== undefined && { lease }),
    ...(election !== undefined && { election }),
  };
}

function leaderOf({ leader }: InstanceView, wallMs: number): PageInstance['leader'] {
  if (leader === undefined) return undefined;
  const { sinceMs, ...rest } = leader;
  return sinceMs === undefined ? rest : { ...rest, sinceAtMs: wallMs - sinceMs };
}

function leaseOf(
  { lease }: InstanceView,
  sighting: Sighting | undefined,
  nowMs: number,
): PageLease | undefined {
  if (lease === undefined) return undefined;
  const { name, holder, transitions, durationMs } = lease;
  return {
    name,
    holder,
    transitions,
    ...(durationMs !== undefined && { durationMs }),
    ...(sighting !== undefined && countdown(sighting, lease, nowMs)),
  };
}

/** Without what changes by itself. */
function podOf({ uid: _, ageMs: __, ...pod }: PodView): PageInstance['pods'][number] {
  return pod;
}
