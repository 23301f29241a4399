/** Colours by meaning. Without a terminal that wants them, text stays as it is. */
import { styleText } from 'node:util';
import type { Terminal } from '../io.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'title' | 'faint';

export type Paint = (tone: Tone, text: string) => string;

const STYLES = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  title: 'bold',
  faint: 'dim',
} as const;

/** The brush for a terminal. */
export function paintFor({ colour }: Pick<Terminal, 'colour'>): Paint {
  if (!colour) return (_, text) => text;
  return (tone, text) =>
    text === '' ? text : styleText(STYLES[tone], text, { validateStream: false });
}
