/**
 * The loop of the guarded Leases: pod and Lease events in, at most one conditional write out. It is not
 * behind the reconcile queue, so that no backlog delays it. Every operator follows the events, so that a new leader
 * knows the containers of the holders already; only the leading operator reads live and writes.
 *
 *   event, end of a wait, poll ──► snapshot of the caches ──► decideFailover
 *        ▲                                                      │ clear, and this operator leads
 *        └── conflict, newer facts ◄── one PUT ◄── decideFailover ◄── live GETs of Pod, Lease, Node
 *
 * It never picks the next leader, never writes anything but an empty holder, and nothing depends on it:
 * without it the Lease expires after its duration.
 */
import { unreachable } from '../../base/failure.ts';
import type { ObjectKey } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { rememberClear } from '../../decide/failover/memory.ts';
import type { FailoverDecision } from '../../decide/failover/types.ts';
import { type Attempted, type AttemptResult, poll, tryToFree } from './attempt.ts';
import { decideAndReport } from './decide.ts';
import { endOf, type LeadingTerm } from './leading-term.ts';
import { MissingRights } from './missing-rights.ts';
import { pauseAfter, retryMs } from './pauses.ts';
import type { FailoverReport } from './report.ts';
import type { RequestOptions } from './requests.ts';
import { runAttempt } from './run-attempt.ts';
import { type FailoverSnapshot, snapshotsOf, type TakeSnapshot } from './snapshot.ts';
import type { FailoverState } from './state.ts';
import { FailoverStates } from './states.ts';

/** Dependencies of the loop. */
export interface FailoverLoopOptions extends RequestOptions {
  /**
   * Whether all watches of a namespace have delivered their first list: before, pods or Leases would be
   * missing.
   */
  readonly isSynced: (namespace: string) => boolean;
  /** What `view` gives has changed: the resource is to be reconciled. */
  readonly enqueue: (key: ObjectKey) => void;
  readonly report: FailoverReport;
}

/** One loop for all resources of the operator. */
export class FailoverLoop {
  readonly #options: FailoverLoopOptions;
  readonly #snapshot: TakeSnapshot;
  /** What is known of each resource. */
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

  /** Acts from now on, also on deaths that it has observed as a follower. Resolves when the term is over. */
  async lead(term: LeadingTerm): Promise<void> {
    this.#term = term;
    for (const { key } of this.states.all()) this.onEvent(key);
    await endOf(term);
    this.#term = undefined;
    for (const each of this.states.all()) each.cancel();
    await Promise.all(this.states.all().map(({ attempt }) => attempt));
  }

  /** The right that the API server has refused us in `namespace`; undefined: none is missing. */
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

  /** Nothing is decided about it now; what was concluded is kept while there is a resource. */
  #leave(key: ObjectKey): void {
    this.states.find(key)?.cancel();
    if (this.#options.caches.resource(key) === undefined) this.states.forget(key);
  }

  #decide(state: FailoverState, snapshot: FailoverSnapshot): FailoverDecision {
    const options = {
      ...this.#options,
      missingRights: this.missingRights,
      leads: () => this.#leads(),
    };
    return decideAndReport(options, state, snapshot);
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
    if (decision.kind === 'hold') state.failures = 0; // another holder, or none: no attempt for it has failed
    const paused = { ...state, ...state.concluded, facts: snapshot.facts };
    const pause = pauseAfter(decision, paused, clock.nowMs());
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

  /** Only while this operator leads. */
  #begin(
    state: FailoverState,
    heardAtMs: number,
    attempt: (attempted: Attempted) => Promise<AttemptResult>,
  ): void {
    const term = this.#term;
    if (term === undefined) return;
    const { key } = state;
    runAttempt(state, () => attempt({ key, memory: state.concluded.memory, term }), {
      conclude: (result) => this.#conclude(state, result, heardAtMs),
      bug: (error) => {
        this.#options.report.bug(key, error);
        this.#retry(state);
      },
      again: () => this.onEvent(key),
    });
  }

  /** What follows from the result of an attempt. */
  #conclude(state: FailoverState, result: AttemptResult, heardAtMs: number): void {
    switch (result.kind) {
      case 'freed':
        this.#noteFreed(state, result, heardAtMs);
        break;
      case 'decided-otherwise':
        this.#next(state, result.snapshot, { decision: result.decision, heardAtMs });
        break;
      case 'outdated':
        this.#retry(state);
        break;
      case 'refreshed':
        state.again = true;
        break;
      case 'failed':
        this.#fail(state, result);
        break;
      case 'dropped':
        break;
      default:
        unreachable(result);
    }
  }

  #noteFreed(
    state: FailoverState,
    { snapshot, evidence, written }: Freed,
    heardAtMs: number,
  ): void {
    const { caches, clock, report } = this.#options;
    const clear = { identity: snapshot.facts.lease?.holder ?? '', path: evidence.path };
    const memory = rememberClear(state.concluded.memory, clear, clock.nowMs());
    state.concluded = { ...state.concluded, memory };
    state.failures = 0;
    caches.wrote(LeaseKind, written);
    report.freed(snapshot, evidence, clock.nowMs() - heardAtMs);
    state.again = true;
  }

  /**
   * A conflict is not reported: another client has written, and the next decision is made from what it
   * wrote.
   */
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
  /** When the event came that led to it, in ms on the monotonic clock. */
  readonly heardAtMs: number;
}

type Freed = Extract<AttemptResult, { kind: 'freed' }>;
type Failed = Extract<AttemptResult, { kind: 'failed' }>;
