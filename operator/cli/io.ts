/** What a command may do to the world: write, read a file, and say how it ended. Never exits. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';

/** How standard output shows itself. */
export interface Terminal {
  /** A person watches, so what was printed may be drawn again. */
  readonly interactive: boolean;
  /** Width to lay out for. */
  readonly columns: number;
  readonly colour: boolean;
}

/** A file or a pipe. */
export const NO_TERMINAL: Terminal = { interactive: false, columns: 80, colour: false };

/** The outside world of a command. Tests bring their own. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The text of a file, or of standard input for "-". */
  readText(path: string): Promise<string>;
  /** Aborted when the user or the kubelet wants the process to end. */
  readonly interrupted: AbortSignal;
  /** Called once, at the end of a command: 0 done, 1 refused or failed, 2 wrong usage. */
  finish(exitCode: 0 | 1 | 2): void;
  /** Called by a command that changes things: a reader who closes the pipe must not end it halfway. */
  readonly outliveReader?: () => void;
  /** Default: NO_TERMINAL. */
  readonly terminal?: Terminal;
  /** Asks the person at the terminal and gives the answer; empty when interrupted. Absent off a terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** How the usage calls this program. Default: ingress-ha. */
  readonly programName?: string;
}

/** The terminal behind a stream; colour as NO_COLOR, FORCE_COLOR and the terminal have it. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  return {
    interactive: stream.isTTY === true,
    colour: styleText('bold', 'x', { stream }) !== 'x',
    // Asked anew each time: windows change while a command runs.
    get columns() {
      return stream.columns || NO_TERMINAL.columns;
    },
  };
}

const PLUGIN_PREFIX = 'kubectl-';
const COMPLETER = 'kubectl_complete-ingress_ha';

/** As what file this program was started: itself, a plugin of kubectl, or what kubectl completes it by. */
export function startedAs(script: string | undefined): {
  readonly programName: string;
  /** Put before what was typed. */
  readonly args: readonly string[];
} {
  const name = basename(script ?? '').replace(/\.js$/, '');
  if (name === COMPLETER) return { programName: 'kubectl ingress-ha', args: ['__complete'] };
  if (!name.startsWith(PLUGIN_PREFIX)) return { programName: 'ingress-ha', args: [] };
  // kubectl turns the dashes of a command into underscores of a file.
  const command = name.slice(PLUGIN_PREFIX.length).replaceAll('_', '-');
  return { programName: `kubectl ${command}`, args: [] };
}

/** Reads files, and standard input for "-". */
export async function readTextFrom(path: string): Promise<string> {
  return path === '-' ? text(process.stdin) : readFile(path, 'utf8');
}

/** Puts a question on standard error and reads one line; Ctrl-C and the end of the input give ''. */
export async function askPerson(question: string, interrupted: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline');
  const { promise, resolve } = Promise.withResolvers<string>();
  // Not `terminal`: the terminal keeps its own mode, in which Ctrl-C is the signal that all else listens to.
  const lines = createInterface({ input: process.stdin, terminal: false });
  const end = () => resolve('');
  lines.once('line', resolve).once('close', end);
  interrupted.addEventListener('abort', end);
  process.stderr.write(question);
  const answer = interrupted.aborted ? '' : await promise;
  if (interrupted.aborted) process.stderr.write('\n');
  interrupted.removeEventListener('abort', end);
  lines.close();
  return answer.trim();
}
