/** From what was read to the facts that failover decides by, and what of them could not be read. */
import type { Ha } from '../../api/ha.ts';
import { isConditionTrue } from '../../base/conditions.ts';
import { defined } from '../../base/defined.ts';
import { failureOf } from '../../base/failure.ts';
import {
  LeaseKind,
  NodeKind,
  PodKind,
  type ResourceKind,
  refTo,
} from '../../base/resource-kinds.ts';
import { policyOf } from '../../control/failover/snapshot.ts';
import { guardedLease } from '../../decide/failover/guarded-lease.ts';
import { isOfOurDeployment, podOfHolder } from '../../decide/observed/holder.ts';
import { readPod } from '../../decide/observed/pod.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { firstSentence } from '../failure-text.ts';
import { gapText, type InstanceSnapshot } from '../view/decide/instance-snapshot.ts';
import type { ExplainView } from './decide/explain-view.ts';

/** How to read further. */
interface FactOptions {
  readonly ha: Ha;
  readonly client: Pick<KubeClient, 'get'>;
  readonly options: CallOptions;
}

/** Reads one Node more: that of the leader. Never throws for what may not be read. */
export async function factsFrom(
  snapshot: InstanceSnapshot,
  { ha, client, options }: FactOptions,
): Promise<Pick<ExplainView, 'facts' | 'unread'>> {
  const pods = snapshot.pods.filter((pod) => isOfOurDeployment(pod, ha)).map(readPod);
  const lease = snapshot.lease && guardedLease(snapshot.lease, ha, 0);
  const nodeName = podOfHolder(lease?.holder ?? '', pods)?.nodeName;
  const node =
    nodeName === undefined
      ? ({ state: 'unasked' } as const)
      : await readNodeState(nodeName, client, options);
  return {
    facts: defined({ policy: policyOf(ha), pods, node: node.state, lease }),
    unread: defined({
      lease: gapOf(snapshot, LeaseKind),
      pods: gapOf(snapshot, PodKind),
      node: 'why' in node ? node.why : undefined,
    }),
  };
}

type NodeState =
  | { readonly state: 'ready' | 'not-ready' }
  | { readonly state: 'unasked'; readonly why: string };

/** A node that does not exist, or that is not Ready by its own condition, is not Ready. */
async function readNodeState(
  name: string,
  client: Pick<KubeClient, 'get'>,
  options: CallOptions,
): Promise<NodeState> {
  try {
    const node = await client.get(refTo(NodeKind, { name }), options);
    return { state: isConditionTrue(node, 'Ready') ? 'ready' : 'not-ready' };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') return { state: 'not-ready' };
    return { state: 'unasked', why: firstSentence(failure) };
  }
}

function gapOf(snapshot: InstanceSnapshot, { plural }: ResourceKind): string | undefined {
  const gap = snapshot.gaps.find(({ what }) => what === plural);
  return gap && gapText(gap, snapshot);
}
