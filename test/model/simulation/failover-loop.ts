/**
 * The operator's failover loop (`operator/control/failover/loop.ts`) on virtual time, for one process of an
 * operator: the same steps in the same order, with the real decisions and the real pauses.
 *
 *   event, end of a wait, poll ──► facts from the caches ──► decideFailover
 *        ▲                                                      │ clear, and this operator leads
 *        └── conflict, newer facts ◄── one PUT ◄── decideFailover ◄── live GETs of Pod, Lease, Node
 */
import { NO_POLL, pauseAfter, retryMs } from '../../../operator/control/failover/pauses.ts';
import { decideFailover } from '../../../operator/decide/failover/failover.ts';
import { noFailoverMemory, rememberClear } from '../../../operator/decide/failover/memory.ts';
import type {
  DeathEvidence,
  FailoverDecision,
  FailoverFacts,
  FailoverMemory,
  FailoverPolicy,
} from '../../../operator/decide/failover/types.ts';
import { hostNameOf } from '../../../operator/decide/observed/holder-name.ts';
import { calendarMs, type MachineClock, trueMs } from './clock.ts';
import { type NodeState, readLive } from './live-read.ts';
import type { Call } from './network.ts';
import { OperatorCaches } from './operator-caches.ts';
import type { LeaseObject, Server } from './server.ts';
import type { World } from './world.ts';

export interface LoopContext {
  readonly world: World;
  readonly server: Server;
  readonly name: string;
  readonly policy: FailoverPolicy;
  readonly clock: MachineClock;
  readonly isLeading: () => boolean;
  /** A request of this process; it is not answered to one that has crashed. */
  readonly call: <T>(call: Omit<Call<T>, 'timeoutMs'>) => void;
  readonly onDecision: (decision: FailoverDecision, memory: FailoverMemory) => void;
  readonly onWrite: (write: ArrivedClear) => void;
  /** The same write, once this process knows that it was accepted. */
  readonly onAnswer: (write: ArrivedClear) => void;
}

/** A clear that has reached the server. */
export interface ArrivedClear {
  /** What stood there, and what stands there now. */
  readonly before: LeaseObject;
  readonly after: LeaseObject | 'conflict';
  readonly path: DeathEvidence['path'];
  /** Whose end was believed. */
  readonly containerId: string;
  /** The pod of the holder is being deleted, or gone. */
  readonly isGoing: boolean;
  /** Changes of the record under this holder that this process has seen since the report of its end. */
  readonly changesSinceReport: number;
  /** This process has seen the Lease without this holder, and with it again. */
  readonly hasLeft: boolean;
  readonly loop: FailoverLoop;
}

interface Considered {
  readonly facts: FailoverFacts;
  readonly decision: FailoverDecision;
}

export class FailoverLoop {
  readonly caches = new OperatorCaches();
  readonly context: LoopContext;
  #memory: FailoverMemory = noFailoverMemory;
  #poll = NO_POLL;
  /** Attempts in a row that did not get through. */
  #failures = 0;
  /** To be decided again when the attempt under way is done. */
  #again = false;
  readonly #listed = new Set<'pods' | 'lease'>();
  #isBusy = false;
  #isOver = false;
  /** Counted here once more: the decision's own count is what is to be checked. */
  readonly #left = new Set<string>();
  #holder = '';
  #version = 0;
  #sinceReport = { identity: '', report: '', text: '', changes: 0, atMs: 0 };
  /** Counts the timers, of which only the last one counts. */
  #timer = 0;

  constructor(context: LoopContext) {
    this.context = context;
  }

  /** The process has crashed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** On the operator's own monotonic clock. */
  get nowMs(): number {
    return this.context.clock.rate * this.context.world.nowMs;
  }

  /** A list has been told. */
  listed(what: 'pods' | 'lease'): void {
    this.#listed.add(what);
    this.onEvent();
  }

  /** A pod or the Lease has moved. Half a picture misleads, so not before both lists. */
  onEvent(): void {
    if (this.#listed.size === 2) this.#next(this.#decide('unasked'));
  }

  follow(): void {
    this.#timer += 1;
  }

  end(): void {
    this.#timer += 1;
    this.#isOver = true;
  }

  #decide(node: NodeState): Considered {
    const { nowMs } = this;
    const lease = this.caches.guardedLease(nowMs);
    const { policy, onDecision } = this.context;
    const facts = { policy, node, pods: this.caches.pods(nowMs), ...(lease && { lease }) };
    const { memory, decision } = decideFailover(this.#memory, facts, nowMs);
    this.#memory = memory;
    this.#countChanges(facts);
    onDecision(decision, memory);
    return { facts, decision };
  }

  #countChanges({ lease, pods }: FailoverFacts): void {
    const { binding } = this.#memory;
    if (lease !== undefined) {
      const isOlder = Number(lease.resourceVersion) < this.#version;
      if (lease.holder !== this.#holder && !isOlder) this.#left.add(this.#holder);
      this.#holder = lease.holder;
      this.#version = Number(lease.resourceVersion);
    }
    if (lease === undefined || binding?.identity !== lease.holder) return;
    const runs = pods
      .filter(({ uid }) => uid === binding.podUid)
      .flatMap(({ current, previous }) => [current, previous]);
    const ended = runs.find(
      (run) => run?.kind === 'ended' && run.containerId === binding.containerId,
    );
    const { identity, holder } = { identity: this.#sinceReport.identity, holder: lease.holder };
    const report = ended === undefined ? undefined : JSON.stringify(ended);
    if (identity !== holder || (report !== undefined && report !== this.#sinceReport.report)) {
      const said = report ?? '';
      const text = lease.record;
      this.#sinceReport = { identity: holder, report: said, text, changes: 0, atMs: 0 };
    } else if (this.#sinceReport.report !== '' && this.#sinceReport.text !== lease.record) {
      // A watch that was interrupted tells what it has missed in one breath: that is no pace of the living.
      const { changes, atMs } = this.#sinceReport;
      const isPaced = changes === 0 || this.nowMs - atMs >= this.context.policy.retryPeriodMs / 2;
      const counted = isPaced ? { changes: changes + 1, atMs: this.nowMs } : {};
      this.#sinceReport = { ...this.#sinceReport, text: lease.record, ...counted };
    }
  }

  #next({ facts, decision }: Considered): void {
    this.#timer += 1;
    if (!this.context.isLeading()) return;
    const { nowMs } = this;
    if (decision.kind === 'clear') this.#begin(() => this.#free());
    else {
      const paused = { facts, memory: this.#memory, poll: this.#poll, inTransition: false };
      const pause = pauseAfter(decision, paused, nowMs);
      if (pause?.poll !== undefined) this.#poll = pause.poll;
      if (pause !== undefined) {
        const isPoll = pause.poll !== undefined;
        this.#schedule(pause.inMs, () => {
          if (isPoll) this.#begin(() => this.#readForPoll());
          else this.onEvent();
        });
      }
    }
  }

  /** The one timer there is. */
  #schedule(inMs: number, run: () => void): void {
    const { world, clock } = this.context;
    this.#timer += 1;
    const timer = this.#timer;
    world.after(trueMs(clock, inMs), () => {
      if (timer === this.#timer) run();
    });
  }

  /** One attempt at a time; what comes meanwhile is considered afterwards. */
  #begin(attempt: () => void): void {
    if (this.#isBusy) this.#again = true;
    else {
      this.#isBusy = true;
      attempt();
    }
  }

  #done(): void {
    this.#isBusy = false;
    if (!this.#again) return;
    this.#again = false;
    this.onEvent();
  }

  /** Looks live, decides anew, and writes if the answer is still the same. */
  #free(): void {
    const { world, name } = this.context;
    world.note(() => `${name} looks before it clears`);
    this.#readLive(this.#memory.binding?.nodeName, (node, seen) => {
      const considered = this.#decide(node);
      const cached = this.caches.lease(this.nowMs);
      const isSeen = cached?.version === seen.version && cached.text === seen.text;
      if (considered.decision.kind === 'clear' && !isSeen) this.#fail();
      else if (considered.decision.kind === 'clear') this.#write(considered.decision.evidence);
      else {
        this.#next(considered);
        this.#done();
      }
    });
  }

  #write(evidence: DeathEvidence): void {
    const { world, server, name, clock, isLeading, call, onWrite, onAnswer } = this.context;
    const lease = this.caches.lease(this.nowMs);
    if (lease === undefined || !isLeading()) {
      this.#done();
      return;
    }
    const { holder, version, transitions } = lease;
    const { path, podName, podUid, containerId } = evidence;
    const time = calendarMs(clock, world.nowMs);
    const freed = { holder: '', durationS: 1, acquiredAtMs: time, renewedAtMs: time, transitions };
    world.note(() => `${name} clears ${holder} (${path}), version ${version}`);
    call<ArrivedClear>({
      request: () => {
        const before = server.lease;
        const after = server.putLease(version, freed, before.holder);
        const pod = server.pod(podName)?.pod;
        const isGoing = pod?.uid !== podUid || pod.deleting;
        const changesSinceReport = this.#sinceReport.changes;
        const seen = { changesSinceReport, hasLeft: this.#left.has(before.holder) };
        const write = { before, after, path, containerId, isGoing, ...seen, loop: this };
        onWrite(write);
        return write;
      },
      answer: (write) => {
        if (write === undefined || write.after === 'conflict') this.#fail();
        else {
          onAnswer(write);
          this.#freed(write.after, { identity: holder, path });
        }
      },
    });
  }

  #freed(written: LeaseObject, clear: Parameters<typeof rememberClear>[1]): void {
    this.#memory = rememberClear(this.#memory, clear, this.nowMs);
    this.#failures = 0;
    this.caches.leaseRead(written, this.nowMs);
    this.#again = true;
    this.#done();
  }

  /** For a Lease that rests although its holder seems to live. */
  #readForPoll(): void {
    this.#readLive(undefined, () => {
      this.#again = true;
      this.#done();
    });
  }

  #readLive(
    nodeName: string | undefined,
    seen: (node: NodeState, lease: LeaseObject) => void,
  ): void {
    const { binding, holder } = this.#memory;
    const podName = binding?.podName ?? hostNameOf(holder?.identity ?? '');
    if (podName === undefined) {
      this.#done();
      return;
    }
    const subject = { podName, ...(nodeName !== undefined && { nodeName }) };
    readLive(this.context, subject, (look) => {
      if (look === undefined) {
        this.#fail();
        return;
      }
      if (look.pod !== undefined) this.caches.podRead(look.pod, this.nowMs);
      this.caches.leaseRead(look.lease, this.nowMs);
      seen(look.node, look.lease);
    });
  }

  #fail(): void {
    this.#failures += 1;
    this.#schedule(retryMs(this.#failures), () => this.onEvent());
    this.#done();
  }
}
