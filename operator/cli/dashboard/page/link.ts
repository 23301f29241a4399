/** The stream of events from the server. The browser opens it anew by itself when it breaks. */
import type { FeedEvent } from '../message.ts';

export type LinkState =
  | 'starting'
  | 'open'
  /** Broken, and tried again. */
  | 'lost'
  /** Refused: it belongs to another run of the server. */
  | 'refused';

export interface LinkOptions {
  /** `atMs`: on the browser's monotonic clock. */
  readonly onEvent: (event: FeedEvent, atMs: number) => void;
  readonly onState: (state: LinkState) => void;
}

const EVENTS = ['state', 'change', 'gone', 'health'] as const;

export function openLink({ onEvent, onState }: LinkOptions): void {
  const source = new EventSource('/events');
  source.addEventListener('open', () => onState('open'));
  source.addEventListener('error', () => {
    onState(source.readyState === EventSource.CLOSED ? 'refused' : 'lost');
  });
  for (const event of EVENTS) {
    source.addEventListener(event, (message: MessageEvent<string>) => {
      // Only our own server writes this stream, and it writes these types.
      onEvent({ event, data: JSON.parse(message.data) } as FeedEvent, message.timeStamp);
    });
  }
}
