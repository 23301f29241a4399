/** A resource and what belongs to it as a tree: what `status NAME` prints for people. */

import type { InstanceView } from './decide/instance-view.ts';
import type { LeaseView } from './decide/lease-view.ts';
import type { PodView } from './decide/pod-view.ts';
import { oneLine } from './lines.ts';
import type { Paint } from './paint.ts';
import { type TreeNode, treeLines } from './tree.ts';
import { age, counted } from './words.ts';

const NOT_READ = '<unknown>, it could not be read';

/** Resource, Deployment, pods with the leader starred, Lease and disruption budget. */
export function instanceTree(
  view: InstanceView,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  const unread = new Set(view.gaps.map(({ what }) => what));
  const root: TreeNode = {
    label: `IngressControllerHA ${paint('title', view.name)}`,
    details: rootDetails(view),
    children: [
      deploymentNode(view, unread, paint),
      ...leaseNodes(view, unread, paint),
      ...budgetNodes(view, unread, paint),
    ],
  };
  return treeLines(root, width);
}

function rootDetails({ replicas, version, paused }: InstanceView): readonly string[] {
  const { ready, wanted } = replicas;
  return [
    wanted === 0 ? 'scaled to zero' : `${ready} of ${counted(wanted, 'replica')} ready`,
    ...(version === undefined ? [] : [`version ${oneLine(version)}`]),
    ...(paused ? ['paused'] : []),
  ];
}

function deploymentNode(view: InstanceView, unread: ReadonlySet<string>, paint: Paint): TreeNode {
  const { deployment } = view;
  const label = `Deployment ${deployment?.name ?? ''}`.trimEnd();
  const children = unread.has('pods')
    ? [{ label: 'Pods', details: [paint('warn', NOT_READ)] }]
    : view.pods.map((pod) => podNode(pod, view, paint));
  if (unread.has('deployments')) return { label, details: [paint('warn', NOT_READ)], children };
  if (deployment === undefined) {
    return { label, details: [paint('warn', 'there is none')], children };
  }
  const { ready, updated, replicas } = deployment;
  const details = [`${ready}/${replicas} ready`, `${updated} updated`];
  return { label, details, children };
}

function podNode(pod: PodView, { asked }: InstanceView, paint: Paint): TreeNode {
  // Without an election there is nobody to stand by for.
  const alone = asked?.electionMode === 'Disabled' && pod.role === 'standby';
  const leads = alone || pod.role === 'leader';
  return {
    label: leads ? paint('good', `★ ${pod.name}`) : `  ${pod.name}`,
    layout: 'columns',
    details: [
      alone ? paint('good', 'always leads') : roleOf(pod, paint),
      pod.nodeName ?? '<none>',
      restartsOf(pod, paint),
      age(pod.ageMs),
    ],
  };
}

function roleOf({ role, ready, stopping }: PodView, paint: Paint): string {
  switch (role) {
    case 'leader':
      // The star shows already that it leads.
      if (stopping) return paint('warn', 'stopping');
      return ready ? paint('good', role) : paint('warn', 'not ready');
    case 'standby':
      return role;
    case 'starting':
    case 'stopping':
      return paint('warn', role);
  }
}

function restartsOf({ restarts }: PodView, paint: Paint): string {
  const words = counted(restarts, 'restart');
  return restarts === 0 ? words : paint('warn', words);
}

/** None where nobody is elected. */
function leaseNodes(view: InstanceView, unread: ReadonlySet<string>, paint: Paint) {
  const { lease, asked } = view;
  const label = `Lease ${lease?.name ?? asked?.leaseName ?? view.election?.leaseName ?? ''}`;
  if (unread.has('leases')) return [{ label, details: [paint('warn', NOT_READ)] }];
  if (asked?.electionMode === 'Disabled') return [];
  if (lease === undefined) return [{ label, details: [paint('warn', 'there is none')] }];
  const podsRead = !unread.has('pods');
  const holder =
    lease.holder === ''
      ? [paint('bad', 'nobody holds it')]
      : [holderOf(view, podsRead, paint), freshnessOf(lease, paint)];
  const changes = lease.transitions === 0 ? [] : [`changed hands ${times(lease.transitions)}`];
  return [{ label, details: [...holder, ...changes] }];
}

function holderOf({ leader, lease }: InstanceView, podsRead: boolean, paint: Paint): string {
  const since = leader?.sinceMs === undefined ? '' : ` for ${age(leader.sinceMs)}`;
  if (leader?.podName !== undefined) return `held${since}`;
  // Whoever may write the Lease chooses this text.
  const holder = `held${since} by ${oneLine(lease?.holder ?? '')}`;
  return podsRead ? paint('bad', `${holder}, which is no pod of this resource`) : holder;
}

function freshnessOf({ ageMs, expiresInMs }: LeaseView, paint: Paint): string {
  if (ageMs === undefined) return paint('warn', 'never renewed');
  const renewed = `renewed ${age(ageMs)} ago`;
  if (expiresInMs === undefined || expiresInMs >= 0) return renewed;
  return paint('bad', `${renewed}, expired ${age(-expiresInMs)} ago`);
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

/** There is none for a single replica, and nothing to say about that. */
function budgetNodes(view: InstanceView, unread: ReadonlySet<string>, paint: Paint) {
  const { budget, replicas } = view;
  if (unread.has('poddisruptionbudgets')) {
    return [{ label: 'PodDisruptionBudget', details: [paint('warn', NOT_READ)] }];
  }
  if (budget === undefined) {
    if (replicas.wanted < 2) return [];
    const none = 'there is none: a drain may take all replicas at once';
    return [{ label: 'PodDisruptionBudget', details: [paint('warn', none)] }];
  }
  const allowed = budget.disruptionsAllowed;
  const detail = allowed === 0 ? paint('warn', 'allows no eviction now') : allows(allowed);
  return [{ label: `PodDisruptionBudget ${budget.name}`, details: [detail] }];
}

function allows(evictions: number): string {
  return `allows ${counted(evictions, 'eviction')} now`;
}
