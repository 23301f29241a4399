/** A Node process that does nothing: what every Node program pays, measured beside the operator. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface BareProcess {
  readonly pid: number;
  /** From before its start to its first word. */
  readonly startMs: number;
  end(): Promise<void>;
}

const DO_NOTHING = 'setInterval(() => {}, 2 ** 30); process.stdout.write("up");';

/** Started as the operator is, so that it dies with this process. */
export async function startBareProcess(): Promise<BareProcess> {
  const startedAtMs = performance.now();
  const child: ChildProcess = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', process.execPath, '-e', DO_NOTHING],
    { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { stdout, pid } = child;
  if (stdout === null || pid === undefined) throw new Error('Cannot run setpriv.');
  await once(stdout, 'data');
  return {
    pid,
    startMs: performance.now() - startedAtMs,
    async end() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
