/** One watch request, from the version at which it starts to its end. Keeps no objects and decides no retry. */
import { defined } from '../../base/defined.ts';
import { failureOf, type KubeFailure } from '../../base/failure.ts';
import type { ResourceKind } from '../../base/resource-kinds.ts';
import type { Clock } from '../../base/time.ts';
import type { KubeClient, WatchEvent, WatchOptions } from '../client.ts';

/** How a watch ended. `version` is the one from which the next watch can resume. */
export type WatchEnd =
  /** By the signal. */
  | { readonly kind: 'aborted' }
  /** By the server, or at the timeout that was asked for. */
  | {
      readonly kind: 'closed';
      readonly version: string;
      readonly events: number;
      readonly afterMs: number;
      readonly isEarly: boolean;
    }
  /** No byte came for INACTIVITY_LIMIT_MS, not even a bookmark, on a connection that had been answered. */
  | { readonly kind: 'silent'; readonly version: string }
  /** The server refused it, or the connection broke. */
  | {
      readonly kind: 'failed';
      readonly version: string;
      readonly failure: KubeFailure;
      readonly isEarly: boolean;
    };

/** What is watched, and who is called meanwhile. */
export interface WatchSession
  extends Pick<WatchOptions, 'labelSelector' | 'fieldSelector' | 'signal'> {
  readonly client: Pick<KubeClient, 'watch'>;
  readonly kind: ResourceKind;
  /** '' for cluster-scoped kinds. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Called for every piece of the answer, its head included: the connection lives. */
  readonly onActivity: () => void;
  /** Called for each event; gives the version from which a watch can resume, if the event names one. */
  readonly onEvent: (event: Exclude<WatchEvent, { type: 'ERROR' }>) => string | undefined;
}

/** client-go's defaultMinWatchTimeout, 5 minutes: the server is asked to end a watch after one to two times that. */
const MIN_TIMEOUT_SECONDS = 300;
/** Bookmarks come about every 60 s while there is news; one may be late. */
const INACTIVITY_LIMIT_MS = 90_000;
/** A watch that the server closes this much before its timeout has ended early. */
const EARLY_MARGIN_MS = 1_000;

/** Watches until the end. Never rejects: what a callback throws is a failure of the watch. */
export async function runWatch(session: WatchSession, fromVersion: string): Promise<WatchEnd> {
  const { client, kind, namespace, labelSelector, fieldSelector } = session;
  const { clock, random, signal } = session;
  const timeoutSeconds = MIN_TIMEOUT_SECONDS + Math.floor(random() * (MIN_TIMEOUT_SECONDS + 1));
  const startedAtMs = clock.nowMs();
  let activeAtMs: number | undefined;
  let version = fromVersion;
  let events = 0;
  const isEarly = () =>
    activeAtMs !== undefined &&
    clock.nowMs() - startedAtMs < timeoutSeconds * 1000 - EARLY_MARGIN_MS;
  const isSilent = () =>
    activeAtMs !== undefined && clock.nowMs() - activeAtMs >= INACTIVITY_LIMIT_MS;
  const failed = (failure: KubeFailure) =>
    ({ kind: 'failed', version, failure, isEarly: isEarly() }) as const;
  try {
    const stream = client.watch(kind, namespace, {
      ...defined({ labelSelector, fieldSelector }),
      resourceVersion: version,
      timeoutSeconds,
      inactivityLimitMs: INACTIVITY_LIMIT_MS,
      signal,
      onActivity: () => {
        activeAtMs = clock.nowMs();
        session.onActivity();
      },
    });
    for await (const event of stream) {
      if (signal.aborted) return { kind: 'aborted' };
      if (event.type === 'ERROR') return failed(event.failure);
      events += 1;
      version = session.onEvent(event) ?? version;
    }
  } catch (error) {
    const failure = failureOf(error);
    if (signal.aborted) return { kind: 'aborted' };
    if (failure.kind === 'unreachable' && isSilent()) return { kind: 'silent', version };
    return failed(failure);
  }
  if (signal.aborted) return { kind: 'aborted' };
  const afterMs = clock.nowMs() - startedAtMs;
  return { kind: 'closed', version, events, afterMs, isEarly: isEarly() };
}
