/** A command run in this process, against a cluster and a clock of the test's own. */
import type { Connection, Surroundings } from '../../operator/cli/connection.ts';
import { runProgram } from '../../operator/cli/program.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export interface RunningCommand {
  readonly clock: ManualClock;
  /** What it has printed so far. */
  readonly printed: { readonly stdout: string; readonly stderr: string };
  readonly interrupt: () => void;
  /** Moves time from timer to timer until it ends. */
  end(): Promise<CommandEnd>;
}

export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** On the test's clock, in ms. */
  readonly tookMs: number;
}

/** What the cluster of the command is: a client, or why there is none. Absent: it must not connect. */
export type Behind = Connection['client'] | Error;

export function startCommand(args: readonly string[], behind?: Behind): RunningCommand {
  const clock = createManualClock();
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  const io = {
    stdout: { write: (text: string) => (printed.stdout += text) },
    stderr: { write: (text: string) => (printed.stderr += text) },
    readText: () => Promise.reject(new Error('This command must not read files')),
    interrupted: interruption.signal,
  };
  let ended: { readonly exitCode: number } | { readonly error: unknown } | undefined;
  runProgram(args, io, { clock, connect: connectTo(behind) }).then(
    (exitCode) => {
      ended = { exitCode };
    },
    (error: unknown) => {
      ended = { error };
    },
  );
  return {
    clock,
    printed,
    interrupt: () => interruption.abort(),
    async end() {
      const limitAtMs = performance.now() + 10_000;
      while (ended === undefined) {
        if (performance.now() > limitAtMs) throw new Error('The command did not end');
        await clock.advance(clock.nextTimerInMs() ?? 0);
      }
      if ('error' in ended) throw ended.error;
      return { ...printed, exitCode: ended.exitCode, tookMs: clock.nowMs() };
    },
  };
}

/** `startCommand`, to its end. */
export function runCommand(args: readonly string[], behind?: Behind): Promise<CommandEnd> {
  return startCommand(args, behind).end();
}

function connectTo(behind: Behind | undefined): Surroundings['connect'] {
  return async () => {
    if (behind instanceof Error) throw behind;
    if (behind === undefined) throw new Error('This command must not connect');
    return {
      client: behind,
      server: 'https://api.example:6443',
      namespace: 'prod',
      close() {},
    };
  };
}
