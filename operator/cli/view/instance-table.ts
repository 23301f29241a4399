/** Many resources, one line each, as `kubectl get` shows them. */

import { LeaseKind } from '../../base/resource-kinds.ts';
import type { InstanceView } from './decide/instance-view.ts';
import type { Column } from './table.ts';
import { age, roughly } from './words.ts';

const UNKNOWN = '<unknown>';
const NONE = '<none>';

/** What `-A` and `-o wide` add to the columns. */
interface TableShape {
  readonly namespaces: 'one' | 'all';
  readonly detail: 'some' | 'all';
}

/** The columns of `status`, for rows of any number. A value that is not known reads `<unknown>`, one that is not there `<none>`. */
export function instanceColumns(shape: TableShape): readonly Column<InstanceView>[] {
  const namespace: readonly Column<InstanceView>[] =
    shape.namespaces === 'one'
      ? []
      : [{ title: 'NAMESPACE', cell: ({ namespace }) => namespace, shrinksAtLastTo: 12 }];
  return [...namespace, ...USUAL, ...(shape.detail === 'all' ? FURTHER : [])];
}

const USUAL: readonly Column<InstanceView>[] = [
  { title: 'NAME', cell: ({ name }) => name, shrinksAtLastTo: 16 },
  {
    title: 'REPLICAS',
    leaves: 3,
    cell: ({ replicas }) => `${replicas.ready}/${replicas.wanted}`,
  },
  { title: 'READY', cell: readyOf },
  { title: 'LEADER', cell: leaderOf, shrinksTo: 12, leaves: 1 },
  { title: 'LEASE-AGE', leaves: 4, cell: leaseAgeOf },
  { title: 'REASON', leaves: 2, cell: reasonOf },
];

const FURTHER: readonly Column<InstanceView>[] = [
  { title: 'NODE', leaves: 9, cell: ({ leader }) => leader?.nodeName ?? NONE },
  { title: 'CHANGES', leaves: 8, cell: ({ lease }) => String(lease?.transitions ?? UNKNOWN) },
  { title: 'FAILOVER', leaves: 7, cell: failoverOf },
  { title: 'VERSION', leaves: 6, cell: ({ version }) => version ?? UNKNOWN },
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

function leaderOf({ leader, gaps }: InstanceView): string {
  if (areLeasesUnread(gaps)) return UNKNOWN;
  return leader === undefined ? NONE : (leader.podName ?? leader.identity);
}

function leaseAgeOf({ lease, gaps }: InstanceView): string {
  if (lease?.ageMs !== undefined) return age(lease.ageMs);
  return areLeasesUnread(gaps) ? UNKNOWN : NONE;
}

function areLeasesUnread(gaps: InstanceView['gaps']): boolean {
  return gaps.some(({ what }) => what === LeaseKind.plural);
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
