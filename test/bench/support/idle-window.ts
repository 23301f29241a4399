/** Looks at a process that has nothing to do, once a second, without the process noticing. */
import { systemClock } from '../../../operator/base/time.ts';
import { connectionsTo, cpuMs, residentMiB, wakeUps } from './process-facts.ts';

export interface IdleWindow {
  readonly residentMiB: readonly number[];
  /** Share of one core, in per cent. */
  readonly cpuPercent: number;
  readonly wakeUpsPerSecond: number;
  /** Connections to the API server: at the end, and those opened meanwhile. */
  readonly connections: number;
  readonly connectionsOpened: number;
  readonly seconds: number;
}

const LOOK_EVERY_MS = 1_000;

export async function watchIdling(
  pid: number,
  { durationMs, port }: { readonly durationMs: number; readonly port: number },
): Promise<IdleWindow> {
  const startedAtMs = performance.now();
  const [cpuBefore, wakeUpsBefore] = [cpuMs(pid), wakeUps(pid)];
  const atFirst = connectionsTo(pid, port);
  const ever = new Set(atFirst);
  const resident: number[] = [];
  while (performance.now() - startedAtMs < durationMs) {
    await systemClock.sleep(LOOK_EVERY_MS);
    resident.push(residentMiB(pid));
    for (const connection of connectionsTo(pid, port)) ever.add(connection);
  }
  const tookMs = performance.now() - startedAtMs;
  return {
    residentMiB: resident,
    cpuPercent: ((cpuMs(pid) - cpuBefore) / tookMs) * 100,
    wakeUpsPerSecond: ((wakeUps(pid) - wakeUpsBefore) / tookMs) * 1000,
    connections: connectionsTo(pid, port).size,
    connectionsOpened: ever.size - atFirst.size,
    seconds: tookMs / 1000,
  };
}
