/** Many resources, one line each, as `kubectl get` shows them. */

import type { InstanceView } from './decide/instance-view.ts';
import type { Column } from './table.ts';
import { age, roughly } from './words.ts';

export interface InstanceRow {
  readonly view: InstanceView;
  readonly ageMs: number;
  /** Plurals of kinds that could not be read, so that their absence says nothing. */
  readonly unread: readonly string[];
}

const UNKNOWN = '<unknown>';
const NONE = '<none>';

/** What `-A` and `-o wide` add to the columns. */
export interface TableShape {
  readonly namespaces: 'one' | 'all';
  readonly detail: 'some' | 'all';
}

export function instanceColumns(shape: TableShape): readonly Column<InstanceRow>[] {
  const namespace: readonly Column<InstanceRow>[] =
    shape.namespaces === 'one'
      ? []
      : [{ title: 'NAMESPACE', cell: ({ view }) => view.namespace, shrinksAtLastTo: 12 }];
  return [...namespace, ...USUAL, ...(shape.detail === 'all' ? FURTHER : [])];
}

const USUAL: readonly Column<InstanceRow>[] = [
  { title: 'NAME', cell: ({ view }) => view.name, shrinksAtLastTo: 16 },
  {
    title: 'REPLICAS',
    leaves: 3,
    cell: ({ view: { replicas } }) => `${replicas.ready}/${replicas.wanted}`,
  },
  { title: 'READY', cell: ({ view }) => readyOf(view) },
  { title: 'LEADER', cell: leaderOf, shrinksTo: 12, leaves: 1 },
  { title: 'LEASE-AGE', leaves: 4, cell: leaseAgeOf },
  { title: 'REASON', leaves: 2, cell: ({ view }) => reasonOf(view) },
];

const FURTHER: readonly Column<InstanceRow>[] = [
  { title: 'NODE', leaves: 9, cell: ({ view }) => view.leader?.nodeName ?? NONE },
  { title: 'CHANGES', leaves: 8, cell: ({ view }) => String(view.lease?.transitions ?? UNKNOWN) },
  { title: 'FAILOVER', leaves: 7, cell: ({ view }) => failoverOf(view) },
  { title: 'VERSION', leaves: 6, cell: ({ view }) => view.version ?? UNKNOWN },
  { title: 'AGE', leaves: 5, cell: ({ ageMs }) => age(ageMs) },
];

function readyOf({ standing, conditions }: InstanceView): string {
  if (standing.kind === 'unseen') return 'Unknown';
  return conditions.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
}

function reasonOf({ standing, conditions }: InstanceView): string {
  if (standing.kind === 'unseen') return 'Unseen';
  if (standing.kind === 'terminating') return 'Terminating';
  return conditions.find(({ type }) => type === 'Ready')?.reason ?? UNKNOWN;
}

function leaderOf({ view, unread }: InstanceRow): string {
  if (unread.includes('leases')) return UNKNOWN;
  return view.leader === undefined ? NONE : (view.leader.podName ?? view.leader.identity);
}

function leaseAgeOf({ view, unread }: InstanceRow): string {
  const ageMs = view.lease?.ageMs;
  if (ageMs !== undefined) return age(ageMs);
  return unread.includes('leases') ? UNKNOWN : NONE;
}

/** How long the loss of the leader lasts at most now, by the operator's own figures. */
function failoverOf({ election, conditions }: InstanceView): string {
  if (election === undefined) return UNKNOWN;
  const helped = conditions.some(
    ({ type, status, reason }) =>
      type === 'FailoverAssistReady' && status === 'True' && reason === 'Watching',
  );
  return roughly(
    helped ? election.assistedFailoverMilliseconds : election.worstCaseFailoverMilliseconds,
  );
}
