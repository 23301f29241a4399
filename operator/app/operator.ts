/**
 * The operator as a whole: started in order (servers, watches, election, workers), stopped in
 * reverse. Standbys run everything up to the queue, so a takeover costs no relist.
 */
import { keyText, type ObjectKey } from '../base/kube-object.ts';
import type { Cancel, Clock } from '../base/time.ts';
import { Caches } from '../control/cache/caches.ts';
import { sampleResources } from '../control/cache/sample-resources.ts';
import { ServedNamespaces } from '../control/cache/served-namespaces.ts';
import { createWatches } from '../control/cache/watches.ts';
import { Elector, newIdentity } from '../control/election/elect.ts';
import { leaderOnly } from '../control/election/leader-only.ts';
import { FailoverLoop } from '../control/failover/loop.ts';
import { rehearseFailover } from '../control/failover/rehearse.ts';
import { FailoverReport } from '../control/failover/report.ts';
import { CostlyKeys } from '../control/queue/costly-keys.ts';
import type { GroupLimit } from '../control/queue/waiting-keys.ts';
import { runWorker } from '../control/queue/worker.ts';
import { Workqueue } from '../control/queue/workqueue.ts';
import type { Context } from '../control/reconcile/context.ts';
import { Memories } from '../control/reconcile/memories.ts';
import { reconcile } from '../control/reconcile/reconcile.ts';
import { RolloutGate } from '../control/reconcile/rollout-gate.ts';
import { StatusRejections } from '../control/reconcile/status-rejections.ts';
import { createCredentials } from '../kube/credentials/credentials.ts';
import { createEventRecorder, type EventRecorder } from '../kube/event-recorder.ts';
import type { ObservedRequest } from '../kube/http/call.ts';
import { createHttpClient } from '../kube/http/http-client.ts';
import type { Log } from '../telemetry/log.ts';
import { createRepeats } from '../telemetry/repeats.ts';
import type { Config } from './config.ts';
import { watchOwnCrd } from './crd-check.ts';
import { createInstruments } from './instruments.ts';
import {
  type CheckResult,
  metricsPages,
  probePages,
  type RunningServer,
  startServer,
} from './server.ts';

export interface OperatorOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Version of this program. */
  readonly version: string;
}

/** `stopped`: as asked. `lost`: another process leads now, so this one has to end. */
export type OperatorEnd = 'stopped' | 'lost';

/** How long a write in hand may still take after SIGTERM. */
const FINISH_WITHIN_MS = 2_000;
/** Longest wait of a failing key: what was mended is noticed within it. Only costly ones wait longer. */
const RETRY_CAP_MS = 15_000;

/**
 * Runs until `stop` aborts or leadership is lost. Rejects only when it cannot start: a port in use,
 * credentials that cannot be read.
 */
export async function runOperator(
  options: OperatorOptions,
  stop: AbortSignal,
): Promise<OperatorEnd> {
  const parts = assemble(options);
  const servers = await startServers(parts, options.config);
  parts.log.info('Started', {
    version: options.version,
    namespaces: options.config.namespaces,
    metrics: servers.metrics.address,
    probes: servers.probes.address,
  });
  try {
    parts.served.start(parts.namespaces);
    parts.crd.start();
    return await lead(parts, options, stop);
  } finally {
    await shutDown(parts, servers);
    parts.log.info('Stopped');
  }
}

type Parts = ReturnType<typeof assemble>;

function assemble({ config, clock, random, log, version }: OperatorOptions) {
  const instruments = createInstruments(version, clock);
  const credentials = createCredentials(config.credentials, clock);
  const { metrics } = instruments;
  const costly = new CostlyKeys(clock);
  const onRequest = (request: ObservedRequest) => {
    instruments.onRequest(request);
    costly.answered(request.code);
  };
  const { ignoredProxy } = config;
  const shared = { credentials, clock, version, onRequest, ...(ignoredProxy && { ignoredProxy }) };
  const client = createHttpClient(shared);
  const electionClient = createHttpClient(shared);
  const failoverClient = createHttpClient(shared);
  const queue = new Workqueue<ObjectKey>(clock, {
    textOf: keyText,
    observer: instruments.queueObserver,
    limits: { backoff: { baseMs: 5, capMs: RETRY_CAP_MS, jitter: 0 } },
    ...(config.namespaces.length > 1 && { groups: byNamespace(config.workers) }),
  });
  const served: ServedNamespaces = new ServedNamespaces(
    (key) => queue.add(key),
    (namespace) => failover.onSynced(namespace),
  );
  const caches = new Caches(clock, {
    enqueue: (key) => served.enqueue(key),
    onEvent: (key) => failover.onEvent(key),
  });
  const crd = watchOwnCrd({ client, clock, log, onChange: () => enqueueAll(caches, served) });
  const onCutShort = () => void crd.refresh();
  const { ownLease } = config.policy;
  const own = ownLease === undefined ? {} : { ownLease };
  const watching = { client, caches, clock, random, log, metrics, onCutShort, ...own };
  const namespaces = config.namespaces.map((namespace) => createWatches(watching, namespace));
  const recorder = createEventRecorder({ client, clock, log });
  const observer = instruments.failoverObserver;
  const failover: FailoverLoop = new FailoverLoop({
    caches,
    clock,
    client: failoverClient,
    isSynced: (namespace) => served.isSynced(namespace),
    enqueue: (key) => served.enqueue(key),
    report: new FailoverReport({ announce: announceBy(recorder), observer, log }),
  });
  instruments.sample({
    resources: () => sampleResources(caches, clock),
    leaders: () => failover.states.leaders(),
    missingRights: () => failover.missingRights.all(),
    workInHand: () => queue.workInHand(),
  });
  return {
    instruments,
    client,
    electionClient,
    failoverClient,
    failover,
    queue,
    caches,
    served,
    namespaces,
    recorder,
    crd,
    log,
    costly,
    memories: new Memories(),
  };
}

/** Resources of one namespace whose passes take long leave a worker to all others. */
function byNamespace(workers: number): GroupLimit<ObjectKey> {
  return { of: ({ namespace }) => namespace, atOnce: Math.max(1, workers - 1) };
}

/** The statuses of all resources have to say something else. */
function enqueueAll(caches: Caches, served: ServedNamespaces): void {
  for (const { metadata } of caches.resources()) {
    const { namespace, name } = metadata;
    if (namespace !== undefined) served.enqueue({ namespace, name });
  }
}

async function startServers({ instruments, served }: Parts, config: Config) {
  // One namespace that is gone must not make the operator unready for the others.
  const synced = (): CheckResult =>
    served.isAnySynced()
      ? { kind: 'passed' }
      : { kind: 'failed', because: `no first list yet of ${served.waiting().join(', ')}` };
  const [probes, metrics] = await Promise.all([
    startServer({
      name: 'probe',
      address: config.probeAddress,
      pages: probePages({ healthz: {}, readyz: { watches: synced } }),
    }),
    startServer({
      name: 'metrics',
      address: config.metricsAddress,
      pages: metricsPages(instruments.text),
    }),
  ]);
  return { probes, metrics };
}

async function lead(
  parts: Parts,
  options: OperatorOptions,
  stop: AbortSignal,
): Promise<OperatorEnd> {
  const { config, clock, random } = options;
  if (config.election.kind === 'lead-alone') {
    await work(parts, options, { signal: stop, isLeading: () => true });
    return 'stopped';
  }
  const { leaseName, settings } = config.election;
  const elector: Elector = new Elector({
    client: parts.electionClient,
    namespace: config.operatorNamespace,
    leaseName,
    identity: newIdentity(),
    settings,
    clock,
    random,
    log: parts.log,
    observer: parts.instruments.electionObserver(leaseName),
    onStartedLeading: (signal) =>
      work(parts, options, { signal, isLeading: () => elector.isLeading() }),
  });
  stop.addEventListener('abort', () => void elector.stop(), { once: true });
  if (stop.aborted) void elector.stop();
  const end = await elector.run();
  return end === 'lost' ? 'lost' : 'stopped';
}

interface Term {
  /** Aborted when the work has to end. */
  readonly signal: AbortSignal;
  readonly isLeading: () => boolean;
}

/** The leader's work, until its term ends: on all that is queued, and on what comes. */
async function work(parts: Parts, options: OperatorOptions, term: Term): Promise<void> {
  const { queue, instruments, log, costly } = parts;
  const writes = new AbortController();
  const cancel = limitWrites(term, options.clock, writes);
  const context = contextOf(parts, options, { ...term, signal: writes.signal });
  const worker = {
    queue,
    log,
    costly,
    troubles: createRepeats(options.clock),
    clock: options.clock,
    observer: instruments.workerObserver(options.config.workers),
    reconcile: (key: ObjectKey) => reconcile(context, key),
  };
  const workers = Array.from({ length: options.config.workers }, () =>
    runWorker(worker, term.signal),
  );
  await Promise.all([...workers, watchOverLeases(parts, options, term)]);
  cancel();
}

/** Frees the Leases of dead leaders, apart from the workers. */
async function watchOverLeases(
  { failover, failoverClient: client }: Parts,
  { config: { namespaces }, clock }: OperatorOptions,
  term: Term,
): Promise<void> {
  await Promise.all([
    failover.lead(term),
    rehearseFailover({ client, failover, namespaces, clock }, term.signal),
  ]);
}

function announceBy(recorder: EventRecorder): Context['announce'] {
  return (about, transition) => recorder.record({ about, ...transition });
}

/**
 * Asked to stop, the workers finish the write in hand, within `FINISH_WITHIN_MS`. Once leadership is
 * lost there is nothing to finish: whoever leads now writes.
 */
function limitWrites(term: Term, clock: Clock, writes: AbortController): Cancel {
  let cancel: Cancel = () => {};
  const onEnd = () => {
    if (!term.isLeading()) return writes.abort();
    cancel = clock.schedule(FINISH_WITHIN_MS, () => writes.abort());
  };
  if (term.signal.aborted) onEnd();
  else term.signal.addEventListener('abort', onEnd, { once: true });
  return () => cancel();
}

function contextOf(parts: Parts, { config, clock }: OperatorOptions, term: Term): Context {
  const { caches, memories, failover, recorder, crd, instruments, log } = parts;
  return {
    kube: leaderOnly(parts.client, term.isLeading),
    caches,
    memories,
    clock,
    log,
    rollouts: new RolloutGate(caches, clock, config.maxConcurrentRollouts),
    policy: config.policy,
    signal: term.signal,
    crd,
    rejections: new StatusRejections(),
    failovers: failover.states,
    announce: announceBy(recorder),
    count: instruments.countStep,
  };
}

async function shutDown(
  { queue, served, caches, crd, recorder, client, electionClient, failoverClient }: Parts,
  servers: { readonly probes: RunningServer; readonly metrics: RunningServer },
): Promise<void> {
  queue.stop();
  crd.stop();
  await Promise.all([recorder.stop(), served.stop()]);
  caches.stop();
  client.close();
  electionClient.close();
  failoverClient.close();
  await Promise.all([servers.probes.close(), servers.metrics.close()]);
}
