/** A command run in this process, against a cluster and a clock of the test's own. */
import type { Connection, Surroundings } from '../../operator/cli/connection.ts';
import type { CommandIo } from '../../operator/cli/io.ts';
import { runProgram } from '../../operator/cli/program.ts';
import { ANSWER_HANG_MS } from './hang-limits.ts';
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

/** How it is started and seen; the default is a pipe. */
export type Stage = Pick<CommandIo, 'terminal' | 'programName'>;

export function startCommand(
  args: readonly string[],
  behind?: Behind,
  stage: Stage = {},
): RunningCommand {
  const clock = createManualClock();
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  const io = {
    stdout: { write: (text: string) => (printed.stdout += text) },
    stderr: { write: (text: string) => (printed.stderr += text) },
    readText: () => Promise.reject(new Error('This command must not read files')),
    interrupted: interruption.signal,
    ...stage,
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
      const limitAtMs = performance.now() + ANSWER_HANG_MS;
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
export function runCommand(
  args: readonly string[],
  behind?: Behind,
  stage: Stage = {},
): Promise<CommandEnd> {
  return startCommand(args, behind, stage).end();
}

function connectTo(behind: Behind | undefined): Surroundings['connect'] {
  return async () => {
    if (behind instanceof Error) throw behind;
    if (behind === undefined) throw new Error('This command must not connect');
    return {
      client: behind,
      pods: NO_PODS,
      pages: { page: () => Promise.reject(new Error('This command must not read pages')) },
      server: 'https://api.example:6443',
      namespace: 'prod',
      close() {},
    };
  };
}

/** Only drills do such things, and their tests bring their own. */
const NO_PODS: Connection['pods'] = {
  evict: () => Promise.reject(new Error('This command must not evict')),
  addEphemeralContainer: () => Promise.reject(new Error('This command must not touch pods')),
};
