/** One list of events, and with `--watch` what comes after it. */

import { failureOf, KubeError } from '../../base/failure.ts';
import type { KubeObject } from '../../base/kube-object.ts';
import { EventKind, IngressControllerHAKind, RESOURCE_KIND } from '../../base/resource-kinds.ts';
import { createLru } from '../../kube/lru.ts';
import type { Connection, Surroundings } from '../connection.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import { failureText } from '../failure-text.ts';
import type { CommandIo } from '../io.ts';
import { NO_TERMINAL } from '../io.ts';
import { unknownNameText } from '../live/unknown-name.ts';
import { dataText } from '../view/data-text.ts';
import { eventsText, lastTimeOf } from '../view/event-table.ts';
import type { Output } from '../view/output.ts';

export interface EventsFlags extends ConnectionFlags {
  readonly namespace?: string;
  readonly allNamespaces?: true;
  readonly output?: Output;
  readonly watch?: true;
}

export interface EventsRequest {
  /** Absent: of all resources. */
  readonly name: string | undefined;
  readonly flags: EventsFlags;
  readonly io: CommandIo;
  readonly surroundings: Surroundings;
  readonly connection: Connection;
  /** '' is all. */
  readonly namespace: string;
}

/** A watch is opened anew after this long, in s. */
const WATCH_SECONDS = 300;
const PAUSE_MS = 1_000;
/** Remembered so as not to print them twice: more than a busy API server keeps of our kind. */
const MOST_PRINTED = 10_000;

/** Prints them, and ends with 0 unless they cannot be read. */
export async function showEvents(request: EventsRequest): Promise<0 | 1> {
  const { io, flags, name } = request;
  const printer = createPrinter(request);
  try {
    const { items, resourceVersion } = await list(request);
    if (items.length === 0) {
      const problem = name === undefined ? undefined : await missing(name, request);
      if (problem !== undefined) return failed(request, problem);
      io.stderr.write(`${noneText(request)}\n`);
    }
    printer(items);
    if (!flags.watch) return 0;
    await follow(request, resourceVersion, printer);
    return 0;
  } catch (error) {
    if (io.interrupted.aborted) return 0;
    return failed(request, explanation(request, error));
  }
}

type Printer = (events: readonly KubeObject[]) => void;

/** Prints each event once, and again when it repeats. */
function createPrinter(request: EventsRequest): Printer {
  const { io, flags, namespace, surroundings } = request;
  const { output } = flags;
  const printed = createLru<string>(MOST_PRINTED);
  let begun = false;

  return (events) => {
    const news = events.filter(
      ({ metadata }) => printed.get(keyOf(metadata)) !== (metadata.resourceVersion ?? ''),
    );
    for (const { metadata } of news) printed.set(keyOf(metadata), metadata.resourceVersion ?? '');
    if (output !== undefined && output.kind !== 'wide' && output.kind !== 'name') {
      const whole = { apiVersion: 'v1', kind: 'List', metadata: {}, items: sorted(news) };
      // A first answer is data even when it is empty; nothing new later on is not.
      if (!begun || news.length > 0) io.stdout.write(dataText(whole, output));
      begun = true;
      return;
    }
    if (news.length === 0) return;
    const nowMs = surroundings.clock.wallClock().getTime();
    io.stdout.write(
      eventsText(sorted(news), {
        nowMs,
        terminal: io.terminal ?? NO_TERMINAL,
        namespaces: namespace === '' ? 'all' : 'one',
        head: begun ? 'without' : 'with',
      }),
    );
    begun = true;
  };
}

/** Follows until it is interrupted. What it cannot follow without a break it lists again. */
async function follow(request: EventsRequest, from: string, print: Printer): Promise<void> {
  const { io, surroundings } = request;
  let version = from;
  while (!io.interrupted.aborted) {
    try {
      version = await watchOnce(request, version, print);
    } catch (error) {
      const failure = failureOf(error);
      if (io.interrupted.aborted) return;
      if (failure.kind === 'forbidden') throw error;
      if (failure.kind !== 'expired') io.stderr.write(`${explanation(request, error)}\n`);
      await surroundings.clock.sleep(PAUSE_MS, io.interrupted);
      if (io.interrupted.aborted) return;
      const again = await list(request).catch(() => undefined);
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

function list(request: EventsRequest) {
  const { connection, flags, io, namespace } = request;
  return connection.client.list(EventKind, namespace, {
    fieldSelector: selectorOf(request),
    timeoutMs: flags.requestTimeout,
    signal: io.interrupted,
  });
}

function selectorOf({ name }: EventsRequest): string {
  const kind = `involvedObject.kind=${RESOURCE_KIND}`;
  return name === undefined ? kind : `${kind},involvedObject.name=${name}`;
}

/** Why there is nothing to tell about a name; undefined when it exists, or may not be read. */
async function missing(name: string, request: EventsRequest): Promise<string | undefined> {
  const { connection, flags, io, namespace } = request;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  const { apiVersion, kind } = IngressControllerHAKind;
  try {
    await connection.client.get({ apiVersion, kind, namespace, name }, options);
    return undefined;
  } catch (error) {
    if (failureOf(error).kind !== 'not-found') return undefined;
    return unknownNameText(connection.client, { namespace, name }, options);
  }
}

function noneText({ name, namespace }: EventsRequest): string {
  const whose = name === undefined ? `any ${RESOURCE_KIND}` : `${RESOURCE_KIND} "${name}"`;
  const where = namespace === '' ? 'any namespace' : `namespace "${namespace}"`;
  return `There are no events of ${whose} in ${where}.`;
}

function explanation({ connection, namespace, flags }: EventsRequest, error: unknown): string {
  const where = namespace === '' ? 'all namespaces, or name one by -n' : `namespace "${namespace}"`;
  const verbs = flags.watch ? '"list" and "watch"' : '"list"';
  return failureText(failureOf(error), {
    server: connection.server,
    ifForbidden: `Grant ${verbs} on events in ${where}.`,
    ifMissing: 'This API server has no events.',
  });
}

function failed({ io }: EventsRequest, sentence: string): 1 {
  io.stderr.write(`${sentence}\n`);
  return 1;
}

function keyOf({ namespace = '', name }: KubeObject['metadata']): string {
  return `${namespace}/${name}`;
}

function sorted(events: readonly KubeObject[]): readonly KubeObject[] {
  return events.toSorted(
    (a, b) =>
      lastTimeOf(a).localeCompare(lastTimeOf(b)) ||
      (keyOf(a.metadata) < keyOf(b.metadata) ? -1 : 1),
  );
}
