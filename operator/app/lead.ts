/** The time for which this process leads: the election, the workers, and the loops that only a leader runs. */

import type { ObjectKey } from '../base/kube-object.ts';
import type { Cancel, Clock } from '../base/time.ts';
import { Elector, newIdentity } from '../control/election/elect.ts';
import { leaderOnly } from '../control/election/leader-only.ts';
import { rehearseFailover } from '../control/failover/rehearse.ts';
import { runWorker } from '../control/queue/worker.ts';
import type { Context } from '../control/reconcile/context.ts';
import { reconcile } from '../control/reconcile/reconcile.ts';
import { RolloutGate } from '../control/reconcile/rollout-gate.ts';
import { StatusRejections } from '../control/reconcile/status-rejections.ts';
import { createRepeats } from '../telemetry/repeats.ts';
import { announceBy, type OperatorOptions, type Parts } from './assemble.ts';

/** How long a write in hand may still take after SIGTERM. */
const FINISH_WITHIN_MS = 2_000;
/** `stopped`: as asked. `lost`: another process leads now, so this one has to end. */
export type OperatorEnd = 'stopped' | 'lost';

/** Takes part in the election, and works while it leads. Resolves when `stop` aborts or leadership is lost. */
export async function lead(
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
