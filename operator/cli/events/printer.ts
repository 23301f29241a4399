/** Prints events, each once, and again when it repeats. */
import { type KubeObject, keyText } from '../../base/kube-object.ts';
import { createLru } from '../../kube/lru.ts';
import { NO_TERMINAL } from '../io.ts';
import { dataText } from '../view/data-text.ts';
import { eventsText, lastTimeOf } from '../view/event-table.ts';
import type { EventsRequest } from './request.ts';

/** Remembered so as not to print them twice: more than a busy API server keeps of our kind. */
const MAX_PRINTED = 10_000;

/** Prints those that were not printed yet, sorted by time. */
export type Printer = (events: readonly KubeObject[]) => void;

/** Nothing is printed yet. The first call also prints an empty answer, if the output is data. */
export function createPrinter(request: EventsRequest): Printer {
  const { io, flags, namespace, surroundings } = request;
  const { output } = flags;
  const printed = createLru<string>(MAX_PRINTED);
  let begun = false;

  return (events) => {
    const unprinted = events.filter(
      ({ metadata }) => printed.get(keyOf(metadata)) !== (metadata.resourceVersion ?? ''),
    );
    for (const { metadata } of unprinted)
      printed.set(keyOf(metadata), metadata.resourceVersion ?? '');
    if (output !== undefined && output.kind !== 'wide' && output.kind !== 'name') {
      const whole = { apiVersion: 'v1', kind: 'List', metadata: {}, items: sorted(unprinted) };
      // A first answer is data even when it is empty; nothing new later on is not.
      if (!begun || unprinted.length > 0) io.stdout.write(dataText(whole, output));
      begun = true;
      return;
    }
    if (unprinted.length === 0) return;
    const nowMs = surroundings.clock.wallClock().getTime();
    io.stdout.write(
      eventsText(sorted(unprinted), {
        nowMs,
        terminal: io.terminal ?? NO_TERMINAL,
        namespaces: namespace === '' ? 'all' : 'one',
        head: begun ? 'without' : 'with',
      }),
    );
    begun = true;
  };
}

function keyOf({ namespace = '', name }: KubeObject['metadata']): string {
  return keyText({ namespace, name });
}

function sorted(events: readonly KubeObject[]): readonly KubeObject[] {
  return events.toSorted(
    (a, b) =>
      lastTimeOf(a).localeCompare(lastTimeOf(b)) ||
      (keyOf(a.metadata) < keyOf(b.metadata) ? -1 : 1),
  );
}
