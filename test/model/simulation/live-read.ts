/** The live reads before a clear, and of a poll (`operator/control/failover/live-read.ts`). */
import type { FailoverFacts } from '../../../operator/decide/failover/types.ts';
import type { Call } from './network.ts';
import type { LeaseObject, PodObject, Server } from './server.ts';

export type NodeState = FailoverFacts['node'];

export interface Subject {
  readonly podName: string;
  /** Left out of a look that is no prelude to a write. */
  readonly nodeName?: string;
}

export interface Look {
  /** Undefined: there is none any more. */
  readonly pod: PodObject | undefined;
  readonly lease: LeaseObject;
  readonly node: NodeState;
}

export interface LookContext {
  readonly server: Server;
  readonly call: <T>(call: Omit<Call<T>, 'timeoutMs'>) => void;
}

/** Side by side, each answered as it stands at its own time; undefined: one of them was not. */
export function readLive(
  { server, call }: LookContext,
  { podName, nodeName }: Subject,
  seen: (look: Look | undefined) => void,
): void {
  let pod: PodObject | undefined;
  let { lease } = server;
  let node: NodeState = 'unasked';
  let missing = 0;
  let failed = 0;
  const read = (request: () => void) => {
    missing += 1;
    call<true>({
      request: () => {
        request();
        return true;
      },
      answer: (isAnswered) => {
        missing -= 1;
        if (!isAnswered) failed += 1;
        if (missing === 0) seen(failed === 0 ? { pod, lease, node } : undefined);
      },
    });
  };
  read(() => {
    pod = server.pod(podName);
  });
  read(() => {
    lease = server.lease;
  });
  if (nodeName === undefined) return;
  read(() => {
    node = server.notReady.has(nodeName) ? 'not-ready' : 'ready';
  });
}
