/** From what was read of one resource, and seen of its Lease, to what the page shows. Pure. */
import { defined } from '../../../base/defined.ts';
import { keyText } from '../../../base/kube-object.ts';
import type { InstanceSnapshot } from '../../view/decide/instance-snapshot.ts';
import { type InstanceView, instanceView } from '../../view/decide/instance-view.ts';
import type { PodView } from '../../view/decide/pod-view.ts';
import type { PageInstance, PageLease } from '../message.ts';
import { countdown, type Instant, type LeaseHistory, mergeHandovers } from './lease-history.ts';

/** Everything about one resource at one moment; it gives the same page at any instant, but for what counts. */
export interface ObservedInstance {
  readonly snapshot: InstanceSnapshot;
  /** Missing: there is no Lease, or none may be read. */
  readonly history?: LeaseHistory;
}

/** What the page shows of it at `at`. */
export function pageInstance({ snapshot, history }: ObservedInstance, at: Instant): PageInstance {
  const wallMs = at.wall.getTime();
  const view = instanceView(snapshot, wallMs);
  const { name, namespace, standing, paused, replicas, version, election, conditions } = view;
  return defined({
    key: keyText(view),
    name,
    namespace,
    standing,
    paused,
    replicas,
    pods: view.pods.map(pagePod),
    handovers: mergeHandovers(view.failovers, history?.handovers ?? []),
    conditions,
    version,
    leader: pageLeader(view, wallMs),
    lease: pageLease(view, history, at.nowMs),
    election,
  });
}

function pageLeader({ leader }: InstanceView, wallMs: number): PageInstance['leader'] {
  if (leader === undefined) return undefined;
  const { sinceMs, ...rest } = leader;
  return sinceMs === undefined ? rest : { ...rest, sinceAtMs: wallMs - sinceMs };
}

function pageLease(
  { lease }: InstanceView,
  history: LeaseHistory | undefined,
  nowMs: number,
): PageLease | undefined {
  if (lease === undefined) return undefined;
  const { name, holder, transitions, durationMs } = lease;
  return defined({
    name,
    holder,
    transitions,
    durationMs,
    ...(history && countdown(history, lease, nowMs)),
  });
}

/** Without what changes by itself. */
function pagePod({ uid: _, ageMs: __, ...pod }: PodView): PageInstance['pods'][number] {
  return pod;
}
