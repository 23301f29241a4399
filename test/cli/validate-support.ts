/** `ingress-ha validate` in this process. */
import { runProgram } from '../../operator/cli/program.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with `stdin` as standard input. */
export async function validate(
  args: readonly string[],
  stdin?: string,
  interrupted: AbortSignal = new AbortController().signal,
): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const exitCode = await runProgram(['validate', ...args], {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
    readText: async () => stdin ?? '',
    interrupted,
  });
  return { ...printed, exitCode };
}

/** A text in which `▸` marks the place of a finding, without the mark, and that place. */
export function marked(text: string): { readonly text: string; readonly place: string } {
  const [before = '', after] = text.split('▸');
  if (after === undefined) throw new Error(`No mark in the text: ${text}`);
  const lines = before.split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return { text: before + after, place: `${lines.length}:${column}` };
}
