/** Text cut into lines. Widths are counted without the codes that colour it. */
import { stripVTControlCharacters } from 'node:util';

/** How many columns a line takes. */
export function widthOf(line: string): number {
  return [...stripVTControlCharacters(line)].length;
}

/** Anything on one line: line breaks and control characters become blanks. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
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
  for (const word of words.split(' ')) {
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
