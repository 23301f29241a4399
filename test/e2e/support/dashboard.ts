/** `ingress-ha dashboard` of the bundle, as a process that dies with the test process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PROGRAM_HANG_MS } from '../../support/hang-limits.ts';
import { findProgram } from '../../testbed/machine.ts';
import { bundle } from './operator.ts';

export interface Dashboard {
  /** With the token, as it was printed. */
  readonly address: string;
  readonly origin: string;
  /** Everything it has printed so far, on both outputs. */
  readonly printed: () => string;
  /** Ctrl-C; the exit code. Once is enough, and more do no harm. */
  stop(): Promise<number | null>;
}

export interface DashboardOptions {
  /** All that it has of the environment. Default: our PATH. */
  readonly env?: NodeJS.ProcessEnv;
  /** Entry file of the bundle. Default: the one under test. */
  readonly entry?: string;
}

/** On any free port, unless `flags` name one. */
export async function startDashboard(
  flags: readonly string[],
  { env = { PATH: process.env.PATH }, entry = bundle() }: DashboardOptions = {},
): Promise<Dashboard> {
  const args = ['--pdeathsig', 'KILL', process.execPath, entry, 'dashboard', '--port', '0'];
  // By its path, since the PATH of the dashboard need not have it.
  const child = spawn(findProgram('setpriv') ?? 'setpriv', [...args, ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk) => {
      printed += String(chunk);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const signal = AbortSignal.timeout(PROGRAM_HANG_MS);
  const lines = createInterface({ input: child.stdout });
  const first: Promise<string[]> = once(lines, 'line', { signal });
  const early = ended.then((code) => {
    throw new Error(`The dashboard ended with ${code} before it began:\n${printed}`);
  });
  early.catch(() => {}); // told by the race, while that is on
  const [address = ''] = await Promise.race([first, early]);
  return {
    address,
    origin: new URL(address).origin,
    printed: () => printed,
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
