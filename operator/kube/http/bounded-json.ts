/**
 * JSON of a server, bounded in depth where it comes in: the rest of the program walks values by recursion, which a
 * deeper value could make overflow the stack. JSON.parse itself has no such limit.
 */

/** Deeper than anything that Kubernetes itself defines, and far above where the stack ends, in levels. */
export const MAX_LEVELS = 256;

/**
 * An API server reads no JSON deeper than 10,000 levels, so it can store none; the rest is for the list or
 * the event around an object.
 */
const MAX_POSSIBLE_LEVELS = 10_016;

/** Stands in an object for what is nested deeper than MAX_LEVELS. */
export const CLIPPED = '<nested too deeply>';

/** Thrown for JSON that no API server of Kubernetes can have stored. The message is the end of a sentence. */
export class TooDeepError extends Error {
  override readonly name = 'TooDeepError';
}

/**
 * The value of `text`. What an author has nested deeper than MAX_LEVELS is replaced by CLIPPED, so that
 * one object does not cost its neighbours in a list. Throws a SyntaxError for what is no JSON, and a
 * TooDeepError for what no API server can have stored.
 */
export function parseBoundedJson(text: string): unknown {
  const levels = levelsIn(text);
  if (levels <= MAX_LEVELS) return JSON.parse(text);
  if (levels > MAX_POSSIBLE_LEVELS) {
    throw new TooDeepError('it is nested deeper than any API server stores');
  }
  return clipped(JSON.parse(text), MAX_LEVELS);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The depth of the JSON: most brackets that are open at once. One pass, which skips strings. */
function levelsIn(text: string): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        open += 1;
        if (open > most) most = open;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        open -= 1;
        break;
    }
  }
  return most;
}

/** Index of the quote that ends the string which begins at `start`: one after an even number of backslashes. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

function clipped(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return CLIPPED;
  if (Array.isArray(value)) return value.map((item) => clipped(item, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, clipped(member, levels - 1)]),
  );
}
