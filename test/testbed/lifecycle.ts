// Starts a testbed in namespaces of its own, and removes it or the ruins of one.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { ANSWER_HANG_MS, PROGRAM_HANG_MS } from '../support/hang-limits.ts';
import { type ApiServer, waitForApiServer, waitForNode } from './api-server.ts';
import { makeCgroup, removeCgroup } from './cgroups.ts';
import { nodeName, writeFiles } from './files.ts';
import { connect, disconnect } from './network.ts';
import type { Preparation } from './prepare.ts';
import {
  allRecords,
  findRecord,
  isAlive,
  newRecord,
  processLives,
  processRef,
  saveRecord,
  type TestbedRecord,
  testbedsFolder,
} from './record.ts';
import { type Log, run, waitFor, withLock } from './run.ts';

/** `caller`: it ends with the process that starts it, however that ends. `machine`: it stays until it is removed. */
export type Lifetime = 'caller' | 'machine';

/** Starts a testbed of a name that is free, and waits until it takes pods. */
export async function start(
  name: string,
  preparation: Preparation,
  options: { readonly lifetime: Lifetime; readonly log: Log },
): Promise<TestbedRecord> {
  const { lifetime, log } = options;
  let record = await claim(name, log);
  try {
    await makeCgroup(record.id);
    record = await enterNamespaces(record, preparation, lifetime);
    const token = await writeFiles(record);
    await signal(record, 'network-ready');
    log('started etcd, containerd and the API server');
    const server = apiServerOf(record, token);
    await whileAlive(record, waitForApiServer(server, PROGRAM_HANG_MS));
    await signal(record, 'api-ready');
    log('the API server is ready; started the controllers, the scheduler and the kubelet');
    await whileAlive(record, waitForNode(server, nodeName, PROGRAM_HANG_MS));
    log('the node is ready');
    const imported = join(record.folder, 'run', 'images-imported');
    await whileAlive(
      record,
      waitFor('the import of the images', PROGRAM_HANG_MS, () => existsSync(imported) || undefined),
    );
    record = { ...record, phase: 'ready' };
    await saveRecord(record);
    return record;
  } catch (cause) {
    const logs = join(testbedsFolder(), '.failed', name);
    await rm(logs, { recursive: true, force: true });
    await mkdir(join(logs, '..'), { recursive: true });
    await run('cp', ['-r', join(record.folder, 'logs'), logs]).catch(() => {});
    await remove(record);
    throw new Error(`Cannot start testbed "${name}"; its logs are kept in ${logs}`, { cause });
  }
}

/** What it takes to talk to a testbed's API server as its admin. */
export function apiServerOf(record: TestbedRecord, token: string): ApiServer {
  const ca = readFileSync(join(record.folder, 'ca.crt'), 'utf8');
  return { url: `https://${record.address}`, ca, token };
}

/** Ends a testbed, living or dead, and leaves nothing of it. */
export async function remove(record: TestbedRecord): Promise<void> {
  await locked(
    () => {},
    () => clear(record),
  );
}

async function clear(record: TestbedRecord): Promise<void> {
  const { root } = record;
  if (root && processLives(root)) process.kill(root.pid, 'SIGKILL'); // all processes inside go with it
  if (root) {
    await waitFor(
      `process ${root.pid} to end`,
      ANSWER_HANG_MS,
      () => !processLives(root) || undefined,
    );
  }
  await disconnect(record.id);
  await removeCgroup(record.id);
  await rm(record.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Takes the name, after clearing away every testbed of this machine whose processes have died. */
async function claim(name: string, log: Log): Promise<TestbedRecord> {
  const record = newRecord(name);
  return locked(log, async () => {
    for (const ruin of allRecords().filter((each) => !isAlive(each))) {
      log(`removing what testbed "${ruin.name}" left when it died`);
      await clear(ruin);
    }
    if (findRecord(name)) throw new Error(`Cannot start testbed "${name}": it runs already.`);
    await rm(record.folder, { recursive: true, force: true });
    await mkdir(join(record.folder, 'run'), { recursive: true });
    await mkdir(join(record.folder, 'logs'));
    await saveRecord(record);
    return record;
  });
}

/** Starts process 1 of the testbed and gives it its network; it then waits for its files. */
async function enterNamespaces(
  record: TestbedRecord,
  preparation: Preparation,
  lifetime: Lifetime,
): Promise<TestbedRecord> {
  const script = join(import.meta.dirname, 'inside.sh');
  const output = openSync(join(record.folder, 'logs', 'testbed.log'), 'a');
  return locked(
    () => {},
    async () => {
      const unshare = ['--pid', '--mount', '--net', '--fork', '--kill-child'];
      const child = spawn('unshare', [...unshare, script], {
        detached: true,
        stdio: [lifetime === 'caller' ? 'pipe' : 'ignore', output, output],
        env: {
          PATH: `${preparation.binDir}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
          FOLDER: record.folder,
          BIN: preparation.binDir,
          IMAGES: preparation.imagesDir,
          NODE_NAME: nodeName,
          ...(lifetime === 'caller' && { LIFELINE: 'stdin' }),
        },
      });
      closeSync(output);
      child.on('error', () => {}); // told by the missing pid
      const pid = child.pid;
      if (pid === undefined) throw new Error('Cannot run unshare: is util-linux installed?');
      // Neither the child nor the lifeline keeps the caller from ending.
      child.unref();
      if (child.stdin instanceof Socket) child.stdin.unref();
      const started: TestbedRecord = { ...record, root: processRef(pid) };
      await saveRecord(started);
      await waitFor('the network namespace', ANSWER_HANG_MS, () => {
        const ours = readlinkSync('/proc/self/ns/net');
        return readlinkSync(`/proc/${pid}/ns/net`) !== ours || undefined;
      });
      const addresses = await connect(record.id, pid);
      await writeFile(
        join(record.folder, 'run', 'address.env'),
        `ADDRESS=${addresses.address}\nHOST_ADDRESS=${addresses.hostAddress}\n`,
      );
      const connected = { ...started, ...addresses };
      await saveRecord(connected);
      return connected;
    },
  );
}

const signal = (record: TestbedRecord, name: string) =>
  writeFile(join(record.folder, 'run', name), '');

/** Fails as soon as the testbed dies, instead of when the wait gives up. */
async function whileAlive<T>(record: TestbedRecord, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const death = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (!isAlive(record)) reject(new Error('The testbed died while it was starting'));
    }, 200);
  });
  try {
    return await Promise.race([work, death]);
  } finally {
    clearInterval(timer);
  }
}

/** One process at a time chooses names and addresses, and clears ruins away. */
async function locked<T>(log: Log, work: () => Promise<T>): Promise<T> {
  await mkdir(testbedsFolder(), { recursive: true });
  return withLock(join(testbedsFolder(), '.lock'), log, work);
}
