/** Colours by meaning. Without a terminal that wants them, text stays as it is. */
import type { Terminal } from '../io.ts';
import { ownCode } from '../terminal-text.ts';

/** What a colour means. */
export type Tone = 'good' | 'warn' | 'bad' | 'title' | 'faint';

/** Gives the text with codes that colour it, or as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Green, yellow, red, bold and dim: the codes of ECMA-48 that turn each on and off. */
const CODES = {
  good: [32, 39],
  warn: [33, 39],
  bad: [31, 39],
  title: [1, 22],
  faint: [2, 22],
} as const;

/** The brush for a terminal. */
export function paintFor({ colour }: Pick<Terminal, 'colour'>): Paint {
  if (!colour) return (_, text) => text;
  return (tone, text) => {
    const [on, off] = CODES[tone];
    return text === '' ? text : `${ownCode(`[${on}m`)}${text}${ownCode(`[${off}m`)}`;
  };
}
