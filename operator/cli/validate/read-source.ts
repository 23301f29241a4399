/** The text of one file, read with a limit. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { whyUnread } from './file-errors.ts';
import { STDIN } from './files.ts';

/** The content of a file: its text, why its text is refused, or why it could not be read at all. */
type ReadFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unread'; readonly message: string };

/** What the API server takes at once, in bytes: 3 MiB. No file of one resource comes near. */
const MAX_BYTES = 3 * 1024 * 1024;

const NOT_UTF8: ReadFile = {
  kind: 'refused',
  message: 'It is not UTF-8: save it in that encoding',
};

/** The text of a file, in UTF-8 and at most 3 MiB. Never throws. */
export async function readSource(
  file: string,
  readStdin: () => Promise<string>,
): Promise<ReadFile> {
  try {
    return file === STDIN ? checkedText(await readStdin()) : checked(await bytesOf(file));
  } catch (error) {
    return { kind: 'unread', message: whyUnread(error) };
  }
}

/** At most one byte more than is allowed. */
async function bytesOf(file: string): Promise<Buffer> {
  const facts = await stat(file);
  // Not for the thread pool: of a thousand small files, most of the time would be spent on the way there.
  if (facts.isFile() && facts.size <= MAX_BYTES) return readFileSync(file);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { end: MAX_BYTES })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function checked(bytes: Buffer): ReadFile {
  if (bytes.length > MAX_BYTES) {
    return {
      kind: 'refused',
      message: `It has more than ${MAX_BYTES / 1024 / 1024} MiB, which no API server takes: split it`,
    };
  }
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return { kind: 'text', text };
  return NOT_UTF8;
}

/** Of bytes that were no UTF-8, only the mark is left that stands for them. */
function checkedText(text: string): ReadFile {
  return text.includes('\uFFFD') ? NOT_UTF8 : checked(Buffer.from(text));
}
