/** The operator of the demo: this checkout's sources, as a process with a ServiceAccount's token. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEFAULT_OPERATOR_ACCOUNT } from '../../operator/desired/rights.ts';
import { type DemoCluster, OPERATOR_NAMESPACE, SERVED_NAMESPACE } from './cluster.ts';

export interface DemoOperator {
  readonly account: string;
  readonly logFile: string;
  /** Its process: what to end when it was left running. */
  readonly pid: number;
  /** Ends it as a kubelet would, and waits for its end. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
const START_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Resolves once it leads; `detached`: it outlives this process. */
export async function startOperator(
  cluster: DemoCluster,
  { detached }: { readonly detached: boolean },
): Promise<DemoOperator> {
  const kubeconfig = await cluster.accountKubeconfig();
  const logFile = join(cluster.folder, 'operator.log');
  const output = openSync(logFile, 'a');
  const { images } = cluster;
  const allowed = images && ['--allowed-image-repository', `${images.manager},${images.adc}`];
  const flags = [
    ...['--namespaces', SERVED_NAMESPACE, '--operator-namespace', OPERATOR_NAMESPACE],
    ...['--kubeconfig', kubeconfig, ...(allowed ?? [])],
    ...['--metrics-address', '127.0.0.1:0', '--probe-address', '127.0.0.1:0'],
  ];
  const child = spawn(process.execPath, [MAIN, 'run', ...flags], {
    stdio: ['ignore', output, output],
    detached,
  });
  if (detached) child.unref();
  await leading(child, logFile);
  const pid = child.pid ?? 0;
  return { account: DEFAULT_OPERATOR_ACCOUNT, logFile, pid, stop: () => stop(child) };
}

async function leading(child: ChildProcess, logFile: string): Promise<void> {
  const startedAtMs = performance.now();
  while (!readFileSync(logFile, 'utf8').includes('"Leadership acquired"')) {
    const tooLong = performance.now() - startedAtMs > START_LIMIT_MS;
    if (child.exitCode !== null || tooLong) {
      throw new Error(`The operator does not start:\n${readFileSync(logFile, 'utf8')}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
