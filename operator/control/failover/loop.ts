/**
 * The guarded Leases: pod and Lease events in, at most one conditional write out. Apart from the
 * reconcile queue, so that no backlog delays it. Every operator follows the events, so that a new leader
 * knows the containers of the holders already; only the leading operator reads live and writes.
 *
 *   event, end of a wait, poll ──► snapshot of the caches ──► decideFailover
 *        ▲                                                      │ clear, and this operator leads
 *        └── conflict, newer facts ◄── one PUT ◄── decideFailover ◄── live GETs of Pod, Lease, Node
 *
 * It never picks the next leader, never writes anything but an empty holder, and is never needed:
 * without it the Lease expires as it always did.
 */
import { unreachable } from '../../base/failure.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { toTime } from '../../base/time.ts';
import { rememberClear } from '../../decide/failover/memory.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { mergeFailovers } from '../../decide/observed/failover-view.ts';
import { type AttemptResult, type LeadingTerm, poll, tryToFree } from './attempt.ts';
import { evaluate } from './evaluate.ts';
import { MissingRights } from './missing-rights.ts';
import { pauseAfter, retryMs } from './pauses.ts';
import type { FailoverReport } from './report.ts';
import type { RequestOptions } from './requests.ts';
import { type FailoverSnapshot, snapshotsOf, type TakeSnapshot } from './snapshot.ts';
import type { FailoverState } from './state.ts';
import { FailoverStates } from './states.ts';

export interface FailoverLoopOptions extends RequestOptions {
  /** Whether all watches of a namespace have delivered their first list: half a picture misleads. */
  readonly isSynced: (namespace: string) => boolean;
  /** What `view` gives has changed: the resource is to be reconciled. */
  readonly enqueue: (key: ObjectKey) => void;
  readonly report: FailoverReport;
}

export class FailoverLoop {
  readonly #options: FailoverLoopOptions;
  readonly #snapshot: TakeSnapshot;
  /** What others may ask about it. */
  readonly states: FailoverStates;
  /** What the API server refused us. */
  readonly missingRights = new MissingRights();
  #term: LeadingTerm | undefined;

  constructor(options: FailoverLoopOptions) {
    this.#options = options;
    this.#snapshot = snapshotsOf(options.caches);
    this.states = new FailoverStates(this.#snapshot, options.clock);
  }

  /** A pod, the Lease or the resource of `key` has changed. */
  onEvent(key: ObjectKey): void {
    this.#consider(key, this.#options.clock.nowMs());
  }

  /** The watches of a namespace have delivered their first list: each of its resources may have changed. */
  onSynced(namespace: string): void {
    for (const { metadata } of this.#options.caches.resources()) {
      if (metadata.namespace === namespace) this.onEvent({ namespace, name: metadata.name });
    }
  }

  /** Acts from now on, also on deaths that it only watched so far. Resolves when the term is over. */
  async lead(term: LeadingTerm): Promise<void> {
    this.#term = term;
    for (const { key } of this.states.all()) this.onEvent(key);
    if (!term.signal.aborted) {
      await new Promise<void>((resolve) => {
        term.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#term = undefined;
    for (const each of this.states.all()) each.cancel();
    await Promise.all(this.states.all().map(({ attempt }) => attempt));
  }

  /** What was found out about the rights in `namespace`; undefined: nothing is missing. */
  noteRights(namespace: string, missing: string | undefined): void {
    if (!this.missingRights.note(namespace, missing)) return;
    this.#options.report.missingRight(namespace, missing);
    this.onSynced(namespace);
  }

  /** Never throws: a bug that one resource uncovers must not end the loop for the others. */
  #consider(key: ObjectKey, heardAtMs: number): void {
    if (!this.#options.isSynced(key.namespace)) return;
    try {
      const snapshot = this.#snapshot(key);
      if (snapshot === undefined) {
        this.#leave(key);
        return;
      }
      const state = this.states.of(key);
      this.#next(state, snapshot, { decision: this.#decide(state, snapshot), heardAtMs });
    } catch (error) {
      this.#options.report.bug(key, error);
      this.#retry(this.states.of(key));
    }
  }

  /** Nothing is decided about it now; what was seen is kept while there is a resource. */
  #leave(key: ObjectKey): void {
    this.states.find(key)?.cancel();
    if (this.#options.caches.resource(key) === undefined) this.states.forget(key);
  }

  /** Runs the pure part, and reports what is new. */
  #decide(state: FailoverState, snapshot: FailoverSnapshot): FailoverDecision {
    const { clock, enqueue, report } = this.#options;
    const missingRight = this.missingRights.in(state.key.namespace);
    const step = evaluate(state.concluded, snapshot, { nowMs: clock.nowMs(), missingRight });
    state.concluded = step.concluded;
    if (step.change !== undefined) {
      const record = { time: toTime(clock.wallClock()), ...step.change };
      state.failovers = mergeFailovers(state.failovers, [record]);
      if (this.#leads()) report.leaderChanged(snapshot, record);
    }
    this.#reportRefusal(state, snapshot, step.decision);
    if (step.isNews) enqueue(state.key);
    return step.decision;
  }

  #reportRefusal(
    state: FailoverState,
    snapshot: FailoverSnapshot,
    decision: FailoverDecision,
  ): void {
    if (!this.#leads()) return;
    const holder = snapshot.facts.lease?.holder ?? '';
    const refusal = decision.kind === 'refuse' ? `${holder} ${decision.because}` : '';
    if (refusal === state.refusal) return;
    state.refusal = refusal;
    if (decision.kind === 'refuse') {
      this.#options.report.refused(snapshot, holder, decision.because);
    }
  }

  /** What follows a decision: an attempt, or one timer. */
  #next(state: FailoverState, snapshot: FailoverSnapshot, { decision, heardAtMs }: Decided): void {
    const { clock } = this.#options;
    state.cancel();
    if (!this.#leads()) return;
    if (decision.kind === 'clear') {
      const decide = (fresh: FailoverSnapshot) => this.#decide(state, fresh);
      this.#begin(state, heardAtMs, (attempted) => tryToFree(this.#attempts, attempted, decide));
      return;
    }
    if (decision.kind === 'hold') state.failures = 0; // another holder, or none: nothing has failed yet
    const nowMs = clock.nowMs();
    const pause = pauseAfter(
      decision,
      { ...state, ...state.concluded, facts: snapshot.facts },
      nowMs,
    );
    if (pause === undefined) return;
    const { inMs, poll: due } = pause;
    if (due === undefined) {
      state.cancel = clock.schedule(inMs, () => this.onEvent(state.key));
      return;
    }
    state.poll = due;
    state.cancel = clock.schedule(inMs, () =>
      this.#begin(state, clock.nowMs(), (attempted) => poll(this.#attempts, attempted)),
    );
  }

  get #attempts() {
    return { ...this.#options, snapshot: this.#snapshot };
  }

  /** One at a time for each resource; what comes meanwhile is considered afterwards. */
  #begin(
    state: FailoverState,
    heardAtMs: number,
    attempt: (attempted: Parameters<typeof poll>[1]) => Promise<AttemptResult>,
  ): void {
    const term = this.#term;
    if (term === undefined) return;
    if (state.attempt !== undefined) {
      state.again = true;
      return;
    }
    const { key, concluded } = state;
    state.attempt = attempt({ key, memory: concluded.memory, term })
      .then((result) => this.#conclude(state, result, heardAtMs))
      .catch((error: unknown) => {
        this.#options.report.bug(key, error);
        this.#retry(state);
      })
      .finally(() => {
        state.attempt = undefined;
        if (!state.again) return;
        state.again = false;
        this.onEvent(key);
      });
  }

  /** What came of an attempt. */
  #conclude(state: FailoverState, result: AttemptResult, heardAtMs: number): void {
    const { caches, clock, report } = this.#options;
    switch (result.kind) {
      case 'freed': {
        const { snapshot, evidence, written } = result;
        const clear = { identity: snapshot.facts.lease?.holder ?? '', path: evidence.path };
        const memory = rememberClear(state.concluded.memory, clear, clock.nowMs());
        state.concluded = { ...state.concluded, memory };
        state.failures = 0;
        caches.wrote(LeaseKind, written);
        report.freed(snapshot, evidence, clock.nowMs() - heardAtMs);
        state.again = true;
        return;
      }
      case 'decided-otherwise':
        return this.#next(state, result.snapshot, { decision: result.decision, heardAtMs });
      case 'outdated':
        return this.#retry(state);
      case 'refreshed':
        state.again = true;
        return;
      case 'failed':
        return this.#fail(state, result);
      case 'dropped':
        return;
      default:
        return unreachable(result);
    }
  }

  /** Conflicts are no news: somebody else has written, and fresh facts decide. */
  #fail(state: FailoverState, { snapshot, what, trouble }: Failed): void {
    const { kind } = trouble.failure;
    if (kind === 'aborted') return;
    if (kind !== 'conflict' && state.failures === 0) {
      this.#options.report.failed(snapshot, what, trouble);
    }
    if (trouble.missingRight !== undefined) {
      this.noteRights(state.key.namespace, trouble.missingRight);
    }
    this.#retry(state);
  }

  /** An attempt has failed: considered again after a pause that grows with the failures. */
  #retry(state: FailoverState): void {
    state.failures += 1;
    state.cancel();
    if (!this.#leads()) return;
    const inMs = retryMs(state.failures);
    state.cancel = this.#options.clock.schedule(inMs, () => this.onEvent(state.key));
  }

  #leads(): boolean {
    return this.#term?.isLeading() ?? false;
  }
}

interface Decided {
  readonly decision: FailoverDecision;
  /** When the news came that led to it, on the monotonic clock. */
  readonly heardAtMs: number;
}

type Failed = Extract<AttemptResult, { kind: 'failed' }>;
