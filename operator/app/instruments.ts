/** Connects what happens to the metrics that tell it: the one place where the two meet. */
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

/** A text may be so many times as old as it took to write. */
const TEXT_REUSE = 10;

export interface Samples {
  readonly resources: () => readonly ResourceSample[];
  readonly leaders: () => readonly { readonly key: ObjectKey; readonly pod: string }[];
  readonly missingRights: () => readonly { readonly namespace: string; readonly right: string }[];
  readonly workInHand: () => WorkInHand;
}

export interface Instruments {
  readonly metrics: Metrics;
  /**
   * The text of one scrape: of this moment, or as old as ten times what it took to write, so that
   * strangers who ask without end cost a tenth of our time at most.
   */
  readonly text: () => string;
  readonly onRequest: (request: ObservedRequest) => void;
  readonly queueObserver: WorkqueueObserver;
  workerObserver(workers: number): WorkerObserver;
  electionObserver(name: string): ElectionObserver;
  readonly countStep: (result: StepResult) => void;
  readonly failoverObserver: FailoverObserver;
  /** Values that are asked for at each scrape. */
  sample(samples: Samples): void;
}

export function createInstruments(version: string, clock: Clock): Instruments {
  const { metrics, registry } = createMetrics();
  metrics.buildInfo.set({ version }, 1);
  sampleProcess(metrics, clock);
  startAtZero(metrics);
  let resources: Samples['resources'] = () => [];
  /** Many metrics ask for them, and one scrape looks once. */
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
 * What controller-runtime and client-go register with their first breath: without the 0 before it a
 * rate over the first failure is lost. `requeue` is of theirs, and never counted here.
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
      if (ending.kind === 'blocked') metrics.terminalReconcileErrors.inc({ controller });
      if (result === 'error') metrics.reconcileErrors.inc({ controller });
      if (metBug(outcome)) metrics.reconcilePanics.inc({ controller });
    },
  };
}

function metBug(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'blocked':
      return outcome.bug !== undefined;
    case 'failed':
      return outcome.failure.kind === 'bug';
    case 'unreported':
      return outcome.failure.kind === 'bug' || metBug(outcome.outcome);
    default:
      return false;
  }
}

/** Only writes that were sent: what the server showed to be needless is none. */
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
