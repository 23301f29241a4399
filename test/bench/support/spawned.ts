/** A program run to its end as a shell would run it: how long it took, and what memory it needed at most. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Run {
  readonly exitCode: number;
  /** From before the process is started until it has ended and all it wrote has been read. */
  readonly wallMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with arguments and none of our environment but PATH. */
export async function runNode(args: readonly string[]): Promise<Run> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode: Number(exitCode), wallMs: performance.now() - startedAtMs, stdout, stderr };
}
