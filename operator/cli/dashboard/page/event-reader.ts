/** Server-Sent Events, as far as our own server writes them: a name and one line of JSON each. */
import type { FeedEvent } from '../message.ts';

/** Takes text as it arrives, cut anywhere, and calls `onEvent` for each event once it is complete. */
export function createEventReader(onEvent: (event: FeedEvent) => void): (text: string) => void {
  let pending = '';
  return (text) => {
    const blocks = (pending + text).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = field(block, 'event');
      const data = field(block, 'data');
      // Only our own server writes this stream, and it writes these types. A block with neither only shows that the connection is alive.
      if (event !== undefined && data !== undefined) {
        onEvent({ event, data: JSON.parse(data) } as FeedEvent);
      }
    }
  };
}

function field(block: string, name: string): string | undefined {
  const line = block.split('\n').find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}
