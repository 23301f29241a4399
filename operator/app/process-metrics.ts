/**
 * The `process_*` and `nodejs_*` metrics, read at each scrape and never in between: an idle
 * operator costs nothing for them.
 */
import { readdirSync } from 'node:fs';
import type { Clock } from '../base/time.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Where Linux lists the file descriptors of a process; elsewhere the metric stays absent. */
const OPEN_FILES = '/proc/self/fd';

/**
 * Has the process metrics read at each scrape: memory in bytes, processor time and lag in seconds. Those
 * that never change are set once. What the system does not tell is missing from the page.
 */
export function sampleProcess(metrics: Metrics, clock: Clock): void {
  const startedAtSeconds = clock.wallClock().getTime() / 1000 - process.uptime();
  metrics.processStartTime.set({}, startedAtSeconds);
  metrics.nodeVersion.set({ version: process.version }, 1);
  metrics.processResidentMemory.collect(() => one(process.memoryUsage.rss()));
  metrics.heapUsed.collect(() => one(process.memoryUsage().heapUsed));
  metrics.processCpu.collect(() => {
    const { user, system } = process.cpuUsage();
    return one((user + system) / 1_000_000);
  });
  metrics.processOpenFds.collect(openFiles);
  sampleEventLoop(metrics, clock);
}

/**
 * Each scrape shows how long a task waited for its turn that the scrape before had queued, in seconds; 0
 * at the first one.
 */
function sampleEventLoop({ eventLoopLag }: Metrics, clock: Clock): void {
  let lagSeconds = 0;
  eventLoopLag.collect(() => {
    const askedAtMs = clock.nowMs();
    setImmediate(() => {
      lagSeconds = (clock.nowMs() - askedAtMs) / 1000;
    });
    return one(lagSeconds);
  });
}

function openFiles() {
  try {
    return one(readdirSync(OPEN_FILES).length);
  } catch {
    return [];
  }
}

function one(value: number) {
  return [{ labels: {}, value }];
}
