#!/usr/bin/env node
/** The entry of every binary: parse argv, run, turn the result into an exit code. */
import { readTextFrom } from './cli/io.ts';
import { runProgram } from './cli/program.ts';

const interruption = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => interruption.abort());
}

// A reader that has seen enough closes the pipe: that is an end, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  readText: readTextFrom,
  interrupted: interruption.signal,
});
// Whatever is still open (a connection on its way down, a timer) must not keep us past the grace period.
process.exit();
