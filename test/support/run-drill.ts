/** A command that takes leaders down, run in this process, against a cluster that reacts to it. */
import type { CommandIo } from '../../operator/cli/io.ts';
import { runProgram } from '../../operator/cli/program.ts';
import { createDrillCluster, type DrillCluster } from './drill-cluster.ts';
import { ANSWER_HANG_MS } from './hang-limits.ts';
import { createManualClock } from './manual-clock.ts';
import type { CommandEnd } from './run-command.ts';

export interface DrillRun extends CommandEnd {
  readonly cluster: DrillCluster;
}

export interface DrillOptions {
  /** Before it starts, and with the means to interrupt it. */
  readonly prepare?: (cluster: DrillCluster, interrupt: () => void) => void;
  /** At a terminal: what the person answers. */
  readonly answer?: string;
  /** What happens while the person thinks. */
  readonly meanwhile?: (cluster: DrillCluster) => void;
  /** The calendar at its start. */
  readonly at?: string;
}

/** Moves time from timer to timer until it ends. */
export async function runDrill(
  args: readonly string[],
  { prepare, answer, meanwhile, at = '2026-01-01T03:00:00.000Z' }: DrillOptions = {},
): Promise<DrillRun> {
  const clock = createManualClock(at);
  const cluster = createDrillCluster(clock);
  const interruption = new AbortController();
  const printed = { stdout: '', stderr: '' };
  prepare?.(cluster, () => interruption.abort());
  const io: Omit<CommandIo, 'finish'> = {
    stdout: { write: (text: string) => (printed.stdout += text) },
    stderr: { write: (text: string) => (printed.stderr += text) },
    readText: () => Promise.reject(new Error('A drill reads no files')),
    interrupted: interruption.signal,
    ...(answer !== undefined && {
      ask: async (question: string) => {
        printed.stderr += question;
        meanwhile?.(cluster);
        return answer;
      },
    }),
  };
  const surroundings = { clock, connect: async () => cluster.connection };
  let ended: { readonly exitCode: number } | { readonly error: unknown } | undefined;
  runProgram(args, io, surroundings).then(
    (exitCode) => (ended = { exitCode }),
    (error: unknown) => (ended = { error }),
  );
  for (const limitAtMs = performance.now() + ANSWER_HANG_MS; ended === undefined; ) {
    if (performance.now() > limitAtMs) throw new Error('The command did not end');
    await clock.advance(clock.nextTimerInMs() ?? 0);
  }
  if ('error' in ended) throw ended.error;
  return { ...printed, ...ended, tookMs: clock.nowMs(), cluster };
}
