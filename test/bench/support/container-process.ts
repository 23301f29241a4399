/** The process of a container, as this machine numbers it: to kill it, and to see whether it is dead. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessRef, processLives, processRef } from '../../testbed/record.ts';

/** The first process of a running container, or undefined; `containerId` without `containerd://`. */
export function containerProcess(containerId: string): ProcessRef | undefined {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => belongsTo(pid, containerId));
  if (pids.length === 0) return undefined;
  return processRef(Math.min(...pids));
}

/** Sends a signal to exactly this process, and gives the instant just before, in CLOCK_MONOTONIC ns. */
export function signalProcess(
  ref: ProcessRef,
  containerId: string,
  signal: NodeJS.Signals,
): number {
  if (!processLives(ref) || !belongsTo(ref.pid, containerId)) {
    throw new Error(`Process ${ref.pid} is not that of container ${containerId}.`);
  }
  const atNs = monotonicNs();
  process.kill(ref.pid, signal);
  return atNs;
}

/** CLOCK_MONOTONIC, which every process of this machine reads alike. */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}

function belongsTo(pid: number, containerId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId);
  } catch {
    return false; // ended meanwhile
  }
}
