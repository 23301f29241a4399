/** Server-Sent Events, as far as our own server writes them: a name and one line of JSON each. */
import type { FeedEvent } from '../message.ts';

/** Takes text as it arrives, cut anywhere, and tells each event once it is complete. */
export function createEventReader(onEvent: (event: FeedEvent) => void): (text: string) => void {
  let pending = '';
  return (text) => {
    const blocks = (pending + text).split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = field(block, 'event');
      const data = field(block, 'data');
      // Only our own server writes this stream, and it writes these types. What has neither is a sign of life.
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
