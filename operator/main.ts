#!/usr/bin/env node
/** The entry of every binary: parse argv, run, turn the result into an exit code. */
import { askPerson, readTextFrom, startedAs, terminalOf } from './cli/io.ts';
import { runProgram } from './cli/program.ts';

const interruption = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => interruption.abort());
}

// A reader that has seen enough closes the pipe: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const { programName, args } = startedAs(process.argv[1]);
process.exitCode = await runProgram([...args, ...process.argv.slice(2)], {
  stdout: process.stdout,
  stderr: process.stderr,
  readText: readTextFrom,
  interrupted: interruption.signal,
  terminal: terminalOf(process.stdout),
  ...(process.stdin.isTTY &&
    process.stderr.isTTY && {
      ask: (question: string) => askPerson(question, interruption.signal),
    }),
  programName,
});
// Whatever is still open (a connection on its way down, a timer) must not keep us past the grace period.
process.exit();
