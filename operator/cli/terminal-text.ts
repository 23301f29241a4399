/**
 * The one place where text becomes what a terminal shows. Almost all that commands print was written by
 * others: names, messages of conditions and events, errors of servers. On a terminal such text could move
 * the cursor, rename the window, or turn a sentence around. So nothing steers a terminal but codes that
 * were made here, and they cannot be forged: each carries a secret of this process until it is written.
 */
import { randomBytes } from 'node:crypto';
import type { CommandIo } from './io.ts';

const ESCAPE = '\u001B';
const SECRET = randomBytes(16).toString('hex');
const OWN_CODE = new RegExp(`${ESCAPE}${SECRET}(\\[[0-9;]*[A-Za-z])`, 'g');

/**
 * What steers a terminal, or hides in it: control characters but line feed and tab, the separators and
 * directions of Unicode, and tags, which are invisible.
 */
const STEERING =
  /(?![\n\t])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu;
/** Says that something was there, and is as wide as one letter. */
const REPLACEMENT = '\uFFFD';

/** A control sequence, such as `[1m`, in the form that `steeredOnlyByUs` lets through. */
export function ownCode(sequence: string): string {
  return `${ESCAPE}${SECRET}${sequence}`;
}

/** The text without our codes: what of it takes room. */
export function withoutOwnCodes(text: string): string {
  return text.replace(OWN_CODE, '');
}

/** What may be written to a terminal: our codes work, and everything else that would is made visible. */
export function steeredOnlyByUs(text: string): string {
  // split() with a group: every second part is a sequence that ownCode() made.
  const parts = text.replaceAll('\r\n', '\n').split(OWN_CODE);
  return parts
    .map((part, at) => (at % 2 === 1 ? ESCAPE + part : part.replace(STEERING, REPLACEMENT)))
    .join('');
}

/** JSON with the same value in which such characters are escaped, so that nothing has to be replaced. */
export function escapedJson(json: string): string {
  return json.replace(STEERING, (letter) =>
    Array.from({ length: letter.length }, (_, at) => unit(letter.charCodeAt(at))).join(''),
  );
}

/**
 * The same for JSON that is read as YAML: there half of a letter beyond U+FFFF is no letter, and many
 * readers refuse it, kubectl among them.
 */
export function escapedJsonAsYaml(json: string): string {
  return json.replace(STEERING, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code > 0xff_ff ? `\\U${code.toString(16).padStart(8, '0')}` : unit(code);
  });
}

/** True if writing it would replace something. */
export function hasSteering(text: string): boolean {
  return text.search(STEERING) !== -1;
}

type Outlets = Pick<CommandIo, 'stdout' | 'stderr' | 'ask'>;

/** The same outlets, behind which only our own codes steer. */
export function guarded<Io extends Outlets>(io: Io): Io {
  const { stdout, stderr, ask } = io;
  return {
    ...io,
    stdout: { write: (text: string) => stdout.write(steeredOnlyByUs(text)) },
    stderr: { write: (text: string) => stderr.write(steeredOnlyByUs(text)) },
    ...(ask && { ask: (question: string) => ask(steeredOnlyByUs(question)) }),
  };
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
