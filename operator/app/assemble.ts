/** The parts of the operator, made and connected, none of them started. */
import { keyText, type ObjectKey } from '../base/kube-object.ts';
import type { Clock } from '../base/time.ts';
import { Caches } from '../control/cache/caches.ts';
import { sampleResources } from '../control/cache/sample-resources.ts';
import { ServedNamespaces } from '../control/cache/served-namespaces.ts';
import { createWatches } from '../control/cache/watches.ts';
import { FailoverLoop } from '../control/failover/loop.ts';
import { FailoverReport } from '../control/failover/report.ts';
import { CostlyKeys } from '../control/queue/costly-keys.ts';
import type { GroupLimit } from '../control/queue/waiting-keys.ts';
import { Workqueue } from '../control/queue/workqueue.ts';
import type { Context } from '../control/reconcile/context.ts';
import { Memories } from '../control/reconcile/memories.ts';
import { createCredentials } from '../kube/credentials/credentials.ts';
import { createEventRecorder, type EventRecorder } from '../kube/events/event-recorder.ts';
import { createHttpClient } from '../kube/http/http-client.ts';
import type { ObservedRequest } from '../kube/http/request.ts';
import type { Log } from '../telemetry/log.ts';
import type { Config } from './config.ts';
import { watchOwnCrd } from './crd-check.ts';
import { createInstruments } from './instruments.ts';

/** Everything that the operator takes from outside: nothing below reads a clock, chance or the environment. */
export interface OperatorOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Version of this program. */
  readonly version: string;
}

/** Longest wait of a failing key: what was mended is noticed within it. Only costly ones wait longer. */
const RETRY_CAP_MS = 15_000;

/** All that one process holds for as long as it runs. */
export type Parts = ReturnType<typeof assemble>;

/** Connects the parts; nothing is asked of the API server yet. */
export function assemble({ config, clock, random, log, version }: OperatorOptions) {
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

/** How transitions become events of the resource that they are about. */
export function announceBy(recorder: EventRecorder): Context['announce'] {
  return (regarding, transition) => recorder.record({ regarding, ...transition });
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
