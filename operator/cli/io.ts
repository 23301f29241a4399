/** What a command may do to the world: write, read a file, and say how it ended. Never exits. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The text of a file, or of standard input for "-". */
  readText(path: string): Promise<string>;
  /** Aborted when the user or the kubelet wants the process to end. */
  readonly interrupted: AbortSignal;
  /** Called once, at the end of a command: 0 done, 1 refused or failed, 2 wrong usage. */
  finish(exitCode: 0 | 1 | 2): void;
}

/** Reads files, and standard input for "-". */
export async function readTextFrom(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : readFile(path, 'utf8');
}
