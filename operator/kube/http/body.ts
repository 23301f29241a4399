/** The body of an answer, bounded in size. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Lists are paged, and one object is below etcd's 1.5 MiB: more than this is not a sane answer. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Of an answer that is an error: a Status, or the page of a proxy. */
export const MAX_ERROR_BODY_BYTES = 256 * 1024;

const gunzipBytes = promisify(gunzip);

/** Says what is wrong with a body; the caller knows to which call it belongs. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
}

/**
 * The whole body as text, decompressed if it came as gzip. Throws a BodyError for one of more than `maxBytes`, as sent
 * or decompressed, and the error of the connection if that breaks.
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyError(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, size);
  if (response.headers['content-encoding'] !== 'gzip') return bytes.toString('utf8');
  try {
    return (await gunzipBytes(bytes, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (cause) {
    throw new BodyError('the compressed answer cannot be read', { cause });
  }
}
