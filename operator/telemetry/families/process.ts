/** The process itself, with the names that Prometheus' own client libraries give them. */
import { counter, gauge } from '../declare.ts';

/** Read when a scrape asks: `sampleProcess` of app/process-metrics.ts. */
export const PROCESS_METRICS = {
  processResidentMemory: gauge('process_resident_memory_bytes', [], 'Resident memory.'),
  processCpu: counter('process_cpu_seconds_total', [], 'User and system CPU time spent.'),
  processStartTime: gauge(
    'process_start_time_seconds',
    [],
    'Start of the process since the Unix epoch.',
  ),
  processOpenFds: gauge(
    'process_open_fds',
    [],
    'Open file descriptors; absent where the system does not tell.',
  ),
  eventLoopLag: gauge(
    'nodejs_eventloop_lag_seconds',
    [],
    'How late the event loop was at the last scrape.',
  ),
  heapUsed: gauge('nodejs_heap_size_used_bytes', [], 'Heap in use.'),
  nodeVersion: gauge(
    'nodejs_version_info',
    ['version'],
    '1, labelled with the version of Node.js.',
  ),
} as const;
