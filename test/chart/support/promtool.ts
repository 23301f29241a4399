/** promtool, as a user runs it: what it printed, and whether it was content. */
import { execFile } from 'node:child_process';
import { fetchPromtool } from '../../testbed/promtool.ts';

export interface PromtoolAnswer {
  readonly content: boolean;
  /** Standard output and standard error. */
  readonly text: string;
}

/** `input` goes to its standard input. */
export async function promtool(args: readonly string[], input = ''): Promise<PromtoolAnswer> {
  program ??= fetchPromtool((line) => process.stderr.write(`${line}\n`));
  const path = await program;
  return new Promise((answer) => {
    const child = execFile(path, args, { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      answer({ content: error === null, text: `${stdout}${stderr}` });
    });
    child.stdin?.end(input);
  });
}

let program: Promise<string> | undefined;
