// What is known of a testbed on this machine: its folder, its names, and whether its processes live.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessRef {
  readonly pid: number;
  /** Ticks from the machine's boot to the start of the process. */
  readonly startedAt: string;
}

export interface TestbedRecord {
  readonly name: string;
  /** Unique on the machine: names the network link and the cgroup, at most 15 characters. */
  readonly id: string;
  readonly folder: string;
  readonly phase: 'starting' | 'ready';
  /** Who started it; while the phase is `starting` its death makes the testbed a ruin. */
  readonly starter: ProcessRef;
  /** The `unshare` process: killing it ends everything inside. */
  readonly root?: ProcessRef;
  /** The two ends of the veth pair: the host's address and the cluster's. */
  readonly hostAddress?: string;
  readonly address?: string;
}

/** The folder of all testbeds of this machine. */
export const testbedsFolder = (): string => join(tmpdir(), 'ingress-ha-testbed');

/** Gives the name back if it can be a testbed's: it becomes the name of a folder. */
export function checkedName(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
    throw new Error(`Cannot name a testbed "${name}": use at most 40 of a-z, 0-9 and "-".`);
  }
  return name;
}

/** The record of a testbed that is about to be started by this process. */
export function newRecord(name: string): TestbedRecord {
  const folder = join(testbedsFolder(), checkedName(name));
  const id = `ihtb${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  return { name, id, folder, phase: 'starting', starter: processRef(process.pid) };
}

/** Writes the record whole or not at all. */
export async function saveRecord(record: TestbedRecord): Promise<void> {
  const file = join(record.folder, 'record.json');
  await writeFile(`${file}.new`, JSON.stringify(record, null, 2));
  await rename(`${file}.new`, file);
}

/** Every testbed that has a record, living or not. */
export function allRecords(): readonly TestbedRecord[] {
  return namesIn(testbedsFolder()).flatMap((name) => findRecord(name) ?? []);
}

/** The record of that name, living or not. */
export function findRecord(name: string): TestbedRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(testbedsFolder(), name, 'record.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the testbed runs, or is being started by a process that lives. */
export function isAlive(record: TestbedRecord): boolean {
  if (record.phase === 'starting' && !processLives(record.starter)) return false;
  return record.root ? processLives(record.root) : true;
}

/** The process with that number, which must be running. */
export function processRef(pid: number): ProcessRef {
  const startedAt = startOf(pid);
  if (!startedAt) throw new Error(`Cannot find process ${pid}: it has ended.`);
  return { pid, startedAt };
}

/** Whether that very process still runs; a zombie does not. */
export const processLives = (ref: ProcessRef): boolean => startOf(ref.pid) === ref.startedAt;

/** The first child of a process, as the host numbers it. */
export function firstChild(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children ? Number(children.split(' ')[0]) : undefined;
  } catch {
    return undefined;
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
