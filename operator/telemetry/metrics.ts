/**
 * Every metric of this program, in one table: the docs are generated from it, and the code below
 * reads its types from it. controller-runtime's names where it has one, so its dashboards work.
 */
import { counter, gauge, histogram, perResource } from './declare.ts';
import {
  type Counter,
  createRegistry,
  type Gauge,
  type Histogram,
  type Registry,
} from './registry.ts';
import type { MetricDeclaration } from './series.ts';

/** Value of the label `controller`, as controller-runtime would derive it from the kind. */
export const CONTROLLER = 'ingresscontrollerha';

/** controller-runtime's buckets of reconcile times, thinned out. Seconds. */
const RECONCILE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** client-go's exponential buckets of queue times: 10 ns to 1000 s, ours from 10 µs. Seconds. */
const QUEUE_SECONDS = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];

/** From a fast poll to a long Lease that has to expire. Few, since each resource has them. Seconds. */
const LEADERLESS_SECONDS = [1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120];
/** The goals are 0.03 and 0.15. Seconds. */
const ASSIST_SECONDS = [0.01, 0.03, 0.05, 0.1, 0.15, 0.25, 0.5, 1];

const queue = ['name', 'controller'] as const;
const watch = ['kind', 'namespace'] as const;
const resource = ['namespace', 'name'] as const;

/** Declarations by the name under which code reaches them. */
export const METRICS = {
  reconcileTotal: counter(
    'controller_runtime_reconcile_total',
    ['controller', 'result'],
    'Reconciliations, by result: success, error, requeue, requeue_after.',
  ),
  reconcileErrors: counter(
    'controller_runtime_reconcile_errors_total',
    ['controller'],
    'Reconciliations that failed, or whose status was refused.',
  ),
  reconcileTime: histogram('controller_runtime_reconcile_time_seconds', ['controller'], {
    help: 'Time of one reconciliation.',
    buckets: RECONCILE_SECONDS,
  }),
  activeWorkers: gauge(
    'controller_runtime_active_workers',
    ['controller'],
    'Workers that are reconciling now.',
  ),
  maxConcurrentReconciles: gauge(
    'controller_runtime_max_concurrent_reconciles',
    ['controller'],
    'Workers there are.',
  ),
  terminalReconcileErrors: counter(
    'controller_runtime_terminal_reconcile_errors_total',
    ['controller'],
    'Reconciliations that failed in a way only a person can mend.',
  ),
  reconcilePanics: counter(
    'controller_runtime_reconcile_panics_total',
    ['controller'],
    'Reconciliations that threw something unexpected: bugs.',
  ),

  queueDepth: gauge('workqueue_depth', queue, 'Keys that wait for a worker.'),
  queueAdds: counter('workqueue_adds_total', queue, 'Keys added to the queue.'),
  queueDuration: histogram('workqueue_queue_duration_seconds', queue, {
    help: 'Time a key waits for a worker.',
    buckets: QUEUE_SECONDS,
  }),
  workDuration: histogram('workqueue_work_duration_seconds', queue, {
    help: 'Time a worker spends on a key.',
    buckets: QUEUE_SECONDS,
  }),
  unfinishedWork: gauge(
    'workqueue_unfinished_work_seconds',
    queue,
    'Sum of the time spent so far on the keys in work.',
  ),
  longestRunning: gauge(
    'workqueue_longest_running_processor_seconds',
    queue,
    'Age of the oldest key in work.',
  ),
  queueRetries: counter('workqueue_retries_total', queue, 'Keys added again after a failure.'),

  restRequests: counter(
    'rest_client_requests_total',
    ['code', 'method', 'host'],
    'Requests to the API server, by status code, method and host.',
  ),
  leaderStatus: gauge(
    'leader_election_master_status',
    ['name'],
    '1 while this process leads the election of that name, else 0.',
  ),
  leaderSlowpath: counter(
    'leader_election_slowpath_total',
    ['name'],
    'Renewals that needed a fresh read of the Lease.',
  ),

  buildInfo: gauge(
    'ingressha_build_info',
    ['version'],
    '1, labelled with the version of the operator.',
  ),
  resources: gauge(
    'ingressha_resources',
    [],
    'IngressControllerHA resources in the served namespaces.',
  ),
  applies: counter(
    'ingressha_applies_total',
    ['kind', 'verb', 'result'],
    'Writes to children, by kind, verb (create, update, delete, give-back, mark) and result (success or the kind of failure).',
  ),
  leader: gauge(
    'ingressha_leader',
    ['namespace', 'name', 'pod'],
    '1 with the pod that holds the Lease of a resource; 0 with an empty pod while nobody does.',
  ),
  condition: gauge(
    'ingressha_condition',
    [...resource, 'type', 'status', 'reason'],
    '1 for what each condition of a resource says; another status or reason is another series.',
  ),
  leaseAge: gauge(
    'ingressha_lease_age_seconds',
    resource,
    'Seconds since the Lease of a resource last changed, by the clock of the operator; absent while nobody holds it.',
  ),
  leaseDuration: gauge(
    'ingressha_lease_duration_seconds',
    resource,
    'Age at which the Lease of a resource expires, as its holder wrote it; absent while nobody holds it.',
  ),
  failovers: perResource(
    counter(
      'ingressha_failovers_total',
      [...resource, 'assist', 'cause'],
      'Changes of leader that were seen, by what the operator did (Cleared, Observed, Refused, NotNeeded, Disabled) and why the old leader ended.',
    ),
  ),
  leaderless: perResource(
    histogram('ingressha_leaderless_seconds', resource, {
      help: 'From the last sign of life of a leader to its successor: an upper bound of the time without one.',
      buckets: LEADERLESS_SECONDS,
    }),
  ),
  assistDuration: perResource(
    histogram('ingressha_assist_seconds', resource, {
      help: 'From the news that decided it to the acknowledged write that freed a Lease.',
      buckets: ASSIST_SECONDS,
    }),
  ),
  assistRefused: perResource(
    counter(
      'ingressha_assist_refused_total',
      [...resource, 'reason'],
      'Holders that were left to expire, by reason.',
    ),
  ),
  assistMissingRight: gauge(
    'ingressha_assist_missing_right',
    ['namespace', 'right'],
    '1 while the operator lacks a right that freeing a Lease needs.',
  ),
  watchLastHeard: gauge(
    'ingressha_watch_last_heard_seconds',
    watch,
    'Seconds since a watch last heard from the API server; up to 90 for a kind without news, whose watch is then opened anew.',
  ),
  watchRestarts: counter(
    'ingressha_watch_restarts_total',
    [...watch, 'reason'],
    'Watches begun again, by reason: ended, short, or the kind of failure.',
  ),

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

type Declarations = typeof METRICS;

/** `metrics.reconcileTotal.inc({ controller, result })`: each entry of the table, with its labels. */
export type Metrics = {
  readonly [K in keyof Declarations]: Declarations[K] extends {
    readonly type: infer Type;
    readonly labels: readonly (infer Label extends string)[];
  }
    ? Handle<Type, Label>
    : never;
};

type Handle<Type, Label extends string> = Type extends 'counter'
  ? Counter<Label>
  : Type extends 'gauge'
    ? Gauge<Label>
    : Histogram<Label>;

export interface MetricsSetup {
  readonly metrics: Metrics;
  readonly registry: Registry;
}

/** All metrics of the table in a registry of their own. */
export function createMetrics(): MetricsSetup {
  const registry = createRegistry();
  const handles = Object.entries(METRICS).map(([key, declaration]) => [
    key,
    handle(registry, declaration),
  ]);
  return { metrics: Object.fromEntries(handles) as Metrics, registry };
}

function handle(registry: Registry, declaration: MetricDeclaration) {
  switch (declaration.type) {
    case 'counter':
      return registry.counter(declaration);
    case 'gauge':
      return registry.gauge(declaration);
    case 'histogram':
      return registry.histogram(declaration);
  }
}
