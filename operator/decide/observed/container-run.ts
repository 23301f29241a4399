/** The runs of a container: when its process started and how it ended, as the kubelet reports it. */
import { defined } from '../../base/defined.ts';
import { record, text } from '../../base/read.ts';

/** One run of a container, as its kubelet reports it. Times are whole seconds on the node's clock. */
export type ContainerRun =
  | { readonly kind: 'running'; readonly containerId: string; readonly startedAtS: number }
  | { readonly kind: 'ended'; readonly containerId: string; readonly exit: Exit }
  | { readonly kind: 'waiting' };

/** How a run ended: `terminated` of the container status. */
export interface Exit {
  /** -1: none was reported. */
  readonly code: number;
  readonly reason: string;
  /** Missing: the kubelet did not observe the exit; it only concluded it. */
  readonly finishedAtS?: number;
}

/** `state`: `state` or `lastState` of `status`; undefined: the kubelet has reported none. */
export function runOf(
  state: Readonly<Record<string, unknown>>,
  status: Readonly<Record<string, unknown>>,
): ContainerRun | undefined {
  if (state.running !== undefined) {
    const containerId = text(status.containerID);
    const startedAtS = seconds(record(state.running).startedAt);
    return containerId === undefined || startedAtS === undefined
      ? { kind: 'waiting' }
      : { kind: 'running', containerId, startedAtS };
  }
  if (state.terminated !== undefined) {
    const ended = record(state.terminated);
    const finishedAtS = seconds(ended.finishedAt);
    const exit = {
      code: typeof ended.exitCode === 'number' ? ended.exitCode : -1,
      reason: text(ended.reason) ?? '',
      ...defined({ finishedAtS }),
    };
    return { kind: 'ended', containerId: text(ended.containerID) ?? '', exit };
  }
  return state.waiting === undefined ? undefined : { kind: 'waiting' };
}

/**
 * An RFC 3339 time in whole seconds since the epoch; undefined for none, and for the epoch itself, which a
 * runtime reports when it does not know.
 */
export function seconds(time: unknown): number | undefined {
  const parsedMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return parsedMs > 0 ? Math.floor(parsedMs / 1000) : undefined;
}
