/**
 * The guarded Leases: pod and Lease events in, at most one conditional write out. Apart from the
 * reconcile queue, so that no backlog delays it, and with the same eyes in every operator: followers
 * keep the bindings of holders to containers warm, but only the leading operator looks and writes.
 *
 *   event, end of a wait, poll ──► facts from the caches ──► decideFailover
 *        ▲                                                      │ clear, and this operator leads
 *        └── conflict, newer facts ◄── one PUT ◄── decideFailover ◄── live GETs of Pod, Lease, Node
 *
 * It never picks the next leader, never writes anything but an empty holder, and is never needed:
 * without it the Lease expires as it always did.
 */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectKey } from '../../base/kube-object.ts';
import { LeaseKind } from '../../base/resource-kinds.ts';
import { toTime } from '../../base/time.ts';
import { rememberClear } from '../../decide/failover/memory.ts';
import type { DeathEvidence, FailoverDecision } from '../../decide/failover/types.ts';
import { type FailoverView, mergeFailovers } from '../../decide/observed/failover-view.ts';
import { hostNameOf } from '../../decide/observed/holder-name.ts';
import { type FailoverCase, nextPollMs, retryMs } from './case.ts';
import { FailoverCases } from './cases.ts';
import { createFailoverLooks, type FailoverLook } from './facts.ts';
import { type AttemptOptions, lookAndLearn, writeFreed } from './live-attempt.ts';
import type { LiveLook } from './live-look.ts';
import { MissingRights } from './missing-rights.ts';
import type { FailoverReport, Trouble } from './report.ts';
import { takeStep } from './step.ts';

export interface FailOverOptions extends AttemptOptions {
  /** Whether all watches of a namespace have told their first list: half a picture misleads. */
  readonly isSynced: (namespace: string) => boolean;
  /** What `view` gives has changed. */
  readonly wake: (key: ObjectKey) => void;
  readonly report: FailoverReport;
}

/** The time for which this operator leads. */
export interface LeadingTerm {
  readonly isLeading: () => boolean;
  /** Aborted when the term ends. */
  readonly signal: AbortSignal;
}

/** In a transition, whether it is still one is asked this often, in retry periods. */
const TRANSITION_PERIODS = 3;

export class FailOver {
  readonly #options: FailOverOptions;
  readonly #look: ReturnType<typeof createFailoverLooks>;
  readonly #cases = new FailoverCases();
  readonly #missingRights = new MissingRights();
  #term: LeadingTerm | undefined;

  constructor(options: FailOverOptions) {
    this.#options = options;
    this.#look = createFailoverLooks(options.caches);
  }

  /** A pod, the Lease or the resource of `key` has moved. */
  sense(key: ObjectKey): void {
    this.#consider(key, this.#options.clock.nowMs());
  }

  /** Every resource of a namespace whose watches have just told their first list. */
  senseAll(namespace: string): void {
    for (const { metadata } of this.#options.caches.resources()) {
      if (metadata.namespace === namespace) this.sense({ namespace, name: metadata.name });
    }
  }

  /** Acts from now on, also on deaths that it only watched so far. Resolves when the term is over. */
  async lead(term: LeadingTerm): Promise<void> {
    this.#term = term;
    for (const { key } of this.#cases.all()) this.sense(key);
    if (!term.signal.aborted) {
      await new Promise<void>((resolve) => {
        term.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#term = undefined;
    for (const each of this.#cases.all()) each.cancel();
    await Promise.all(this.#cases.all().map(({ attempt }) => attempt));
  }

  /** What the status tells about `key`. */
  view(key: ObjectKey): FailoverView {
    return this.#cases.view(key, this.#options.clock.nowMs());
  }

  leaders(): ReturnType<FailoverCases['leaders']> {
    return this.#cases.leaders((key) => this.#look(key)?.facts.pods ?? []);
  }

  /** A resource of `namespace` with a holder whose death would be acted upon. */
  watched(namespace: string): FailoverLook | undefined {
    return this.#cases
      .bound(namespace)
      .map((key) => this.#look(key))
      .find((look) => look?.ha.failover.mode === 'Assisted' && look.lease !== undefined);
  }

  /** What was found out about the rights in `namespace`; undefined: nothing is missing. */
  noteRights(namespace: string, missing: string | undefined): void {
    if (!this.#missingRights.note(namespace, missing)) return;
    this.#options.report.missingRight(namespace, missing);
    this.senseAll(namespace);
  }

  /** Whether the API server refused us something in `namespace`. */
  lacksRight(namespace: string): boolean {
    return this.#missingRights.in(namespace) !== undefined;
  }

  /** For a gauge: what the API server refused us. */
  missingRights(): ReturnType<MissingRights['all']> {
    return this.#missingRights.all();
  }

  /** Never throws: a bug that one resource uncovers must not end the loop for the others. */
  #consider(key: ObjectKey, heardAtMs: number): void {
    if (!this.#options.isSynced(key.namespace)) return;
    try {
      const look = this.#look(key);
      if (look === undefined) {
        this.#leave(key);
        return;
      }
      const mine = this.#cases.of(key);
      this.#next(mine, look, { decision: this.#decide(mine, look), heardAtMs });
    } catch (error) {
      this.#options.report.bug(key, error);
      const mine = this.#cases.of(key);
      mine.failures += 1;
      this.#retry(mine);
    }
  }

  /** Nothing is decided about it now; what was seen is kept while there is a resource. */
  #leave(key: ObjectKey): void {
    this.#cases.find(key)?.cancel();
    if (this.#options.caches.resource(key) === undefined) this.#cases.forget(key);
  }

  /** Runs the pure part, and tells what is new. */
  #decide(mine: FailoverCase, look: FailoverLook): FailoverDecision {
    const { clock, wake } = this.#options;
    const missingRight = this.#missingRights.in(mine.key.namespace);
    const { decision, change, isNews } = takeStep(mine, look, {
      nowMs: clock.nowMs(),
      missingRight,
    });
    if (change !== undefined) {
      const record = { time: toTime(clock.wallClock()), ...change };
      mine.failovers = mergeFailovers(mine.failovers, [record]);
      if (this.#leads()) this.#options.report.leaderChanged(look, record);
    }
    this.#tellRefusal(mine, look, decision);
    if (isNews) wake(mine.key);
    return decision;
  }

  #tellRefusal(mine: FailoverCase, look: FailoverLook, decision: FailoverDecision): void {
    if (!this.#leads()) return;
    const holder = look.facts.lease?.holder ?? '';
    const told = decision.kind === 'refuse' ? `${holder} ${decision.because}` : '';
    if (told === mine.refusal) return;
    mine.refusal = told;
    if (decision.kind === 'refuse') {
      this.#options.report.refused(look, holder, decision.because);
    }
  }

  /** What follows a decision: an attempt, or one timer. */
  #next(mine: FailoverCase, look: FailoverLook, { decision, heardAtMs }: Decided): void {
    const { clock } = this.#options;
    mine.cancel();
    if (!this.#leads()) return;
    if (decision.kind === 'clear') {
      this.#begin(mine, (term) => this.#free(mine, { term, heardAtMs }));
      return;
    }
    if (decision.kind === 'hold') mine.failures = 0; // another holder, or none: nothing has failed yet
    const nowMs = clock.nowMs();
    if (decision.kind === 'wait') {
      mine.cancel = clock.schedule(decision.untilMs - nowMs, () => this.sense(mine.key));
      return;
    }
    const pollInMs = nextPollMs(mine, look.facts, decision, nowMs);
    if (pollInMs === undefined) {
      const inMs = TRANSITION_PERIODS * look.facts.policy.retryPeriodMs;
      if (mine.inTransition) mine.cancel = clock.schedule(inMs, () => this.sense(mine.key));
      return;
    }
    mine.cancel = clock.schedule(pollInMs, () =>
      this.#begin(mine, (term) => this.#poll(mine, term)),
    );
  }

  /** One at a time for each resource; what comes meanwhile is considered afterwards. */
  #begin(mine: FailoverCase, attempt: (term: LeadingTerm) => Promise<void>): void {
    const term = this.#term;
    if (term === undefined) return;
    if (mine.attempt !== undefined) {
      mine.again = true;
      return;
    }
    mine.attempt = attempt(term)
      .catch((error: unknown) => {
        this.#options.report.bug(mine.key, error);
        mine.failures += 1;
        this.#retry(mine);
      })
      .finally(() => {
        mine.attempt = undefined;
        if (!mine.again) return;
        mine.again = false;
        this.sense(mine.key);
      });
  }

  /** Looks live, decides anew, and writes if the answer is still the same. */
  async #free(mine: FailoverCase, { term, heardAtMs }: Attempt): Promise<void> {
    const nodeName = mine.memory.binding?.nodeName;
    const seen = await this.#lookLive(mine, term, nodeName === undefined ? {} : { nodeName });
    if (seen === undefined) return;
    const look = this.#look(mine.key, seen.node);
    if (look === undefined) return;
    const decision = this.#decide(mine, look);
    if (decision.kind !== 'clear' || look.lease === undefined) {
      this.#next(mine, look, { decision, heardAtMs });
      return;
    }
    if (!isSameState(seen.lease, look.lease)) {
      mine.failures += 1;
      this.#retry(mine);
      return;
    }
    await this.#write(mine, { look, evidence: decision.evidence, term, heardAtMs });
  }

  async #write(mine: FailoverCase, { look, evidence, term, heardAtMs }: Write): Promise<void> {
    const { caches, clock, report } = this.#options;
    if (look.lease === undefined || !term.isLeading()) return;
    const result = await writeFreed(this.#options, look.lease, term.signal);
    if (result.kind === 'failed') {
      this.#fail(mine, look, { what: 'free the Lease', trouble: result.trouble });
      return;
    }
    const identity = look.facts.lease?.holder ?? '';
    mine.memory = rememberClear(mine.memory, { identity, path: evidence.path }, clock.nowMs());
    mine.failures = 0;
    caches.wrote(LeaseKind, result.written);
    report.freed(look, evidence, clock.nowMs() - heardAtMs);
    mine.again = true;
  }

  /** For a Lease that rests although its holder seems to live: perhaps a watch of ours is silent. */
  async #poll(mine: FailoverCase, term: LeadingTerm): Promise<void> {
    if ((await this.#lookLive(mine, term, {})) !== undefined) mine.again = true;
  }

  /** Reads live and lets the caches know; undefined: it failed, and is tried again later. */
  async #lookLive(
    mine: FailoverCase,
    term: LeadingTerm,
    node: { readonly nodeName?: string },
  ): Promise<Extract<LiveLook, { kind: 'seen' }> | undefined> {
    const look = this.#look(mine.key);
    const podName = mine.memory.binding?.podName ?? hostNameOf(mine.memory.holder?.identity ?? '');
    if (look === undefined || podName === undefined) return undefined;
    const { namespace } = mine.key;
    const { leaseName } = look.ha.election;
    const subject = { namespace, podName, leaseName, ...node };
    const seen = await lookAndLearn(this.#options, subject, term.signal);
    if (seen.kind === 'failed') {
      this.#fail(mine, look, { what: 'look at Pod, Lease and Node', trouble: seen });
      return undefined;
    }
    return seen;
  }

  /** Conflicts are no news: somebody else has written, and fresh facts decide. */
  #fail(mine: FailoverCase, look: FailoverLook, { what, trouble }: Failed): void {
    const { report } = this.#options;
    const { kind } = trouble.failure;
    if (kind === 'aborted') return;
    mine.failures += 1;
    if (kind !== 'conflict' && mine.failures === 1) report.failed(look, what, trouble);
    if (trouble.missingRight !== undefined) {
      this.noteRights(mine.key.namespace, trouble.missingRight);
    }
    this.#retry(mine);
  }

  /** Considered again after a pause that grows with the failures. */
  #retry(mine: FailoverCase): void {
    mine.cancel();
    if (!this.#leads()) return;
    const inMs = retryMs(mine.failures);
    mine.cancel = this.#options.clock.schedule(inMs, () => this.sense(mine.key));
  }

  #leads(): boolean {
    return this.#term?.isLeading() ?? false;
  }
}

/**
 * Whether the API server shows what was decided on. After a restore of the cluster version numbers are
 * given out anew, so the record has to be the same too.
 */
function isSameState(seen: KubeObject | undefined, cached: KubeObject): boolean {
  return (
    seen?.metadata.resourceVersion === cached.metadata.resourceVersion &&
    isDeepStrictEqual(seen?.spec, cached.spec)
  );
}

interface Decided {
  readonly decision: FailoverDecision;
  /** When the news came that led to it. */
  readonly heardAtMs: number;
}

interface Attempt {
  readonly term: LeadingTerm;
  readonly heardAtMs: number;
}

interface Write extends Attempt {
  readonly look: FailoverLook;
  readonly evidence: DeathEvidence;
}

interface Failed {
  readonly what: string;
  readonly trouble: Trouble;
}
