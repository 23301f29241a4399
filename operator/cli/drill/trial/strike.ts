/** The strike: the one request that ends the leader. It is for one pod by its uid. */
import { defined } from '../../../base/defined.ts';
import { failureOf, unreachable } from '../../../base/failure.ts';
import type { KubeObject } from '../../../base/kube-object.ts';
import { record, records, text } from '../../../base/read.ts';
import { ADC_CONTAINER, MANAGER_CONTAINER } from '../../../desired/pod/containers.ts';
import { type DrillContext, explained } from '../context.ts';
import type { Method } from '../decide/drill-snapshot.ts';
import { DONE, isLost, podRef, type StrikeResult } from './request-result.ts';

/** Ends the leader by one request. Is not interrupted, so that it is known whether it was done. Never rejects. */
export async function strike(
  context: DrillContext,
  method: Method,
  strikeTarget: StrikeTarget,
): Promise<StrikeResult> {
  const { namespace, connection, requestTimeout: timeoutMs } = context;
  const { pod } = strikeTarget;
  const { name, uid = '' } = pod.metadata;
  try {
    switch (method) {
      case 'delete':
        await connection.client.delete(podRef(context, name), { uid, timeoutMs });
        return DONE;
      case 'evict':
        await connection.pods.evict({ namespace, name, uid }, { timeoutMs });
        return DONE;
      case 'crash': {
        const container = crasher(pod, strikeTarget.image);
        await connection.pods.addEphemeralContainer({ namespace, name, uid }, container, {
          timeoutMs,
        });
        return DONE;
      }
      default:
        return unreachable(method);
    }
  } catch (error) {
    const failure = failureOf(error);
    const why = explained(context, failure);
    if (!isLost(failure)) return { kind: 'failed', why };
    return { kind: 'in-doubt', why: `${why} It is not known whether it was done.` };
  }
}

/** The pod that is struck. */
interface StrikeTarget {
  readonly pod: KubeObject;
  /** For `crash`: an image with node. Default: that of the pod's own sidecar, which is on the node. */
  readonly image?: string;
}

/**
 * SIGABRT, since the manager's image has no shell to send anything with, and the kernel keeps SIGKILL from
 * the first process of its own PID namespace. Same user as the manager, or the signal would be refused.
 */
function crasher(pod: KubeObject, image: string | undefined) {
  const { containers, ephemeralContainers } = record(pod.spec);
  const named = (name: string) => records(containers).find((container) => container.name === name);
  const sidecar = named(ADC_CONTAINER);
  const { securityContext } = named(MANAGER_CONTAINER) ?? {};
  return defined({
    name: `drill-${records(ephemeralContainers).length + 1}`,
    image: image ?? text(sidecar?.image) ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', "process.kill(1, 'SIGABRT')"],
    targetContainerName: MANAGER_CONTAINER,
    securityContext,
  });
}
