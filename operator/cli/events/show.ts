/** One list of events, and with `--watch` what comes after it. */
import { failureOf } from '../../base/failure.ts';
import { IngressControllerHAKind, RESOURCE_KIND, refTo } from '../../base/resource-kinds.ts';
import { unknownNameText } from '../live/unknown-name.ts';
import { followEvents, listEvents } from './follow.ts';
import { createPrinter } from './printer.ts';
import { type EventsRequest, failureSentence } from './request.ts';

/** Prints them, and ends with 0 unless they cannot be read. */
export async function showEvents(request: EventsRequest): Promise<0 | 1> {
  const { io, flags, name } = request;
  const print = createPrinter(request);
  try {
    const { items, resourceVersion } = await listEvents(request);
    if (items.length === 0) {
      const problem = name === undefined ? undefined : await unknownText(name, request);
      if (problem !== undefined) return failed(request, problem);
      io.stderr.write(`${noneText(request)}\n`);
    }
    print(items);
    if (!flags.watch) return 0;
    await followEvents(request, resourceVersion, print);
    return 0;
  } catch (error) {
    if (io.interrupted.aborted) return 0;
    return failed(request, failureSentence(request, error));
  }
}

/** The sentence about a name that does not exist; undefined when it does, or may not be read. */
async function unknownText(name: string, request: EventsRequest): Promise<string | undefined> {
  const { connection, flags, io, namespace } = request;
  const options = { timeoutMs: flags.requestTimeout, signal: io.interrupted };
  try {
    await connection.client.get(refTo(IngressControllerHAKind, { namespace, name }), options);
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

function failed({ io }: EventsRequest, sentence: string): 1 {
  io.stderr.write(`${sentence}\n`);
  return 1;
}
