#!/usr/bin/env node
/** The entry of every binary: parse argv, run, turn the result into an exit code. */
import { getSystemErrorMessage } from 'node:util';
import { askPerson, readTextFrom, startedAs, terminalOf } from './cli/io.ts';
import { runProgram } from './cli/program.ts';
import { steeredOnlyByUs } from './cli/terminal-text.ts';

const interruption = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort());
}

let outlivesReader = false;
let lost: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  lost ??= error;
  if (!outlivesReader) end(0);
});
// Whoever has closed it does not want to be told, and there is nowhere else to say so.
process.stderr.on('error', () => {});

// An unhandled rejection comes here too. Node itself would print the text as it is.
process.on('uncaughtException', (error) => end(crashed(error)));

const { programName, args } = startedAs(process.argv[1]);
const exitCode = await runProgram([...args, ...process.argv.slice(2)], {
  stdout: process.stdout,
  stderr: process.stderr,
  readText: readTextFrom,
  interrupted: interruption.signal,
  outliveReader: () => {
    outlivesReader = true;
  },
  terminal: terminalOf(process.stdout),
  ...(process.stdin.isTTY &&
    process.stderr.isTTY && {
      ask: (question: string) => askPerson(question, interruption.signal),
    }),
  programName,
}).catch(crashed);
// What was printed may still be on its way, and only then is it known whether it could be written.
await new Promise((resolve) => process.stdout.write('', resolve));
end(exitCode);

/** A mistake of ours, told as Node would tell it; its text may hold what others wrote. */
function crashed(error: unknown): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    steeredOnlyByUs(`This is a mistake in ingress-ha, please report it: ${text}\n`),
  );
  return 1;
}

/** Whatever is still open (a connection on its way down, a timer) must not keep us past the grace period. */
function end(code: number): never {
  // A reader that has seen enough closes the pipe: that is an end, not an error.
  if (lost === undefined || lost.code === 'EPIPE') process.exit(code);
  process.stderr.write(`Cannot write to standard output: ${reasonOf(lost)}.\n`);
  process.exit(code === 0 ? 1 : code);
}

function reasonOf({ errno, message }: NodeJS.ErrnoException): string {
  return errno === undefined ? message : getSystemErrorMessage(errno);
}
