/** From the bytes of a watch to its events. Lines end at a line feed only, never at U+2028. */

import type { WatchEvent } from '../client.ts';
import { isKubeObject } from './answers.ts';
import { parseBoundedJson, TooDeepError } from './bounded-json.ts';
import { type CallSubject, failureOfErrorEvent } from './classify.ts';

/** One event holds one object, which etcd keeps below 1.5 MiB. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Says what is wrong with a stream; the caller knows which one it was. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
}

const LINE_FEED = 0x0a;

/**
 * The lines of a byte stream, decoded as UTF-8 only once they are complete, so that chunks may end
 * anywhere. Empty lines are skipped. Throws a StreamError for a line above `maxBytes` and for a
 * stream that ends within a line.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes = MAX_EVENT_BYTES,
): AsyncGenerator<string, void, undefined> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      const last = chunk.subarray(from, at);
      const line = pending.length === 0 ? last : Buffer.concat([...pending, last]);
      pending = [];
      pendingBytes = 0;
      from = at + 1;
      if (line.length > 0) yield line.toString('utf8');
    }
    if (from === chunk.length) continue;
    pending.push(chunk.subarray(from));
    pendingBytes += chunk.length - from;
    if (pendingBytes > maxBytes) throw new StreamError(`an event is larger than ${maxBytes} bytes`);
  }
  if (pendingBytes > 0) throw new StreamError('the stream ended in the middle of an event');
}

/** The event in one line. Throws a StreamError when it is none. Unknown types give undefined. */
export function parseWatchEvent(subject: CallSubject, line: string): WatchEvent | undefined {
  const { type, object } = parseFrame(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      if (!isKubeObject(object)) throw new StreamError('an event holds no Kubernetes object');
      return { type, object };
    case 'BOOKMARK':
      return { type, resourceVersion: bookmarkVersion(object) };
    case 'ERROR':
      return { type, failure: failureOfErrorEvent(subject, object) };
    default:
      return undefined;
  }
}

function parseFrame(line: string): { readonly type: unknown; readonly object: unknown } {
  try {
    const frame: unknown = parseBoundedJson(line);
    if (typeof frame === 'object' && frame !== null && 'type' in frame && 'object' in frame) {
      return { type: frame.type, object: frame.object };
    }
  } catch (cause) {
    if (cause instanceof TooDeepError) {
      throw new StreamError(`an event cannot be read: ${cause.message}`, { cause });
    }
    throw new StreamError('an event is not JSON', { cause });
  }
  throw new StreamError('an event has no type or no object');
}

function bookmarkVersion(object: unknown): string {
  const version = (object as { metadata?: { resourceVersion?: unknown } } | null)?.metadata
    ?.resourceVersion;
  if (typeof version !== 'string') throw new StreamError('a bookmark names no resourceVersion');
  return version;
}
