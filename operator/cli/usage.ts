/** What every command's help ends with: how it can end, and which rights it needs. */
import type { Command } from 'commander';
import { filled } from './view/lines.ts';

export interface Ending {
  /** `0 done, 1 failed, 2 wrong usage` */
  readonly exitCodes: string;
  /** `get on ingresscontrollerhas.ingressha.dev`; absent: it needs no cluster. */
  readonly rights?: string;
}

const WIDTH = 80;

/** Adds both to the help, and so to docs/reference/cli.md. */
export function addEnding(command: Command, { exitCodes, rights }: Ending): void {
  const paragraphs = [
    paragraph('Exit codes:', exitCodes),
    ...(rights === undefined ? [] : [paragraph('Rights:', rights)]),
  ];
  command.addHelpText('after', paragraphs.map((text) => `\n${text}`).join('\n'));
}

function paragraph(title: string, words: string): string {
  return filled(`${title} ${words}.`, WIDTH).join('\n');
}
