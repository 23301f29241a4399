/** What Linux knows of a process, from /proc: memory, processor time, wake-ups and connections. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** USER_HZ, which is 100 on every Linux that Node runs on: /proc counts in steps of 10 ms. */
const MS_PER_TICK = 10;
const ESTABLISHED = '01';

/** Resident memory now, in MiB. */
export function residentMiB(pid: number): number {
  return statusNumber(pid, 'VmRSS') / 1024;
}

/** User and system time of all threads so far, in ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in brackets and may hold anything; the fields after it are numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [fields[11], fields[12]].map(Number);
  return ((userTicks ?? 0) + (systemTicks ?? 0)) * MS_PER_TICK;
}

/** How often the main thread has gone to sleep so far: one for each time it was woken. */
export function wakeUps(pid: number): number {
  return statusNumber(pid, 'voluntary_ctxt_switches');
}

/** Established TCP connections to a port, each by a number that no later one has. */
export function connectionsTo(pid: number, port: number): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const established = ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote, state]) => remote?.endsWith(suffix) && state === ESTABLISHED)
    .map((fields) => `socket:[${fields[9]}]`);
  const own = new Set(openFiles(pid));
  return new Set(established.filter((socket) => own.has(socket)));
}

function openFiles(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
    } catch {
      return []; // closed meanwhile
    }
  });
}

function statusNumber(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  if (found === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return Number(found);
}
