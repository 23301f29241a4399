/** What every command's help ends with: how it can end, and which rights it needs. */
import type { AddHelpTextContext, Command } from 'commander';
import { filled } from './view/lines.ts';

/** What stands at the end of a command's help. */
interface Ending {
  /** `0 done, 1 failed, 2 wrong usage` */
  readonly exitCodes: string;
  /** `get on ingresscontrollerhas.ingressha.dev`; absent: it needs no cluster. */
  readonly rights?: string;
}

/** Longer lines are hard to read. */
const MOST_COLUMNS = 80;

/** Adds both to the help, and so to docs/reference/cli.md. */
export function addEnding(command: Command, { exitCodes, rights }: Ending): void {
  const paragraphs = [
    `Exit codes: ${exitCodes}.`,
    ...(rights === undefined ? [] : [`Rights: ${rights}.`]),
  ];
  command.addHelpText('after', (context) => {
    const width = Math.min(MOST_COLUMNS, widthOf(context));
    return paragraphs.map((words) => `\n${filled(words, width).join('\n')}`).join('\n');
  });
}

/** Adds paragraphs that are written for 80 columns; on a narrower terminal those without a form are filled anew. */
export function addNotes(command: Command, notes: string): void {
  command.addHelpText('after', (context) => {
    const width = widthOf(context);
    if (width >= MOST_COLUMNS) return notes;
    return notes
      .split('\n\n')
      .map((text) => refilled(text, width))
      .join('\n\n');
  });
}

function refilled(paragraph: string, width: number): string {
  const hasForm = paragraph.includes('\n  ');
  if (hasForm) return paragraph;
  const opening = paragraph.startsWith('\n') ? '\n' : '';
  return `${opening}${filled(paragraph.trim().replaceAll('\n', ' '), width).join('\n')}`;
}

function widthOf({ command, error }: AddHelpTextContext): number {
  const { getOutHelpWidth, getErrHelpWidth } = command.configureOutput();
  return (error ? getErrHelpWidth : getOutHelpWidth)?.() ?? MOST_COLUMNS;
}
