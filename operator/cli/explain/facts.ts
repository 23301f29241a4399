/** From one live look to the facts that failover decides by, and what of them could not be read. */
import type { Ha } from '../../api/ha.ts';
import { failureOf } from '../../base/failure.ts';
import { record, records } from '../../base/read.ts';
import { LeaseKind, NodeKind, PodKind } from '../../base/resource-kinds.ts';
import { policyOf } from '../../control/failover/snapshot.ts';
import { guardedLease } from '../../decide/failover/guarded-lease.ts';
import { isOfOurDeployment, podOfHolder } from '../../decide/observed/holder.ts';
import { readPod } from '../../decide/observed/pod.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { gapText, type InstanceSnapshot } from '../view/decide/instance-snapshot.ts';
import type { ExplainView } from './decide/view.ts';

interface Reading {
  readonly ha: Ha;
  readonly client: Pick<KubeClient, 'get'>;
  readonly options: CallOptions;
}

/** Asks for one Node more: that of the leader. */
export async function factsFrom(
  look: InstanceSnapshot,
  { ha, client, options }: Reading,
): Promise<Pick<ExplainView, 'facts' | 'unread'>> {
  const pods = look.pods.filter((pod) => isOfOurDeployment(pod, ha)).map(readPod);
  const lease = look.lease === undefined ? undefined : guardedLease(look.lease, ha, 0);
  const nodeName = podOfHolder(lease?.holder ?? '', pods)?.nodeName;
  const node =
    nodeName === undefined
      ? ({ state: 'unasked' } as const)
      : await lookAtNode(nodeName, client, options);
  return {
    facts: {
      policy: policyOf(ha),
      pods,
      node: node.state,
      ...(lease !== undefined && { lease }),
    },
    unread: {
      ...gap(look, LeaseKind.plural, 'lease'),
      ...gap(look, PodKind.plural, 'pods'),
      ...('why' in node && { node: node.why }),
    },
  };
}

type NodeSight =
  | { readonly state: 'ready' | 'not-ready' }
  | { readonly state: 'unasked'; readonly why: string };

/** A node that is gone, or that does not say so itself, is not Ready. */
async function lookAtNode(
  name: string,
  client: Pick<KubeClient, 'get'>,
  options: CallOptions,
): Promise<NodeSight> {
  const { apiVersion, kind } = NodeKind;
  try {
    const { status } = await client.get({ apiVersion, kind, name }, options);
    const conditions = records(record(status).conditions);
    const ready = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return { state: ready ? 'ready' : 'not-ready' };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'not-found') return { state: 'not-ready' };
    return { state: 'unasked', why: (failure.message.split('\n')[0] ?? '').replace(/[.\s]+$/, '') };
  }
}

function gap(look: InstanceSnapshot, what: string, part: 'lease' | 'pods') {
  const found = look.gaps.find((each) => each.what === what);
  return found === undefined ? {} : { [part]: gapText(found, look) };
}
