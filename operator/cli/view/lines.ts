/**
 * Text cut into lines. Widths are counted without the codes that colour it; other characters that would
 * steer a terminal are replaced one by one when they are written, and so take a column here.
 */
import { withoutOwnCodes } from '../terminal-text.ts';

/** How many columns a line takes. */
export function widthOf(line: string): number {
  return [...withoutOwnCodes(line)].length;
}

/** Anything on one line: line breaks and further blanks become one blank. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u0085]+/gu, ' ').trim();
}

/** Without line breaks, so that text from a cluster cannot begin a line that looks like one of this program. */
export function unbroken(text: string): string {
  return text.replace(/[\n\v\f\r\u0085\u2028\u2029]+/gu, ' ');
}

/** Filled with blanks to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** At most `width` columns: what is too long loses its beginning, since names differ at their ends. */
export function shortened(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  return `…${letters.slice(letters.length - Math.max(0, width - 1)).join('')}`;
}

/**
 * Words filled into lines of at most `width` columns, the first behind `first` and the others behind
 * `further`. A word that is longer than a line stays whole, so that names can still be copied.
 */
export function filled(
  words: string,
  width: number,
  { first = '', further = '' }: { readonly first?: string; readonly further?: string } = {},
): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of unbroken(words).split(' ')) {
    const longer = empty ? line + word : `${line} ${word}`;
    if (!empty && widthOf(longer) > width) {
      lines.push(line);
      line = further + word;
    } else {
      line = longer;
    }
    empty = false;
  }
  return [...lines, line];
}
