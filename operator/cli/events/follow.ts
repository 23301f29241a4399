/** Follows events after a list of them. */
import { failureOf, KubeError } from '../../base/failure.ts';
import { EventKind } from '../../base/resource-kinds.ts';
import type { Printer } from './printer.ts';
import { type EventsRequest, failureSentence, selectorOf } from './request.ts';

/** A watch is opened anew after this long, in s. */
const WATCH_SECONDS = 300;
const PAUSE_MS = 1_000;

/** All of them now, and the version to follow from. Rejects with a KubeError. */
export function listEvents(request: EventsRequest) {
  const { connection, flags, io, namespace } = request;
  return connection.client.list(EventKind, namespace, {
    fieldSelector: selectorOf(request),
    timeoutMs: flags.requestTimeout,
    signal: io.interrupted,
  });
}

/**
 * Prints events that come after version `from`, until it is interrupted. After a break it lists again. Throws only when
 * the right to list or watch is missing.
 */
export async function followEvents(
  request: EventsRequest,
  from: string,
  print: Printer,
): Promise<void> {
  const { io, surroundings } = request;
  let version = from;
  while (!io.interrupted.aborted) {
    try {
      version = await watchOnce(request, version, print);
    } catch (error) {
      const failure = failureOf(error);
      if (io.interrupted.aborted) return;
      if (failure.kind === 'forbidden') throw error;
      if (failure.kind !== 'expired') io.stderr.write(`${failureSentence(request, error)}\n`);
      await surroundings.clock.sleep(PAUSE_MS, io.interrupted);
      if (io.interrupted.aborted) return;
      const again = await listEvents(request).catch(() => undefined);
      if (again === undefined) continue;
      print(again.items);
      version = again.resourceVersion;
    }
  }
}

async function watchOnce(request: EventsRequest, from: string, print: Printer): Promise<string> {
  const { connection, io, namespace } = request;
  let version = from;
  const events = connection.client.watch(EventKind, namespace, {
    fieldSelector: selectorOf(request),
    resourceVersion: from,
    timeoutSeconds: WATCH_SECONDS,
    inactivityLimitMs: (WATCH_SECONDS + 30) * 1000,
    signal: io.interrupted,
  });
  for await (const event of events) {
    if (event.type === 'ERROR') throw new KubeError(event.failure);
    if (event.type === 'BOOKMARK') version = event.resourceVersion;
    else version = event.object.metadata.resourceVersion ?? version;
    // An event that is deleted has only become old.
    if (event.type === 'ADDED' || event.type === 'MODIFIED') print([event.object]);
  }
  return version;
}
