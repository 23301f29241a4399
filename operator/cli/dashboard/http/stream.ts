/** One reader of the page's events: the whole state at first, then changes, by Server-Sent Events. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../base/time.ts';
import type { Feed } from '../feed/feed.ts';
import type { FeedEvent } from '../message.ts';

/** Shows a dead connection to both sides, in ms. */
const BEAT_EVERY_MS = 15_000;
/** A reader this far behind, in bytes, is cut off: it comes back and gets everything anew. */
const MAX_BEHIND_BYTES = 1024 * 1024;

/** Sends the state and every event of `feed` to `response`, whose head is written, until it closes. */
export function openStream(
  response: Pick<ServerResponse, 'write' | 'once' | 'destroy' | 'destroyed' | 'writableLength'>,
  feed: Pick<Feed, 'state' | 'listen'>,
  clock: Pick<Clock, 'schedule'>,
): void {
  function send(text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength > MAX_BEHIND_BYTES) response.destroy();
  }

  function beat(): void {
    send(': alive\n\n');
    cancelBeat = clock.schedule(BEAT_EVERY_MS, beat);
  }

  send(eventText({ event: 'state', data: feed.state() }));
  const endListening = feed.listen((event) => send(eventText(event)));
  let cancelBeat = clock.schedule(BEAT_EVERY_MS, beat);
  response.once('close', () => {
    endListening();
    cancelBeat();
  });
}

/** One event as Server-Sent Events have it. JSON has no line feeds of its own, so it is one line of data. */
export function eventText({ event, data }: FeedEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
