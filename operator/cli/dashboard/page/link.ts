/**
 * The stream of events from the server, opened anew when it breaks. It is fetched, since an EventSource
 * cannot send the key: a cookie goes to every port of this machine, and so proves nothing.
 */
import type { FeedEvent } from '../message.ts';
import { createEventReader } from './event-reader.ts';

/** The state of the connection. */
export type LinkState =
  | 'starting'
  | 'open'
  /** Broken, and tried again. */
  | 'lost'
  /** Refused: it belongs to another run of the server. */
  | 'refused'
  /** This tab was not opened by the printed address. */
  | 'keyless';

/** How messages are received, and by what right. */
interface LinkOptions {
  /** What the printed address has given this tab; undefined: nothing. */
  readonly key: string | undefined;
  /** `atMs`: on the browser's monotonic clock. */
  readonly onEvent: (event: FeedEvent, atMs: number) => void;
  readonly onState: (state: LinkState) => void;
}

/** A stream that has ended is asked for again after this, in ms. */
const RETRY_MS = 1_000;

/** Until it is refused. */
export async function openLink({ key, onEvent, onState }: LinkOptions): Promise<void> {
  if (key === undefined) return onState('keyless');
  for (;;) {
    const ending = await follow(key).catch(() => 'lost' as const);
    onState(ending);
    if (ending === 'refused') return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  async function follow(secret: string): Promise<'lost' | 'refused'> {
    const headers = { authorization: `Bearer ${secret}` };
    const { status, body } = await fetch('/events', { headers });
    if (status === 401 || status === 403) return 'refused';
    if (status !== 200 || body === null) return 'lost';
    onState('open');
    const read = createEventReader((event) => onEvent(event, performance.now()));
    const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) return 'lost';
      read(value);
    }
  }
}
