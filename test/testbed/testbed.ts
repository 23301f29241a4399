// A real one-node Kubernetes for tests and the demo: start it, use it, stop it.
//
//   const testbed = await startTestbed({ name: 'failover', log: console.log });
//   try { … } finally { await testbed.stop(); }
//
// It ends with the process that started it, even when that is killed. openTestbed finds one that
// `scripts/cluster up` left running.
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_HANG_MS } from '../support/hang-limits.ts';
import { waitForApiServer } from './api-server.ts';
import { writeKubeconfig } from './files.ts';
import { apiServerOf, type Lifetime, remove, start } from './lifecycle.ts';
import { prepareTestbed } from './prepare.ts';
import { findRecord, firstChild, isAlive, type TestbedRecord } from './record.ts';
import { type Log, run } from './run.ts';

export { prepareTestbed };

export interface Testbed {
  readonly name: string;
  /** Everything of this testbed, logs/ among it; removed by stop(). */
  readonly folder: string;
  /** The admin's: for set-up and checks only, since system:masters stands above RBAC. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly caFile: string;
  /** This machine as the cluster sees it, for webhooks and the like. */
  readonly hostAddress: string;
  /** JSON lines, level Metadata, without the cluster's own components. */
  readonly auditLog: string;
  /** kubectl, helm, kstatus and the rest. */
  readonly binDir: string;
  /** Runs kubectl as admin and gives its output; input goes to its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Runs a program among the cluster's processes, with its mounts and network: `ip`, `ctr`, `kill`. */
  inside(command: readonly string[]): Promise<string>;
  /** Sends a signal to a container's first process, as its node sees it; default SIGKILL. */
  signalContainer(container: ContainerRef, signal?: NodeJS.Signals): Promise<void>;
  /** Kills the API server and keeps it down until startApiServer(). */
  stopApiServer(): Promise<void>;
  /** Lets the API server start, and waits until it is ready. */
  startApiServer(): Promise<void>;
  restartApiServer(): Promise<void>;
  /** Writes a kubeconfig with a token of the ServiceAccount and gives its path; default duration 24 hours. */
  kubeconfigFor(namespace: string, serviceAccount: string, durationS?: number): Promise<string>;
  /** Ends everything and leaves nothing. */
  stop(): Promise<void>;
}

export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Sets the machine up if need be and starts a testbed that ends with the caller, or stays with the machine. */
export async function startTestbed(options: {
  readonly name: string;
  readonly log: Log;
  readonly lifetime?: Lifetime;
}): Promise<Testbed> {
  const { name, log, lifetime = 'caller' } = options;
  const preparation = await prepareTestbed(log);
  const record = await start(name, preparation, { lifetime, log });
  // Once and never again: whoever opens the testbed may be reading it.
  await writeFile(join(record.folder, 'bin-dir'), preparation.binDir);
  return testbedOf(record, preparation.binDir);
}

/** The running testbed of that name, or undefined. */
export async function openTestbed(name: string): Promise<Testbed | undefined> {
  const record = findRecord(name);
  if (record?.phase !== 'ready' || !isAlive(record)) return undefined;
  return testbedOf(record, readFileSync(join(record.folder, 'bin-dir'), 'utf8'));
}

function testbedOf(record: TestbedRecord, binDir: string): Testbed {
  const { folder, name } = record;
  const kubeconfig = join(folder, 'admin.kubeconfig');
  const server = `https://${record.address}`;
  const token = JSON.parse(readFileSync(kubeconfig, 'utf8')).users[0].user.token;
  const hold = join(folder, 'run', 'apiserver.hold');

  const kubectl = (args: readonly string[], input?: string) =>
    run(
      join(binDir, 'kubectl'),
      ['--kubeconfig', kubeconfig, ...args],
      input === undefined ? {} : { input },
    );

  const inside = (command: readonly string[]) => {
    const pid = firstChild(record.root?.pid ?? 0);
    if (!pid) throw new Error(`Cannot run ${command[0]} in testbed "${name}": it has ended.`);
    return run('nsenter', ['--target', String(pid), '--pid', '--mount', '--net', '--', ...command]);
  };

  const stopApiServer = async () => {
    await writeFile(hold, '');
    const pid = readFileSync(join(folder, 'run', 'apiserver.pid'), 'utf8').trim();
    await inside([
      'sh',
      '-c',
      `kill -KILL ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.02; done`,
    ]);
  };

  const startApiServer = async () => {
    await rm(hold, { force: true });
    await waitForApiServer(apiServerOf(record, token), PROGRAM_HANG_MS);
  };

  return {
    name,
    folder,
    kubeconfig,
    server,
    binDir,
    kubectl,
    inside,
    stopApiServer,
    startApiServer,
    caFile: join(folder, 'ca.crt'),
    auditLog: join(folder, 'audit.log'),
    hostAddress: record.hostAddress ?? '',
    restartApiServer: async () => {
      await stopApiServer();
      await startApiServer();
    },
    signalContainer: async ({ namespace, pod, container }, signal = 'SIGKILL') => {
      const path = `{.status.containerStatuses[?(@.name=="${container}")].containerID}`;
      const id = await kubectl(['get', 'pod', '-n', namespace, pod, '-o', `jsonpath=${path}`]);
      await inside([
        'ctr',
        '-n',
        'k8s.io',
        'tasks',
        'kill',
        '-s',
        signal,
        id.replace(/^.*:\/\//, ''),
      ]);
    },
    kubeconfigFor: async (namespace, account, durationS = 86_400) => {
      const args = ['create', 'token', '-n', namespace, account, `--duration=${durationS}s`];
      const login = { server, folder, token: (await kubectl(args)).trim(), namespace };
      const file = join(folder, 'kubeconfigs', `${namespace}.${account}.kubeconfig`);
      await mkdir(join(folder, 'kubeconfigs'), { recursive: true });
      await writeKubeconfig(file, login);
      return file;
    },
    stop: () => remove(record),
  };
}
