/**
 * Connects the loops of `control/`, which report to observers, with the metrics that count what they
 * report: the one place that knows both. Observers measure in ms, metrics in seconds.
 */
import type { ObjectKey } from '../base/kube-object.ts';
import type { Clock } from '../base/time.ts';
import type { ResourceSample } from '../control/cache/sample-resources.ts';
import type { ElectionObserver } from '../control/election/report.ts';
import type { FailoverObserver } from '../control/failover/report.ts';
import type { WorkerObserver } from '../control/queue/worker.ts';
import type { WorkInHand, WorkqueueObserver } from '../control/queue/workqueue.ts';
import type { Outcome, StepResult } from '../decide/plan/outcome.ts';
import { refOfStep } from '../decide/plan/step.ts';
import type { ObservedRequest } from '../kube/http/request.ts';
import { CONTROLLER, createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { sampleProcess } from './process-metrics.ts';
import { failoverObserver, sampleEach } from './resource-metrics.ts';

const QUEUE = { name: CONTROLLER, controller: CONTROLLER } as const;

/** A page is given out again for this many times as long as it took to write. */
const TEXT_REUSE = 10;

/** Where a scrape asks for what nobody counts. None may wait, and each is asked once or more a page. */
export interface Samples {
  /** Every resource in the caches, in the order in which the page shows them. */
  readonly resources: () => readonly ResourceSample[];
  /** The pod that holds the Lease of each resource; empty while nobody does. */
  readonly leaders: () => readonly { readonly key: ObjectKey; readonly pod: string }[];
  /** Rights that freeing a Lease needs and the last rehearsal did not find. */
  readonly missingRights: () => readonly { readonly namespace: string; readonly right: string }[];
  /** What the workers are at, and for how many ms. */
  readonly workInHand: () => WorkInHand;
}

/** The observers of one process, and the page that they fill. */
export interface Instruments {
  readonly metrics: Metrics;
  /**
   * The text of one scrape: of this moment, or up to ten times as old as it took to write. So
   * clients that scrape without pause cost a tenth of the processor time of the main thread at most.
   * At a thousand resources a page takes tens of ms, and is at most about a second old.
   */
  readonly text: () => string;
  readonly onRequest: (request: ObservedRequest) => void;
  readonly queueObserver: WorkqueueObserver;
  /** `workers`: how many run at the same time. Call it once a process: it counts those that are active. */
  workerObserver(workers: number): WorkerObserver;
  /** `name`: of the operator's own Lease. From then on the page shows that this process does not lead. */
  electionObserver(name: string): ElectionObserver;
  /** Counts a write that was sent, by kind, verb and result; anything else is ignored. */
  readonly countStep: (result: StepResult) => void;
  readonly failoverObserver: FailoverObserver;
  /** Says where values come from that are asked for at each scrape. Call it once, after construction. */
  sample(samples: Samples): void;
}

/** All metrics, counted from 0. `version`: of this program; `clock` dates pages and the start of the process. */
export function createInstruments(version: string, clock: Clock): Instruments {
  const { metrics, registry } = createMetrics();
  metrics.buildInfo.set({ version }, 1);
  sampleProcess(metrics, clock);
  startAtZero(metrics);
  let resources: Samples['resources'] = () => [];
  /** Several metrics ask for the resources, and one scrape reads the caches once. */
  let scraped: readonly ResourceSample[] | undefined;
  sampleEach(metrics, () => scraped ?? resources());
  let last = { text: '', goodUntilMs: Number.NEGATIVE_INFINITY };
  return {
    metrics,
    text() {
      const startedAtMs = clock.nowMs();
      if (startedAtMs < last.goodUntilMs) return last.text;
      scraped = resources();
      try {
        const text = registry.expose();
        const nowMs = clock.nowMs();
        last = { text, goodUntilMs: nowMs + TEXT_REUSE * (nowMs - startedAtMs) };
        return text;
      } finally {
        scraped = undefined;
      }
    },
    onRequest: ({ code, method, host }) => metrics.restRequests.inc({ code, method, host }),
    queueObserver: {
      depthChanged: (waiting) => metrics.queueDepth.set(QUEUE, waiting),
      added: () => metrics.queueAdds.inc(QUEUE),
      taken: (waitedMs) => metrics.queueDuration.observe(QUEUE, waitedMs / 1000),
      finished: (workedMs) => metrics.workDuration.observe(QUEUE, workedMs / 1000),
      retried: () => metrics.queueRetries.inc(QUEUE),
    },
    workerObserver: (workers) => workerObserver(metrics, workers),
    electionObserver: (name) => electionObserver(metrics, name),
    countStep: (result) => countStep(metrics, result),
    failoverObserver: failoverObserver(metrics),
    sample: ({ resources: all, leaders, missingRights, workInHand }) => {
      resources = all;
      metrics.assistMissingRight.collect(() =>
        missingRights().map((labels) => ({ labels, value: 1 })),
      );
      metrics.leader.collect(() =>
        leaders().map(({ key: { namespace, name }, pod }) => ({
          labels: { namespace, name, pod },
          value: pod === '' ? 0 : 1,
        })),
      );
      metrics.unfinishedWork.collect(() => [
        { labels: QUEUE, value: workInHand().unfinishedMs / 1000 },
      ]);
      metrics.longestRunning.collect(() => [
        { labels: QUEUE, value: workInHand().longestRunningMs / 1000 },
      ]);
    },
  };
}

/**
 * What controller-runtime and client-go show with 0 from the start: without it a rate misses the first
 * failure. The result `requeue` is one of theirs, and is never counted here.
 */
function startAtZero(metrics: Metrics): void {
  const controller = CONTROLLER;
  for (const result of ['success', 'error', 'requeue', 'requeue_after'] as const) {
    metrics.reconcileTotal.inc({ controller, result }, 0);
  }
  for (const counter of [
    metrics.reconcileErrors,
    metrics.terminalReconcileErrors,
    metrics.reconcilePanics,
  ]) {
    counter.inc({ controller }, 0);
  }
  metrics.activeWorkers.set({ controller }, 0);
  metrics.reconcileTime.expect(() => [{ controller }]);
  metrics.queueDepth.set(QUEUE, 0);
  for (const counter of [metrics.queueAdds, metrics.queueRetries]) counter.inc(QUEUE, 0);
  for (const times of [metrics.queueDuration, metrics.workDuration]) times.expect(() => [QUEUE]);
}

function electionObserver(metrics: Metrics, name: string): ElectionObserver {
  metrics.leaderStatus.set({ name }, 0);
  metrics.leaderSlowpath.inc({ name }, 0);
  return {
    masterStatusChanged: (status) => metrics.leaderStatus.set({ name }, status),
    slowPathTaken: () => metrics.leaderSlowpath.inc({ name }),
  };
}

function workerObserver(metrics: Metrics, workers: number): WorkerObserver {
  const controller = CONTROLLER;
  let active = 0;
  metrics.maxConcurrentReconciles.set({ controller }, workers);
  return {
    started() {
      active += 1;
      metrics.activeWorkers.set({ controller }, active);
    },
    ended(result, { outcome, tookMs }) {
      active -= 1;
      metrics.activeWorkers.set({ controller }, active);
      metrics.reconcileTotal.inc({ controller, result });
      metrics.reconcileTime.observe({ controller }, tookMs / 1000);
      const ending = outcome.kind === 'unreported' ? outcome.outcome : outcome;
      if (ending.kind === 'terminal-error') metrics.terminalReconcileErrors.inc({ controller });
      if (result === 'error') metrics.reconcileErrors.inc({ controller });
      if (metBug(outcome)) metrics.reconcilePanics.inc({ controller });
    },
  };
}

function metBug(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'terminal-error':
      return outcome.bug !== undefined;
    case 'failed':
      return outcome.failure.kind === 'bug';
    case 'unreported':
      return outcome.failure.kind === 'bug' || metBug(outcome.outcome);
    default:
      return false;
  }
}

/** Only writes that were sent: a step that the API server showed to change nothing was not. */
function countStep(metrics: Metrics, result: StepResult): void {
  const { step } = result;
  if (step.kind === 'refuse' || step.kind === 'await') return;
  if (result.kind !== 'done' && result.kind !== 'failed') return;
  metrics.applies.inc({
    kind: refOfStep(step).kind,
    verb: step.kind,
    result: result.kind === 'done' ? 'success' : result.failure.kind,
  });
}
